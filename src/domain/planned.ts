import type { ValueObject } from './canonical.js';

/**
 * The supplied value `planned`: null in the first Detect of a job, afterwards the locks of its plan. A Detect that found its objects by a
 * name or a search goes by these ids from then on, because the change itself may be to that name.
 */
const NAME = 'planned';

/** The supplied values once the plan is made: its objects are fixed. Without the value where the runbook does not ask for it. */
export function withPlanned(supplied: ValueObject, locks: readonly string[]): ValueObject {
  return Object.hasOwn(supplied, NAME) ? { ...supplied, [NAME]: { locks, undo: false } } : supplied;
}

/** The supplied values of a rollback: those of its original, which is undone. */
export function undoing(supplied: ValueObject): ValueObject {
  const planned = supplied[NAME];
  if (planned === undefined || planned === null) return supplied;
  return { ...supplied, [NAME]: { ...(planned as ValueObject), undo: true } };
}
