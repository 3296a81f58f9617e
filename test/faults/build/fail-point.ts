import { appendFileSync } from 'node:fs';

/**
 * Lives in the instrumented build only. The environment says which points are armed and what happens at the first of them that is
 * reached: `kill` (SIGKILL to ourselves), `stop` (SIGSTOP to ourselves) or `hold:<ms>` (the whole process stands still, as in a
 * long pause of a virtual machine). Every point reached is noted once a process.
 */
const armed = new Set((process.env.FAULTS_ARMED ?? '').split(',').filter(Boolean));
const [act = 'kill', ms = '0'] = (process.env.FAULTS_ACT ?? 'kill').split(':');
const notes = process.env.FAULTS_NOTES;
const reached = new Set<string>();
/** Reached this many times before it acts. */
let spared = Number(process.env.FAULTS_SPARE ?? '0');

function reach(name: string): void {
  if (!reached.has(name)) {
    reached.add(name);
    note(`reached ${name}`);
  }
  if (!armed.has(name)) return;
  if (spared > 0) {
    spared -= 1;
    return;
  }
  armed.clear();
  note(`acted ${name} ${Date.now()}`);
  if (act === 'hold') {
    stand(Number(ms));
    return;
  }
  process.kill(process.pid, act === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  // A signal to oneself is delivered soon, not at once: nothing more may happen meanwhile.
  stand(act === 'stop' ? 50 : 60_000);
}

function stand(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

function note(line: string): void {
  if (notes !== undefined) appendFileSync(notes, `${line}\n`);
}

export function before(name: string): void {
  reach(name);
}

export function after<T>(name: string, value: T): T {
  if (typeof (value as { then?: unknown } | undefined)?.then !== 'function') {
    reach(name);
    return value;
  }
  return (value as unknown as Promise<unknown>).then((result) => {
    reach(name);
    return result;
  }) as unknown as T;
}
