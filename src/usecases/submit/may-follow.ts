import type { Job } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';

export type FollowFailure = { readonly kind: 'precondition-missing'; readonly why: string };

/**
 * Whether a job may follow the one it names: a runbook that the manifest lists, of the same person, carried out, and on the same
 * target or on the one that this target serves (its setting `directory`). The answer does not reveal that another person's job exists.
 */
export function mayFollow(
  { follows = [], runsOn, id }: Pick<Manifest, 'follows' | 'runsOn' | 'id'>,
  target: Target,
  person: string,
  named: Job | undefined,
): Result<undefined, FollowFailure> {
  const missing = (why: string) => fail({ kind: 'precondition-missing', why } as const);
  if (!named || named.requester.id !== person) return missing('You have no job of this id.');
  if (named.kind !== 'remediation' || !follows.includes(named.runbook.id))
    return missing(`${id} follows ${follows.length === 0 ? 'no other runbook' : follows.join(' or ')}.`);
  if (named.state !== 'succeeded') return missing(`${named.runbook.id} has not succeeded: it is ${named.state}.`);
  const same = runsOn.kinds.includes(named.target.kind)
    ? named.target.id === target.id
    : named.target.name === target.settings.directory;
  if (!same)
    return missing(`${named.runbook.id} ran on ${named.target.name}, which is not what ${target.name} serves.`);
  return ok(undefined);
}
