import { ensureFolder, PRIVATE_FOLDER } from '../../platform/own-files.js';
import { processStartTime } from '../../platform/process-start-time.js';
import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LateResult, ResultSpool } from '../../ports/result-spool.js';

export interface SpoolOptions {
  /** Folder of the spool; made with mode 0700. */
  readonly directory: string;
  readonly log?: (message: string) => void;
}

/** `<host>-<pid>-<start of the process>-<number>.json` */
const NAME = /^.+-(\d+)-(\d+)-\d+\.json(\.new)?$/;

/**
 * One file a result, mode 0600, whole and on disk (file and folder synced) before `keep` resolves: written beside its name, then
 * renamed. What a crash cut short was never promised; it is left out and said, as is a file that does not fit its digest.
 */
export function createResultSpool({ directory, log = () => undefined }: SpoolOptions): ResultSpool {
  let kept = 0;
  let draining: Promise<unknown> = Promise.resolve();
  const files = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    const started = new Map<number, string | undefined>([[process.pid, undefined]]);
    for (const name of (await readdir(directory).catch(() => [])).sort(inOrder)) {
      const [, pid, start, unfinished] = NAME.exec(name) ?? [];
      if (pid === undefined || start === undefined) continue;
      const owner = Number(pid);
      if (!started.has(owner)) started.set(owner, await processStartTime(owner));
      // What another living worker holds is its own to merge.
      if (started.get(owner) === start) continue;
      if (unfinished === undefined) found.push(join(directory, name));
      else if (owner !== process.pid) await drop(join(directory, name));
    }
    return found;
  };
  const drop = async (file: string) => {
    log(`spool: ${file} is not whole and was left out`);
    await rm(file, { force: true });
  };
  return {
    async keep(result) {
      ensureFolder(directory, PRIVATE_FOLDER);
      const own = `${hostname()}-${process.pid}-${(await processStartTime(process.pid)) ?? 0}`;
      const file = join(directory, `${own}-${(kept += 1)}.json`);
      const text = JSON.stringify(result);
      await writeDurably(`${file}.new`, `${digestOf(text)} ${text}\n`);
      await rename(`${file}.new`, file);
      await sync(directory);
    },
    drain(merge) {
      const next = draining.then(async () => {
        let taken = 0;
        for (const file of await files()) {
          const result = await read(file);
          if (result) await merge(result);
          if (result) await rm(file, { force: true });
          else await drop(file);
          taken += result ? 1 : 0;
        }
        return taken;
      });
      draining = next.catch(() => undefined);
      return next;
    },
  };
}

/** By process, then by number: the order in which they arrived. */
function inOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function read(file: string): Promise<LateResult | undefined> {
  const text = await readFile(file, 'utf8');
  const json = text.slice(17, -1);
  const whole = text[16] === ' ' && text.endsWith('\n') && digestOf(json) === text.slice(0, 16);
  return whole ? (JSON.parse(json) as LateResult) : undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is there after a power loss only if its folder was synced too. */
async function sync(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
