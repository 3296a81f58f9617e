import { readFileSync } from 'node:fs';

/** Whether a process runs. A child that ended and that nobody has waited for counts as ended. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
