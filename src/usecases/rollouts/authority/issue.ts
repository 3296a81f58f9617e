import type { Code } from '../../../domain/codes/index.js';
import { approvedRollout, type GrantedRollout } from '../../../domain/grant.js';
import type { Manifest } from '../../../domain/manifest.js';
import { queued } from '../../../domain/moves.js';
import { approvalsRequired, planRisk } from '../../../domain/plan.js';
import { runbookFacts } from '../../../domain/policy/request.js';
import { fail, ok } from '../../../domain/result.js';
import { rolloutProofProblem } from '../../../domain/rollout-decision.js';
import type { RolloutGrant } from '../../../domain/rollout-grant.js';
import { listProofs, type PlanList } from '../../../domain/rollout-list.js';
import { approvalsForList } from '../../../domain/rollouts/limits.js';
import { utcText } from '../../../domain/time.js';
import { earliestExecuteBy, makeGrant } from '../../decide/make-grant.js';
import { serviceEvent } from '../../facts.js';
import { jobFacts } from '../../job-rights.js';
import { verifiedKey } from '../../keys/registered-key.js';
import type { RolloutAuthority } from './context.js';
import { itemProblem, type Planned } from './listed-jobs.js';

export interface Issue {
  readonly grant: RolloutGrant;
  readonly list: PlanList;
  readonly manifest: Manifest;
  /** Of a rollback: id of the rollout that it undoes. */
  readonly undone: string | undefined;
  readonly wave: number;
  readonly position: number;
}

/** Signs the grant of one item and queues its job, or says why the item may not be started. */
export async function issueChild(context: RolloutAuthority, issue: Issue): Promise<Code | undefined> {
  const { grant, list, manifest, position, undone } = issue;
  const listed = list[position];
  const found = listed && (await context.jobs.get(listed.job));
  if (!listed || !found?.plan || found.plan.digest !== listed.plan) return 'plan-changed';
  const job: Planned = { ...found, plan: found.plan };
  const problem = (await itemProblem(context, job, manifest, undone)) ?? (await approversProblem(context, job, issue));
  if (problem !== undefined) return problem;
  const rollout = placeOf(issue);
  // What moved on meanwhile shows in the next look at the rollout.
  await context.jobs.transition(job.id, ({ job: current, now, latest }) => {
    const { plan } = current;
    const waits = current.state === 'awaiting-approval' && plan?.digest === listed.plan && latest < plan.expiresAt;
    if (!waits || latest >= new Date(grant.until)) return fail({ kind: 'moved-on' as const });
    const most = earliestExecuteBy([], manifest, now, current.window).getTime();
    const executeBy = new Date(Math.min(most, Date.parse(grant.until)));
    const { onFailure, approvals, policySha256 } = grant;
    const child = makeGrant(context, current, plan, manifest, approvals, policySha256, now, executeBy, onFailure, {
      rollout,
    });
    const approved = {
      ...{ grant: child.bytes, signature: child.signature, kid: child.kid, jti: child.jti, planSha256: plan.digest },
      ...{ executeBy: utcText(executeBy), risk: planRisk(plan.plan.changes, manifest) },
      ...{ rollout: grant.rollout, wave: issue.wave },
    };
    return ok(
      queued(5, {
        set: { grantJti: child.jti, executeBy, onFailure, until: null },
        events: [serviceEvent(context.newId, 'authority', 'job.approved', current, { data: approved })],
        writes: [{ kind: 'grant', grant: child }],
      }),
    );
  });
  return undefined;
}

function placeOf({ grant, list, position, wave }: Issue): GrantedRollout {
  const [proof = []] = listProofs(list, [position]);
  const { rollout: id, jti, requestSha256, root, count } = grant;
  return { id, grant: jti, requestSha256, root, count, index: list[position]?.index ?? -1, position, proof, wave };
}

/** Why the approvals of the list do not count for this item any more: rights, keys and their number are judged anew. */
async function approversProblem(
  context: RolloutAuthority,
  job: Planned,
  { grant, manifest }: Issue,
): Promise<Code | undefined> {
  const people = await context.people.read();
  const rights = await context.rights.read();
  const place = { id: grant.rollout, requestSha256: grant.requestSha256, root: grant.root, count: grant.count };
  const approvers = new Set<string>();
  for (const { person: by, proof, reasonSha256 } of grant.approvals) {
    const person = people.find(by.id);
    if (!person || rights.denial({ action: 'decide', ...jobFacts(person, job, manifest) }))
      return 'approver-lost-rights';
    if (proof.kind === 'key') {
      const key = verifiedKey(context.registrations, await context.keys.byId(proof.registration));
      const problem = rolloutProofProblem(proof, approvedRollout(place, reasonSha256, proof), by.id, key);
      if (problem !== undefined) return problem;
    } else if (context.keyRequired) return 'key-required';
    approvers.add(by.id);
  }
  const about = { target: job.target, runbook: runbookFacts(manifest) };
  const demanded = rights.approvals(approvalsRequired(job.plan.plan.changes, manifest), about);
  return approvers.size < approvalsForList(grant.count, demanded) ? 'approvals-missing' : undefined;
}
