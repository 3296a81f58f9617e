import type { RolloutGrant } from '../../../domain/rollout-grant.js';
import type { PlanList } from '../../../domain/rollout-list.js';
import { approvalsToResume, missingToResume } from '../../../domain/rollouts/resume.js';
import { rolloutDigest } from '../../../domain/rollouts/request.js';
import type { RolloutDecision, RolloutRecord } from '../../../ports/rollouts.js';
import type { RolloutAuthority } from './context.js';
import { listOf } from './listed-jobs.js';
import { aboutPauses, proofProblem } from './proof.js';

/** A rollout that was approved, by what was signed. */
export interface Running {
  readonly grant: RolloutGrant;
  readonly list: PlanList;
  /** The resumes that count and whose proof still holds, with those that wait for others. */
  readonly signed: readonly RolloutDecision[];
  /** Those of them that ended their pauses: accepted, and signed by as many people as it needs. */
  readonly resumes: readonly RolloutDecision[];
}

/** What a rollout runs under; undefined where no grant of it verifies, or its request or list is another than was approved. */
export async function runningGrant(context: RolloutAuthority, record: RolloutRecord): Promise<Running | undefined> {
  const { rollout, decisions, stops, list: bytes } = record;
  const verified = record.grant && context.rolloutGrants.verifyRollout(record.grant);
  if (!verified?.ok) return undefined;
  const grant = verified.value;
  const list = listOf(bytes, grant.root);
  if (!list || list.length !== grant.count || grant.requestSha256 !== rolloutDigest(rollout)) return undefined;
  const signed: RolloutDecision[] = [];
  for (const one of decisions) {
    if (one.kind !== 'resume' || (one.status !== 'accepted' && one.status !== 'counted')) continue;
    const problem = await proofProblem(context, one, aboutPauses(rollout.id, grant.jti, rollout.salt), false);
    if (problem === undefined) signed.push(one);
  }
  // That a row says accepted proves nothing: the people are counted anew.
  const counting = { stops, requester: grant.requester.id, needed: approvalsToResume(grant) };
  const resumes = signed.filter((one) => one.status === 'accepted' && missingToResume(one, signed, counting) === 0);
  return { grant, list, signed, resumes };
}
