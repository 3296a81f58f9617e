import { GENESIS, linkHash, parseEvent, type AuditEvent, type ChainedEvent } from './audit.js';
import type { Value } from './canonical.js';
import { subjectOf } from './claims.js';
import { writes } from './audit-writers.js';
import { textsIn } from './event-shape.js';
import { reasonDigest } from './digest.js';
import type { Grant, SignedGrant } from './grant.js';
import type { Job } from './job.js';
import type { DecisionRow } from './move.js';
import type { PersonRef } from './people.js';
import { planDigest, changeId, type Change, type Plan } from './plan.js';
import { jobDigest, submittedAs } from './request.js';
import type { Result } from './result.js';

/** What the database holds of a job. It proves nothing by itself: each value counts only where a chained event commits to it. */
export interface JobRecord {
  readonly job: Job;
  /** The bytes of each plan, by its digest. */
  readonly plans: ReadonlyMap<string, string>;
  readonly decisions: readonly Pick<DecisionRow, 'planDigest' | 'person' | 'reason'>[];
  /** The chained `job.submitted`, `job.approved` and `values.erased` events of the job, oldest first. */
  readonly links: readonly ChainedEvent[];
}

/** One event with what it means: who decided, what changed, and whether all of that was verified. */
export interface AuditLine {
  readonly event: AuditEvent;
  /** Whom or what the job is for, as its requester named it. */
  readonly subject: string | null;
  readonly change: AuditedChange | null;
  readonly decision: AuditedDecision | null;
  /** Of a rejection and of an erasure: why its actor did it. Null for other events, and where the values were erased since. */
  readonly reason: string | null;
  /** The values of the job were erased: what they were is not shown. */
  readonly erased: boolean;
  /** Why the line is not verified; null where it is. */
  readonly problem: string | null;
}

export interface AuditedChange {
  readonly resource: string;
  /** What people call the resource, as the approver read it. */
  readonly label?: string;
  readonly property: string;
  readonly before: Value;
  readonly after: Value;
  readonly action: string;
  /** Of a `change.result`: how the attempt ended. */
  readonly result: string | null;
}

export interface AuditedDecision {
  readonly requester: Pick<PersonRef, 'id' | 'name'>;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Who approved the plan in force at the time of the event, and when; none before an approval. */
  readonly approvals: readonly {
    readonly person: Pick<PersonRef, 'id' | 'name'>;
    readonly at: string;
    readonly reason: string | null;
  }[];
}

/** Judges a grant; `seq` is the event of the audit log in which it stands. */
export type VerifyGrant = (signed: SignedGrant, seq?: number) => Result<Grant, { readonly why: string }>;

/** An event as it is stored, with its link where it has one. */
export type StoredEvent = Pick<ChainedEvent, 'event' | 'writer'> & Partial<ChainedEvent>;

/**
 * Reads one event together with the record of its job, and verifies what the line says: its own link, the signature of the grant in
 * force, and that plan, request and reasons are the ones that the chained events commit to. That the chain as a whole is complete is
 * for the verifier of the log to say.
 */
export function auditLine(stored: StoredEvent, record: JobRecord | undefined, verify: VerifyGrant): AuditLine {
  const event = parseEvent(stored.event) ?? (JSON.parse(stored.event) as AuditEvent);
  const problems: string[] = [];
  const problem = linkProblem(stored);
  if (problem !== undefined) problems.push(problem);
  const erased = record?.job.erasedAt !== undefined;
  const reason = reasonOf(event, record, problems);
  const of = { event, reason, erased };
  if (!record) return { ...of, subject: null, change: null, decision: null, problem: problems[0] ?? null };
  if (erased && !linkOf(record, 'values.erased')) problems.push('no chained event says that the values were erased');
  const granted = grantInForce(record, stored.seq, verify, problems);
  const decision = decisionOf(record, granted, problems);
  const change = isAboutChange(event) ? changeOf(event, record, granted, problems) : null;
  const subject = subjectOf(record.job.parameters)?.value ?? null;
  return { ...of, subject, change, decision, problem: problems[0] ?? null };
}

/** The reason of an erasure is in its event; that of a rejection is in the row of the decision, and the event has its digest. */
function reasonOf({ action, actor, data }: AuditEvent, record: JobRecord | undefined, problems: string[]) {
  const { reason, reasonSha256 } = data as { readonly reason?: string; readonly reasonSha256?: string };
  if (action === 'values.erased') return reason ?? null;
  if (action !== 'job.rejected' || !record || record.job.erasedAt) return null;
  const row = record.decisions.find(
    (one) => one.person.id === actor.id && reasonDigest(one.reason, record.job.salt) === reasonSha256,
  );
  if (!row) problems.push('the reason of the rejection is not the one that was judged');
  return row?.reason ?? null;
}

/** The first event of that kind whose link holds and whose writer writes such events. */
function linkOf({ links }: JobRecord, action: AuditEvent['action']): AuditEvent | undefined {
  const sound = links.filter((link) => !linkProblem(link) && writes(link.writer, action));
  return sound.map(({ event }) => parseEvent(event)).find((event) => event?.action === action);
}

