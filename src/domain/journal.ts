/** How one change ended. `in-place`: seen to be there, never claimed as ours. No result: the outcome is unknown. */
export type ChangeResult = 'changed' | 'noop' | 'in-place' | 'failed' | 'not-in-place';

/** Intent before, result after: one row per attempt at one change. */
export interface JournalEntry {
  readonly changeId: string;
  /** `undo` is the rollback of a change within its own job. */
  readonly direction: 'apply' | 'undo';
  readonly attempt: number;
  readonly epoch: number;
  /** Order of the intents in the database. */
  readonly n: number;
  readonly intentAt: Date;
  readonly result?: ChangeResult;
  readonly resultAt?: Date;
  /** Where the old state was put; comes back to Rollback as a member of `$Change`. */
  readonly backupRef?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** The last entry of each change in one direction. */
export function latest(
  journal: readonly JournalEntry[],
  direction: 'apply' | 'undo',
): ReadonlyMap<string, JournalEntry> {
  const last = new Map<string, JournalEntry>();
  for (const entry of journal) {
    if (entry.direction !== direction) continue;
    const known = last.get(entry.changeId);
    if (!known || entry.attempt >= known.attempt) last.set(entry.changeId, entry);
  }
  return last;
}

/** Intents without a recorded result. */
export function openIntents(journal: readonly JournalEntry[]): readonly JournalEntry[] {
  return (['apply', 'undo'] as const).flatMap((direction) =>
    [...latest(journal, direction).values()].filter((entry) => entry.result === undefined),
  );
}

/** Whether changes that this job made are still in place. */
export function isPartial(journal: readonly JournalEntry[]): boolean {
  return madeAndNotUndone(journal).length > 0;
}

/** Changes that this job made and has not put back, in the order they were made. */
export function madeAndNotUndone(journal: readonly JournalEntry[]): readonly JournalEntry[] {
  const undone = latest(journal, 'undo');
  return [...latest(journal, 'apply').values()]
    .filter((entry) => entry.result === 'changed' && undone.get(entry.changeId)?.result !== 'changed')
    .sort((a, b) => a.n - b.n);
}
