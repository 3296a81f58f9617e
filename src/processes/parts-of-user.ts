import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Part, ProductionFacts } from '../domain/production.js';

/** The script of a part, as it stands in the arguments of its process. */
const SCRIPT = /(?:^|\/)(?:src\/processes\/(api|authority)|workers\/(main))\.[jt]s$/;

/** The parts of Fixpoint that run as a user now, this process left out. None where the system does not list its processes. */
export function partsOfUser(uid: number): ProductionFacts['sameUser'] {
  const pids = entries('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const part = partOf(pid, uid);
    return part === undefined ? [] : [{ part, pid: Number(pid) }];
  });
}

function partOf(pid: string, uid: number): Part | undefined {
  try {
    if (statSync(`/proc/${pid}`).uid !== uid) return undefined;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const at = words.findIndex((word) => SCRIPT.test(word));
    const [, part, worker] = SCRIPT.exec(words[at] ?? '') ?? [];
    if (worker !== undefined) return words[at + 1] === 'relay' ? 'relay' : 'worker';
    return part === 'api' || part === 'authority' ? part : undefined;
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
