import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends a process and everything that it started, at once. node-powershell gives the engine no process group of its own, so the
 * tree is read from `/proc`; elsewhere only the process itself ends. The parent is stopped first, so that it starts nothing more.
 */
export function killTree(pid: number): void {
  signal(pid, 'SIGSTOP');
  const all = [pid, ...descendants(pid)];
  for (const each of all) signal(each, 'SIGKILL');
}

function descendants(pid: number): readonly number[] {
  const children = threads(pid).flatMap((thread) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
      return text.split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function threads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
