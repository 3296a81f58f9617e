import { runbookFacts } from '../../../domain/policy/request.js';
import { envelopeDigest, envelopeProblems, envelopeText } from '../../../domain/schedules/envelope.js';
import {
  readStandingChange,
  standingChangeDigest,
  type StandingChange,
} from '../../../domain/schedules/standing-change.js';
import type { Schedule } from '../../../domain/schedules/schedule.js';
import {
  latestAdmission,
  signedAfter,
  subjectAdmissionBytes,
  type SubjectAdmission,
} from '../../../domain/subject-admission.js';
import type { AdmissionRequest, AdmissionVote } from '../../../domain/admission-request.js';
import { serviceEvent } from '../../facts.js';
import type { Judge, JudgeContext, Refusal } from './context.js';
import { admittingPeople } from './person.js';

/**
 * Approvals in advance: whoever may make the schedule asks for one, and an approver of that runbook on that target confirms it. One
 * person withdraws it.
 */
export const STANDING_JUDGE: Judge = {
  async denies({ schedules, catalogue, inventory }, rights, person, { content, kind, person: asker }) {
    const change = readStandingChange(content);
    const schedule = change && (await schedules.find(change.schedule));
    // A scan needs no approval.
    if (schedule?.spec.action.kind !== 'job') return true;
    const { runbook: id, target: targetId } = schedule.spec.action;
    const target = (await inventory.find([targetId])).get(targetId)?.target;
    const current = await catalogue.current(id);
    const about = { person, ...(target ? { target } : {}), runbook: current ? runbookFacts(current.manifest) : { id } };
    const makes = rights.denial({ ...about, action: 'schedule' }) === undefined;
    if (kind === 'withdraw-standing' || person.id === asker.id) return !makes;
    const roles = current?.manifest.approval.roles ?? [];
    const own = schedule.owner.id === person.id;
    const denied = rights.denial({ ...about, action: 'decide', own, approves: true }) !== undefined;
    return denied || !roles.some((role) => person.roles.some((one) => one === role));
  },
  async look(context, request) {
    const read = await changeOf(context, request);
    return 'code' in read ? read : undefined;
  },
  async carryOut(context, request, vote) {
    const read = await changeOf(context, request);
    if ('code' in read) return read;
    if (read.latest?.request.id === request.id) return undefined;
    await sign(context, request, vote, read);
    return undefined;
  },
};

interface Read {
  readonly change: StandingChange;
  readonly schedule: Schedule;
  /** What counts now. */
  readonly latest: SubjectAdmission | undefined;
}

/** The envelope of a request over the one that counts, or why it cannot take its place. */
async function changeOf(context: JudgeContext, request: AdmissionRequest): Promise<Read | Refusal> {
  const { subjectAdmissions, verifier, schedules } = context;
  const change = readStandingChange(request.content);
  const isWithdrawal = request.kind === 'withdraw-standing';
  if (!change || standingChangeDigest(change) !== request.contentDigest || (change.envelope === null) !== isWithdrawal)
    return { code: 'version-changed', detail: 'the stored envelope is not that of the request' };
  const schedule = await schedules.find(change.schedule);
  if (!schedule) return { code: 'schedule-not-found' };
  const stored = await subjectAdmissions.of('standing', schedule.id);
  const latest = latestAdmission(stored, 'standing', schedule.id, verifier.verifySubjectAdmission);
  if (latest?.request.id !== request.id && change.before !== (latest?.sha256 ?? null))
    return {
      code: 'version-changed',
      detail: 'another envelope was approved after the request: ask again over that one',
    };
  return (await problemIn(context, change, schedule)) ?? { change, schedule, latest };
}

async function problemIn(
  { catalogue, inventory }: JudgeContext,
  { envelope }: StandingChange,
  schedule: Schedule,
): Promise<Refusal | undefined> {
  if (!envelope) return undefined;
  const current = await catalogue.current(schedule.spec.action.runbook);
  if (!current) return { code: 'runbook-not-found' };
  const targets = await inventory.find(envelope.targets.map(({ id }) => id));
  const facts = {
    schedule,
    manifest: current.manifest,
    contentDigest: current.contentDigest,
    targets: envelope.targets.flatMap(({ id }) => targets.get(id)?.target ?? []),
    now: new Date(),
  };
  const problems = envelopeProblems(envelope, facts);
  if (problems.length === 0) return undefined;
  return { code: 'envelope-refused', detail: problems.map(({ path, message }) => `${path} ${message}`).join('; ') };
}

async function sign(
  { newId, signer, subjectAdmissions }: JudgeContext,
  request: AdmissionRequest,
  vote: AdmissionVote | undefined,
  { change: { envelope, before }, schedule, latest }: Read,
): Promise<void> {
  const { contentDigest = '' } = request;
  const statement: SubjectAdmission = {
    ...{ v: 1, id: newId(), subject: 'standing', subjectId: schedule.id, name: schedule.spec.name },
    ...{ sha256: envelope && envelopeDigest(envelope), before },
    request: { id: request.id, contentDigest, index: 0, count: 1 },
    ...{ by: admittingPeople(request, vote), signedAt: signedAfter(latest, new Date()), kid: signer.kid },
  };
  const bytes = subjectAdmissionBytes(statement);
  const signed = { id: statement.id, bytes, signature: signer.signSubjectAdmission(bytes), kid: signer.kid };
  const data = {
    ...{ schedule: schedule.id, name: schedule.spec.name, before, after: statement.sha256, request: request.id },
    ...{ admission: bytes, signature: signed.signature, kid: signer.kid },
  };
  const action = envelope ? 'standing.approved' : 'standing.withdrawn';
  const event = serviceEvent(newId, 'authority', action, undefined, { data });
  const content = envelope && envelopeText(envelope);
  await subjectAdmissions.admitStanding({ signed, schedule: schedule.id, content, event });
}
