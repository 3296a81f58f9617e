import type { KeyProof } from '../../domain/decision-proof.js';
import type { OnFailure } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { listBytes } from '../../domain/rollout-list.js';
import type { RolloutDecision, StoredRollout } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';
import { onceJudged } from '../once-judged.js';
import { listToDecide } from './plan-list.js';
import { refusedAs, type RolloutDecisionFailure } from './refused-as.js';

interface Said {
  readonly reason: string;
  /** The signature of the person's own key; without it the token is the proof. */
  readonly proof?: KeyProof;
}

export interface ListDecision extends Said {
  readonly decision: 'approve' | 'reject';
  /** Of the list that the person saw. */
  readonly root: string;
  readonly executeBy?: Date;
  readonly onFailure?: OnFailure;
}

export interface Resume extends Said {
  /** Ids of the pauses that end. */
  readonly ends: readonly string[];
  /** Indexes of items that are left out and whose results count no more. */
  readonly exclude: readonly number[];
}

/** Records what an approver decided about exactly the list that they saw. It grants nothing: `authority` judges the row and signs. */
export async function decideRollout(
  context: ApiContext,
  actor: Actor,
  id: string,
  { decision: kind, root, reason, proof, executeBy, onFailure }: ListDecision,
): Promise<Result<StoredRollout, RolloutDecisionFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const record = await context.rollouts.record(id);
  if (!record) return fail({ kind: 'rollout-not-found' });
  const { rollout, now } = record;
  if (rollout.status !== 'open') return fail({ kind: 'rollout-ended' });
  if (kind === 'approve' && rollout.requester.id === actor.person.id) return fail({ kind: 'own-request' });
  if (executeBy && executeBy <= now) return fail({ kind: 'execute-by' });
  // A list that another approver decided about is kept; every other must be the one that waits now.
  let list = await context.rollouts.planList(id, root);
  if (list === undefined) {
    const manifest = await context.catalogue.manifest(rollout.runbook.contentDigest);
    const current = manifest && (await listToDecide(context, record, manifest));
    if (current?.root !== root || current.list.length === 0)
      return fail({ kind: 'list-changed', current: current?.root ?? '' });
    list = listBytes(current.list);
  }
  const row = {
    ...{ id: context.newId(), rollout: id, kind, root, ends: [], exclude: [], person: actor.person, reason },
    ...{ proof: proof ?? ({ kind: 'token', tokenId: actor.tokenId } as const), decidedAt: now },
    ...(executeBy ? { executeBy } : {}),
    ...(onFailure ? { onFailure } : {}),
  };
  return recordDecision(context, row, list);
}

/** Records that a person ends pauses; `authority` judges who has to, and whether it may go on. */
export async function resumeRollout(
  context: ApiContext,
  actor: Actor,
  id: string,
  { ends, exclude, reason, proof }: Resume,
): Promise<Result<StoredRollout, RolloutDecisionFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const record = await context.rollouts.record(id);
  if (!record) return fail({ kind: 'rollout-not-found' });
  if (record.rollout.status === 'ended' || !record.grant) return fail({ kind: 'rollout-ended' });
  return recordDecision(context, {
    ...{ id: context.newId(), rollout: id, kind: 'resume', ends, exclude, person: actor.person, reason },
    ...{ proof: proof ?? { kind: 'token', tokenId: actor.tokenId }, decidedAt: record.now },
  });
}

/** Writes the row and waits a little for its judgement, so that the caller sees where the rollout is. */
async function recordDecision(
  context: ApiContext,
  row: Omit<RolloutDecision, 'status' | 'code'>,
  list?: string,
): Promise<Result<StoredRollout, RolloutDecisionFailure>> {
  if (!(await context.rollouts.decide(row, list))) return fail({ kind: 'already-decided' });
  const judged = await onceJudged(
    () => context.rollouts.findDecision(row.id),
    (found) => found?.status !== 'pending',
  );
  if (judged?.status === 'refused') return fail(refusedAs(judged.code));
  const rollout = await context.rollouts.get(row.rollout);
  return rollout ? ok(rollout) : fail({ kind: 'rollout-not-found' });
}
