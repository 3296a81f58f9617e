import type { Salt } from './digest.js';
import { changeId, type Change } from './plan.js';
import { madeAndNotUndone, type JournalEntry } from './journal.js';

/** The changes that put back what a job made, newest first; `undoes` names the original. `salt`: of the job that puts them back. */
export function undoChanges(
  granted: readonly Change[],
  journal: readonly JournalEntry[],
  salt: Salt,
): readonly Change[] {
  return [...madeAndNotUndone(journal)].reverse().flatMap((entry) => {
    const original = granted.find(({ id }) => id === entry.changeId);
    return original ? [undoOf(original, entry.backupRef, salt)] : [];
  });
}

function undoOf(original: Change, backupRef: string | undefined, salt: Salt): Change {
  const { resource, property, before, after, action, label } = original;
  const named = label === undefined ? {} : { label };
  const swapped = { resource, property, before: after, after: before, action, ...named };
  const backup = backupRef === undefined ? {} : { backupRef };
  return { id: changeId(swapped, salt), ...swapped, undoes: original.id, ...backup };
}

/**
 * What a fresh plan of the original lists of the properties that are to be put back: such a property is not as the original left it.
 * The original's own change is in the list where the property is as before the original.
 */
export function notInPlace(undo: readonly Change[], listed: readonly Change[]): readonly Change[] {
  return listed.filter(({ resource, property }) =>
    undo.some((change) => change.resource === resource && change.property === property),
  );
}

/** What Rollback.ps1 gets for a change: the original as it was granted, with where its old state was put. */
export function originalOf(undo: Change): Change {
  const { resource, property, before, after, action, undoes, backupRef } = undo;
  return {
    id: undoes ?? undo.id,
    resource,
    property,
    before: after,
    after: before,
    action,
    ...(backupRef === undefined ? {} : { backupRef }),
  };
}
