import { digestedVoteMessage } from '../../domain/admission-request.js';
import type { AdmittingPerson } from '../../domain/admitting-person.js';
import { signedProblem } from '../../domain/decision-proof.js';
import type { Job } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import { approvalsRequired, type Plan } from '../../domain/plan.js';
import { runbookFacts } from '../../domain/policy/request.js';
import type { Rights } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { envelopeDigest, readEnvelope, type Envelope } from '../../domain/schedules/envelope.js';
import { misfits } from '../../domain/schedules/standing.js';
import { standingStepDigest } from '../../domain/standing-step.js';
import { latestAdmission, type SubjectAdmission } from '../../domain/subject-admission.js';
import type { SubjectAdmissions } from '../../ports/admissions.js';
import type { PeopleSource } from '../../ports/people.js';
import type { PersonKeys, PersonKeyVerifier } from '../../ports/person-keys.js';
import type { Schedules } from '../../ports/schedules.js';
import type { Standing } from '../../ports/standing.js';
import type { AdmissionContext } from '../in-force.js';
import { jobFacts } from '../job-rights.js';
import { registeredKey } from '../keys/registered-key.js';

/** What `authority` and the worker judge a standing approval by. Each reads all of it as its own role. */
export interface StandingContext extends Pick<AdmissionContext, 'admissionRules'> {
  readonly subjectAdmissions: Pick<SubjectAdmissions, 'of' | 'contentOf'>;
  readonly schedules: Pick<Schedules, 'find'>;
  readonly standing: Pick<Standing, 'used'>;
  readonly people: PeopleSource;
  readonly keys: Pick<PersonKeys, 'byKid'>;
  readonly registrations: PersonKeyVerifier;
}

/** The envelope that counts for a schedule, with the statement that says so. */
export interface InForce {
  readonly statement: SubjectAdmission;
  readonly envelope: Envelope;
}

/** The envelope that people approved last and nobody withdrew. The row is a claim: signature and digest decide. */
export async function envelopeInForce(
  { subjectAdmissions, admissionRules }: Pick<StandingContext, 'subjectAdmissions' | 'admissionRules'>,
  schedule: string,
): Promise<InForce | undefined> {
  const rules = admissionRules();
  if (!rules) return undefined;
  const stored = await subjectAdmissions.of('standing', schedule);
  const statement = latestAdmission(stored, 'standing', schedule, rules.verifySubject);
  if (!statement || statement.sha256 === null) return undefined;
  const envelope = readEnvelope(await subjectAdmissions.contentOf(statement.id));
  return envelope && envelopeDigest(envelope) === statement.sha256 ? { statement, envelope } : undefined;
}

/** What is judged: a job with its plan, under rights and a manifest that the caller trusts. */
export interface Covered {
  readonly job: Job;
  readonly plan: Plan;
  readonly manifest: Manifest;
  readonly rights: Rights;
  /** Whether only signatures count: in production. */
  readonly keyRequired: boolean;
  readonly at: Date;
}

/** The standing approval that covers a plan, or every reason why none does. */
export async function standingApproval(
  context: StandingContext,
  covered: Covered,
): Promise<Result<InForce, readonly string[]>> {
  const { job, plan, manifest, at } = covered;
  const inForce = job.schedule && (await envelopeInForce(context, job.schedule.id));
  if (!job.schedule || !inForce) return fail(['there is no standing approval for the schedule']);
  const { statement, envelope } = inForce;
  const schedule = await context.schedules.find(job.schedule.id);
  const used = await context.standing.used(envelopeDigest(envelope), job.id);
  const reasons = [
    ...(await peopleReasons(context, statement, covered)),
    ...misfits(envelope, { job, plan, manifest, schedule, used, at }),
  ];
  return reasons.length === 0 ? ok(inForce) : fail(reasons);
}

/** Why the people of a statement do not suffice: their signatures, that they still may approve, and their number. */
async function peopleReasons(
  context: StandingContext,
  statement: SubjectAdmission,
  { job, plan, manifest, rights, keyRequired }: Covered,
): Promise<readonly string[]> {
  const { by, request, subjectId, before, sha256 } = statement;
  if (request.contentDigest !== standingStepDigest(subjectId, before, sha256))
    return ['the people signed for another envelope'];
  const reasons: string[] = [];
  for (const [i, one] of by.entries()) {
    const code = await signatureProblem(
      context,
      one,
      request.contentDigest,
      i === 0 ? 'request' : 'confirm',
      keyRequired,
    );
    if (code !== undefined)
      reasons.push(`the word of ${one.person.name} for the standing approval does not hold: ${code}`);
  }
  const people = await context.people.read();
  const [asker, ...confirmers] = by.map(({ person }) => person.id);
  const approvers = new Set(confirmers.filter((id) => id !== asker && id !== job.requester.id));
  for (const id of approvers) {
    const person = people.find(id);
    const may = person && !rights.denial({ action: 'decide', ...jobFacts(person, job, manifest) });
    if (!may) reasons.push('an approver of the standing approval may no longer approve this');
  }
  const about = { target: job.target, runbook: runbookFacts(manifest) };
  const needed = rights.approvals(approvalsRequired(plan.changes, manifest), about);
  if (approvers.size < needed)
    reasons.push(`${needed} approvals are needed, and the standing approval has ${approvers.size}`);
  return reasons;
}

async function signatureProblem(
  context: StandingContext,
  { person, proof, reasonSha256 }: AdmittingPerson,
  contentDigest: string,
  decision: 'request' | 'confirm',
  keyRequired: boolean,
): Promise<string | undefined> {
  if (proof.kind === 'token') return keyRequired ? 'key-required' : undefined;
  const registered = await registeredKey(context, { kid: proof.kid });
  const facts = { kind: 'approve-standing', about: '', contentDigest, decision, reasonDigest: reasonSha256 } as const;
  return signedProblem(proof, digestedVoteMessage(facts, proof), person.id, registered);
}
