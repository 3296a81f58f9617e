import type { Job } from '../../domain/job.js';
import type { JobView, Move } from '../../domain/move.js';
import { noted, queued } from '../../domain/moves.js';
import { planRisk } from '../../domain/plan.js';
import { grantPolicyDigest } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { envelopeDigest } from '../../domain/schedules/envelope.js';
import { standingUntil } from '../../domain/schedules/standing.js';
import { utcText } from '../../domain/time.js';
import { inJob } from '../../platform/spans.js';
import type { Standing } from '../../ports/standing.js';
import { serviceEvent } from '../facts.js';
import { admissionOf, admittedTarget } from '../in-force.js';
import { standingApproval, type InForce, type StandingContext } from '../standing/standing-approval.js';
import { trustedManifest, type AuthorityContext } from './authorise-decision.js';
import { earliestExecuteBy, makeGrant } from './make-grant.js';
import { planProblem } from './refusal.js';

/** What `authority` needs besides, to sign under standing approvals. */
export interface StandingAuthority extends AuthorityContext, Omit<StandingContext, keyof AuthorityContext> {
  readonly subjectAdmissions: AuthorityContext['subjectAdmissions'] & StandingContext['subjectAdmissions'];
  readonly standing: Standing;
}

/**
 * Judges the plan of a job that a schedule made: a grant where what people approved in advance covers it, else every reason why not,
 * and the job waits for people. Nothing is signed that a decision could not be signed for.
 */
export async function authoriseStanding(context: StandingAuthority, id: string): Promise<void> {
  const job = await context.jobs.get(id);
  if (job) await inJob(job, 'job.judge', () => judge(context, job));
}

async function judge(context: StandingAuthority, job: Job): Promise<void> {
  const people = await context.people.read();
  const rights = await context.rights.read();
  const manifest = await trustedManifest(context, job);
  const submission = await context.audit.submission(job.id);
  const admission = await admissionOf(context, job.runbook.contentDigest);
  const target = await admittedTarget(context, job.target);
  const { keyRequired } = context;
  const made = job.plan;
  if (!manifest || !made) return;
  const about = { job, plan: made.plan, manifest, rights, keyRequired, at: new Date() };
  const stopped = await stoppedReason(context, job);
  const approval = stopped === undefined ? await standingApproval(context, about) : fail([stopped]);
  await context.jobs.transition(job.id, (view) => {
    // Planned anew, or decided by people: what was judged is not what waits.
    if (!view.job.plan || view.job.plan.digest !== made.digest || view.job.state !== 'awaiting-approval')
      return fail({ kind: 'moved-on' as const });
    const expired = view.latest >= made.expiresAt ? 'approval-expired' : undefined;
    const planned = { ...view.job, plan: view.job.plan };
    const problem = planProblem(planned, { manifest, submission, admission, target }) ?? expired;
    const judged: Result<InForce, readonly string[]> = problem === undefined ? approval : fail([`code ${problem}`]);
    if (!judged.ok) return ok(notCovered(context, view, judged.error));
    return ok(covered(context, view, manifest, judged.value, grantPolicyDigest(people, rights)));
  });
}

/**
 * A schedule that people stopped gets no grant without them. After a restore from a backup every schedule is paused, and nobody knows
 * which of its instants were used up since. An instant is used up by one grant: what drifts after it is for people.
 */
async function stoppedReason(
  { schedules, standing }: StandingAuthority,
  { schedule: firing }: Job,
): Promise<string | undefined> {
  const status = firing && (await schedules.find(firing.id))?.status;
  if (status === 'paused' || status === 'removed') return `the schedule is ${status}`;
  // Judged here, since a grant of this instant would never be stored: the plan would be judged again and again.
  const isUsedUp = firing !== undefined && (await standing.isUsedUp(firing));
  return isUsedUp ? 'the instant is used up: a grant was given for it before' : undefined;
}

function notCovered(context: StandingAuthority, { job }: JobView, reasons: readonly string[]): Move {
  const { plan, schedule: firing } = job;
  if (!plan || !firing) throw new Error(`job ${job.id} has no plan of a schedule`);
  const data = { planSha256: plan.digest, reasons: [...reasons] };
  const changes = plan.plan.changes.length;
  return noted(job, {
    set: { detail: `not covered by a standing approval: ${reasons.join('; ')}` },
    events: [serviceEvent(context.newId, 'authority', 'job.not-covered', job, { outcome: 'denied', data })],
    writes: [{ kind: 'standing', planDigest: plan.digest, firing, changes, reasons }],
  });
}

function covered(
  context: StandingAuthority,
  { job, now }: JobView,
  manifest: NonNullable<Awaited<ReturnType<typeof trustedManifest>>>,
  { statement, envelope }: InForce,
  policyDigest: string,
): Move {
  const { plan, schedule: firing } = job;
  if (!plan || !firing) throw new Error(`job ${job.id} has no plan of a schedule`);
  const most = earliestExecuteBy([], manifest, now, job.window);
  const until = standingUntil(envelope, job, now);
  const executeBy = until < most ? until : most;
  const sha256 = envelopeDigest(envelope);
  const standing = {
    ...{ schedule: firing.id, instant: utcText(firing.instant) },
    ...{ admission: statement.id, envelopeSha256: sha256 },
  };
  const { onFailure } = manifest;
  const grant = makeGrant(context, job, plan, manifest, [], policyDigest, now, executeBy, onFailure, { standing });
  const changes = plan.plan.changes.length;
  const data = {
    ...{ grant: grant.bytes, signature: grant.signature, kid: grant.kid, jti: grant.jti },
    ...{ planSha256: plan.digest, executeBy: utcText(executeBy), risk: planRisk(plan.plan.changes, manifest) },
    standing: statement.id,
  };
  const allowed = { sha256, most: envelope.most.inAll };
  return queued(3, {
    set: { grantJti: grant.jti, executeBy, onFailure, until: null },
    events: [serviceEvent(context.newId, 'authority', 'job.approved', job, { data })],
    writes: [
      { kind: 'grant', grant },
      { kind: 'standing', planDigest: plan.digest, firing, envelope: allowed, changes, jti: grant.jti, reasons: [] },
    ],
  });
}
