import type { AuditAction } from '../../domain/audit.js';
import { digestOfTarget, type Target } from '../../domain/target.js';

export const TARGET_EVENTS = {
  added: 'target.created',
  changed: 'target.changed',
  removed: 'target.deleted',
} as const satisfies Record<string, AuditAction>;

/** What an event says about a target: which, and the digests of its form before and after; null: there was, or is, none. */
export function targetEventData(
  { id, name }: Pick<Target, 'id' | 'name'>,
  before: string | null,
  after: string | null,
) {
  return { targetId: id, targetName: name, before, after };
}

/** The same of targets that are at hand. */
export function targetFacts(before: Target | undefined, after: Target | undefined) {
  const named = after ?? before;
  if (!named) throw new Error('an event about a target needs one');
  return { data: targetEventData(named, digest(before), digest(after)) };
}

const digest = (target: Target | undefined) => (target ? digestOfTarget(target) : null);
