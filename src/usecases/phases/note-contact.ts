import type { Result } from '../../domain/result.js';
import type { WorkerContext } from '../worker-context.js';
import type { OpenRunspaceFailure } from './run-phase.js';

/** Notes what the opening of a session says about its target. A failure before anything was sent there says nothing. */
export function noteContact(
  { targetStatuses }: Pick<WorkerContext, 'targetStatuses'>,
  targetId: string,
  opened: Result<unknown, OpenRunspaceFailure>,
): void {
  if (opened.ok) return targetStatuses.noteContact(targetId);
  const { error } = opened;
  if (error.kind === 'unreachable') return targetStatuses.noteContact(targetId, error.kind);
  if (error.kind === 'refused') targetStatuses.noteContact(targetId, error.code);
}
