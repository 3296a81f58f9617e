import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Account } from './accounting.js';
import type { BenchTarget, BenchTargets } from './targets.js';

/**
 * Connections are new in a round, or those of the round before are used where the way keeps any. `plan`: what Fixpoint does before its
 * approval, which the others do not do.
 */
export type Contact = 'plan' | 'first' | 'later';

/** One way of doing the same work: reads a text on each server, sets it where it is another, and reads it again. */
export interface Way {
  readonly name: string;
  /** How many servers at once; `--calibrate` tries others. */
  readonly atOnce: number;
  readonly contacts: readonly Contact[];
  start(targets: BenchTargets, atOnce: number, controller: Account): Promise<RunningWay>;
}

export interface RunningWay {
  /**
   * @param text what the servers shall have; another one each round
   * @param measured is given the work that counts, as that of the contact or as another
   */
  round(
    targets: readonly BenchTarget[],
    text: string,
    contact: Contact,
    measured: (work: () => Promise<void>, as?: Contact) => Promise<void>,
  ): Promise<void>;
  stop(): Promise<void>;
}

/** A child that answers each line with `done`; another line is what failed. */
export function lineByLine(child: ChildProcess, name: string): (line: string) => Promise<void> {
  if (!child.stdout || !child.stdin) throw new Error(`${name} has no pipes`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (line) => {
    child.stdin?.write(`${line}\n`);
    const { value, done } = (await lines.next()) as { value: string; done?: boolean };
    if (done) throw new Error(`${name} ended`);
    if (value !== 'done') throw new Error(`${name}: ${value}`);
  };
}
