import {
  atOnce,
  REQUEST_EXPIRES_MS,
  subjectOf,
  type AdmissionRequest,
  type AdmissionVote,
} from '../../../domain/admission-request.js';
import type { Code } from '../../../domain/codes/index.js';
import type { PersonRef } from '../../../domain/people.js';
import { asKnown } from '../../as-known.js';
import type { By, Judge, JudgeContext, Refusal } from './context.js';
import { factsOf, personProblem } from './person.js';
import { refusedEvent } from './refused-event.js';
import { POLICY_JUDGE } from './policy.js';
import { STANDING_JUDGE } from './standing.js';
import { RUNBOOK_JUDGE } from './runbook.js';
import { TARGETS_JUDGE } from './targets.js';

const JUDGES = {
  runbook: RUNBOOK_JUDGE,
  target: TARGETS_JUDGE,
  policy: POLICY_JUDGE,
  standing: STANDING_JUDGE,
} as const;

const judgeOf = ({ kind }: AdmissionRequest): Judge => JUDGES[subjectOf(kind)];

/** Judges every request and every vote that waits. The rows are claims: people, token, bytes and gate are looked at here. */
export async function judgeAdmissionRequests(context: JudgeContext, limit = 20): Promise<void> {
  const { requests, votes, over } = await context.requests.toJudge(limit);
  if (requests.length + votes.length + over.length === 0) return;
  const failed: unknown[] = [];
  // One that fails holds up no other. Each is judged by the people and the policy of its moment.
  const alone = async (judge: (by: By) => Promise<void>) =>
    judge({ people: await context.people.read(), rights: await context.rights.read() }).catch((error: unknown) =>
      failed.push(error),
    );
  // What somebody decided before a later request, such as a revocation, comes first.
  for (const vote of votes) await alone((by) => judgeVote(context, vote, by));
  for (const request of requests) await alone((by) => judgeRequest(context, request, by));
  for (const request of over)
    await alone((by) => {
      const { person } = asKnown(request, by.people);
      return refuse(context, request, person, {
        code: 'request-ended',
        detail: 'Nobody confirmed it within seven days.',
      });
    });
  if (failed.length > 0) throw new AggregateError(failed, 'requests for admissions could not be judged');
}

/** Whether a row was written too long ago to be judged now: a signature that somebody kept back counts no more. */
const isStale = (at: Date) => Date.now() > at.getTime() + REQUEST_EXPIRES_MS;

async function judgeRequest(context: JudgeContext, row: AdmissionRequest, by: By): Promise<void> {
  const request = asKnown(row, by.people);
  const unproven = isStale(request.requestedAt) ? 'decision-stale' : await requesterProblem(context, request, by);
  if (unproven !== undefined) return refuse(context, request, request.person, { code: unproven });
  const judge = judgeOf(request);
  const refusal = atOnce(request)
    ? await judge.carryOut(context, request, undefined)
    : await judge.look(context, request);
  if (refusal) return refuse(context, request, request.person, refusal);
  return context.requests.judgeRequest(request.id, { status: atOnce(request) ? 'done' : 'open' });
}

async function judgeVote(context: JudgeContext, row: AdmissionVote, by: By): Promise<void> {
  const vote = asKnown(row, by.people);
  const found = await context.requests.get(vote.request);
  const request = found && asKnown(found, by.people);
  const code = request ? await voteProblem(context, request, vote, by) : 'request-ended';
  if (!request || code !== undefined) {
    const about = request ?? { id: vote.request, about: '', kind: 'admit' as const };
    const event = refusedEvent(context, about, vote.person, code ?? 'request-ended');
    return context.requests.judgeVote(vote.id, { status: 'refused', code: code ?? 'request-ended' }, event);
  }
  if (vote.decision === 'reject') {
    await refuse(context, request, vote.person, { code: 'rejected', detail: `${vote.person.name}: ${vote.reason}` });
    return context.requests.judgeVote(vote.id, { status: 'accepted' });
  }
  const refusal = await judgeOf(request).carryOut(context, request, vote);
  if (refusal) {
    await refuse(context, request, vote.person, refusal);
    return context.requests.judgeVote(vote.id, { status: 'refused', code: refusal.code });
  }
  await context.requests.judgeRequest(request.id, { status: 'done' });
  await context.requests.judgeVote(vote.id, { status: 'accepted' });
}

async function voteProblem(
  context: JudgeContext,
  request: AdmissionRequest,
  vote: AdmissionVote,
  by: By,
): Promise<Code | undefined> {
  if (request.status !== 'open' || atOnce(request)) return 'request-ended';
  if (isStale(vote.decidedAt) || isStale(request.requestedAt)) return 'request-ended';
  if (vote.decidedAt.getTime() > request.requestedAt.getTime() + REQUEST_EXPIRES_MS) return 'request-ended';
  if (vote.contentDigest !== request.contentDigest) return 'version-changed';
  if (vote.decision === 'confirm' && vote.person.id === request.person.id) return 'own-request';
  const first = vote.decision === 'confirm' && (await requesterProblem(context, request, by));
  if (first) return first;
  return personProblem(context, vote, factsOf(request, vote), vote.decidedAt, by, (person) =>
    judgeOf(request).denies(context, by.rights, person, request),
  );
}

/** Why the request does not count as what its person asked for; undefined where it does. */
function requesterProblem(context: JudgeContext, request: AdmissionRequest, by: By): Promise<Code | undefined> {
  return personProblem(context, request, factsOf(request), request.requestedAt, by, (person) =>
    judgeOf(request).denies(context, by.rights, person, request),
  );
}

async function refuse(
  context: JudgeContext,
  request: AdmissionRequest,
  person: PersonRef,
  { code, detail }: Refusal,
): Promise<void> {
  const verdict = { status: 'refused', code, ...(detail === undefined ? {} : { detail }) } as const;
  await context.requests.judgeRequest(request.id, verdict, refusedEvent(context, request, person, code));
}