function linkProblem({ seq, prevHash, hash, writer, event }: StoredEvent): string | undefined {
  if (seq === undefined || prevHash === undefined || hash === undefined) return 'the event is not chained yet';
  const first = seq === 1 ? prevHash === GENESIS : true;
  if (!parseEvent(event) || !first || linkHash(seq, prevHash, writer, event) !== hash)
    return 'the event is not what was chained';
  return undefined;
}

/** The grant of the last approval before an event, or of all; undefined where there was none. */
function grantInForce(record: JobRecord, seq: number | undefined, verify: VerifyGrant, problems: string[]) {
  const before = record.links.filter((link) => seq === undefined || link.seq < seq);
  const last = before.map((link) => ({ link, event: parseEvent(link.event) })).findLast(isApproval);
  if (!last?.event) return undefined;
  const { link, event } = last;
  if (linkProblem(link)) problems.push('the approval is not what was chained');
  if (!writes(link.writer, 'job.approved')) problems.push(`the approval was written by ${link.writer}`);
  const { grant: bytes = '', signature = '', kid = '', jti = '' } = textsIn(event.data);
  const signed = verify({ jti, job: record.job.id, bytes, signature, kid }, link.seq);
  if (!signed.ok) {
    problems.push(`the approval has no valid grant: ${signed.error.why}`);
    return undefined;
  }
  if (signed.value.job !== record.job.id) problems.push('the grant belongs to another job');
  return signed.value;
}

function decisionOf(record: JobRecord, grant: Grant | undefined, problems: string[]): AuditedDecision {
  const { job } = record;
  const { erasedAt } = job;
  const submitted = linkOf(record, 'job.submitted');
  if (!submitted) problems.push('no chained event says who submitted the job');
  else if (submitted.actor.id !== (grant?.requester.id ?? job.requester.id))
    problems.push('the requester is not who submitted the job');
  else if (!erasedAt && !submittedAs(job, submitted))
    problems.push('the stored request is not the one that was submitted');
  if (!erasedAt && grant?.requestSha256 !== undefined && grant.requestSha256 !== jobDigest(job))
    problems.push('the stored request is not the one that was approved');
  const { id, name } = submitted?.actor ?? job.requester;
  const approvals = (grant?.approvals ?? []).map(({ person, decidedAt, reasonSha256 }) => {
    const row = record.decisions.find(
      (one) => one.person.id === person.id && reasonDigest(one.reason, job.salt) === reasonSha256,
    );
    // The reasons of the approvers of a rollout are kept with the rollout.
    if (!row && !erasedAt && grant?.rollout === undefined)
      problems.push(`the reason of ${person.name} is not the one that was signed`);
    return { person: { id: person.id, name: person.name }, at: decidedAt, reason: row?.reason ?? null };
  });
  return { requester: { id, name }, reason: erasedAt ? null : job.reason, ticket: job.ticket ?? null, approvals };
}

/**
 * Why what the database holds of a job is not what the chained events commit to: its request, its plans, its approval and the reasons.
 * Null where it is, and where its submission is not chained yet.
 */
export function recordProblem(record: JobRecord, verify: VerifyGrant): string | null {
  const problems: string[] = [];
  const erased = record.job.erasedAt !== undefined;
  if (erased && !linkOf(record, 'values.erased')) return 'no chained event says that the values were erased';
  if (!linkOf(record, 'job.submitted')) return null;
  const grant = grantInForce(record, undefined, verify, problems);
  decisionOf(record, grant, problems);
  if (!erased) {
    for (const [digest, bytes] of record.plans)
      if (!planOf(bytes, digest)) problems.push('a stored plan is not the one of its digest');
    if (grant && !record.plans.has(grant.planSha256)) problems.push('the approved plan is not stored');
  }
  return problems[0] ?? null;
}

const isApproval = ({ event }: { readonly event: AuditEvent | undefined }) => event?.action === 'job.approved';
const isAboutChange = ({ action }: AuditEvent) => action.startsWith('change.');

function changeOf(event: AuditEvent, record: JobRecord, grant: Grant | undefined, problems: string[]) {
  if (record.job.erasedAt) return null;
  const plan = grant && planOf(record.plans.get(grant.planSha256), grant.planSha256);
  if (!plan) {
    problems.push('the stored plan is not the one that was approved');
    return null;
  }
  const { change: id, result = null } = dataOf(event) as { readonly change?: string; readonly result?: string };
  const change = plan.changes.flatMap((one) => [one, undone(one)]).find((one) => changeId(one, plan.salt) === id);
  if (!change) {
    problems.push('the change is not one of the approved plan');
    return null;
  }
  const { resource, label, property, before, after, action } = change;
  return { resource, ...(label === undefined ? {} : { label }), property, before, after, action, result };
}

/** The plan that these bytes are, where their digest is `digest`. */
function planOf(bytes: string | undefined, digest: string): Plan | undefined {
  if (bytes === undefined) return undefined;
  try {
    const plan = JSON.parse(bytes) as Plan;
    return planDigest(plan) === digest ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** What puts a change back. */
function undone(change: Change): Change {
  return { ...change, before: change.after, after: change.before };
}

const dataOf = (event: AuditEvent) => event.data as Readonly<Record<string, string>>;
