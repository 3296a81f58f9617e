import type { AdmittingPerson } from '../../domain/admission.js';
import { MOST_SIGNED_APART_MS, signedProblem } from '../../domain/decision-proof.js';
import {
  admissionVoteMessage,
  atOnce,
  REQUEST_EXPIRES_MS,
  type AdmissionFacts,
  type AdmissionRequest,
  type AdmissionVote,
} from '../../domain/admission-request.js';
import type { AuditAction } from '../../domain/audit.js';
import { bundleFault } from '../../domain/bundle.js';
import type { Code } from '../../domain/codes/index.js';
import { reasonDigest } from '../../domain/digest.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { People } from '../../domain/people.js';
import type { Rights } from '../../domain/policy/rights.js';
import { utcText } from '../../domain/time.js';
import type { AdmissionRequests, Admissions } from '../../ports/admissions.js';
import type { PersonKeys, PersonKeyVerifier } from '../../ports/person-keys.js';
import type { Catalogue } from '../../ports/catalogue.js';
import type { PeopleSource } from '../../ports/people.js';
import type { RightsSource } from '../../ports/rights.js';
import type { StoredChecker } from '../../ports/runbook-catalogue.js';
import type { StoredToken } from '../../ports/tokens.js';
import { personEvent } from '../facts.js';
import { registeredKey } from '../keys/registered-key.js';
import { signAdmission, type AdmissionMaker } from './sign-admission.js';

/** What `authority` needs to judge what people ask for. */
export interface JudgeContext extends AdmissionMaker {
  readonly requests: AdmissionRequests;
  readonly admissions: Pick<Admissions, 'admit' | 'setStatus'>;
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly keys: Pick<PersonKeys, 'byKid'>;
  readonly registrations: PersonKeyVerifier;
  /** Whether only signed requests and confirmations count: in production. */
  readonly keyRequired: boolean;
  readonly tokens: { find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> };
  /** Starts an engine, judges the files, and says which engine it was. */
  readonly check: (
    bundle: RunbookBundle,
  ) => Promise<{ readonly problems: Awaited<ReturnType<StoredChecker['check']>>; readonly engineSha256: string }>;
}

/** The people and the policy by which it is judged. */
interface By {
  readonly people: People;
  readonly rights: Rights;
}

/** Judges every request and every vote that waits. The rows are claims: people, token, bytes and gate are looked at here. */
export async function judgeAdmissionRequests(context: JudgeContext, limit = 20): Promise<void> {
  const { requests, votes } = await context.requests.toJudge(limit);
  if (requests.length + votes.length === 0) return;
  const by = { people: await context.people.read(), rights: await context.rights.read() };
  for (const request of requests) await judgeRequest(context, request, by);
  for (const vote of votes) await judgeVote(context, vote, by);
}

async function judgeRequest(context: JudgeContext, request: AdmissionRequest, by: By): Promise<void> {
  const unproven = await personProblem(context, request, factsOf(request), request.requestedAt, by);
  if (unproven !== undefined) return refuse(context, request, request, unproven);
  if (atOnce(request)) {
    const status = request.kind === 'revoke' ? 'revoked' : 'disabled';
    await setStatus(context, request, request, status);
    return context.requests.judgeRequest(request.id, { status: 'done' });
  }
  if (request.kind === 'admit') {
    const judged = await judgeFiles(context, request);
    if ('code' in judged) return refuse(context, request, request, judged.code, judged.detail);
  }
  return context.requests.judgeRequest(request.id, { status: 'open' });
}

async function judgeVote(context: JudgeContext, vote: AdmissionVote, by: By): Promise<void> {
  const request = await context.requests.get(vote.request);
  const code = request ? await voteProblem(context, request, vote, by) : 'request-ended';
  if (!request || code !== undefined) {
    const about = request ?? { id: vote.request, runbook: '', kind: 'admit' as const };
    const event = refusedEvent(context, about, vote.person, code ?? 'request-ended');
    return context.requests.judgeVote(vote.id, { status: 'refused', code: code ?? 'request-ended' }, event);
  }
  if (vote.decision === 'reject') {
    await refuse(context, request, vote, 'rejected', `${vote.person.name}: ${vote.reason}`);
    return context.requests.judgeVote(vote.id, { status: 'accepted' });
  }
  if (request.kind === 'enable') await setStatus(context, request, vote, 'in-force');
  else {
    // Looked at again: that the request is open is only a row.
    const judged = await judgeFiles(context, request);
    if ('code' in judged) {
      await refuse(context, request, vote, judged.code, judged.detail);
      return context.requests.judgeVote(vote.id, { status: 'refused', code: judged.code });
    }
    const by = {
      how: 'people',
      people: [admitting(request, request.requestedAt), admitting(vote, vote.decidedAt)],
    } as const;
    await signAdmission(context, judged.bundle, judged.engineSha256, by);
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
  if (vote.decidedAt.getTime() > request.requestedAt.getTime() + REQUEST_EXPIRES_MS) return 'request-ended';
  if (vote.contentDigest !== request.contentDigest) return 'version-changed';
  if (vote.decision === 'confirm' && vote.person.id === request.person.id) return 'own-request';
  const first =
    vote.decision === 'confirm' && (await personProblem(context, request, factsOf(request), request.requestedAt, by));
  return first || (await personProblem(context, vote, factsOf(request, vote), vote.decidedAt, by));
}

/** What a row is said to be signed for. */
function factsOf({ kind, runbook, contentDigest, reason }: AdmissionRequest, vote?: AdmissionVote): AdmissionFacts {
  const decision = vote?.decision ?? 'request';
  return { kind, runbook, contentDigest: contentDigest ?? null, decision, reason: vote?.reason ?? reason };
}

/** Why a row does not count as what this person said; undefined where it does. */
async function personProblem(
  context: JudgeContext,
  { person: { id }, proof }: Pick<AdmissionVote, 'person' | 'proof'>,
  facts: AdmissionFacts,
  at: Date,
  { people, rights }: By,
): Promise<Code | undefined> {
  const person = people.find(id);
  if (!person || rights.denial({ action: 'admit-runbooks', person })) return 'not-allowed';
  if (proof.kind === 'token')
    return context.keyRequired ? 'key-required' : tokenProblem(context, id, proof.tokenId, at);
  const registered = await registeredKey(context, { kid: proof.kid });
  const problem = signedProblem(proof, admissionVoteMessage(facts, proof), id, registered);
  if (problem !== undefined) return problem;
  return Math.abs(at.getTime() - Date.parse(proof.at)) <= MOST_SIGNED_APART_MS ? undefined : 'decision-stale';
}

async function tokenProblem(
  { tokens }: JudgeContext,
  person: string,
  tokenId: string,
  at: Date,
): Promise<Code | undefined> {
  const token = await tokens.find(tokenId);
  const proven =
    token?.kind === 'personal' &&
    token.person === person &&
    token.createdAt <= at &&
    token.expiresAt > at &&
    !(token.revokedAt && token.revokedAt <= at);
  return proven ? undefined : 'proof-invalid';
}

type Judged =
  { readonly bundle: RunbookBundle; readonly engineSha256: string } | { readonly code: Code; readonly detail: string };

/** A person reads the first mistakes; `runbook check` names all. */
const MOST_PROBLEMS = 10;

async function judgeFiles(context: JudgeContext, { runbook, contentDigest = '' }: AdmissionRequest): Promise<Judged> {
  const bundle = await context.catalogue.get(contentDigest);
  if (!bundle || bundleFault(bundle, contentDigest) || bundle.manifest.id !== runbook)
    return { code: 'runbook-changed', detail: 'the stored files are not those of the request' };
  const { problems, engineSha256 } = await context.check(bundle);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { bundle, engineSha256 };
  const lines = errors.slice(0, MOST_PROBLEMS).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return { code: 'runbook-refused', detail: lines.join('\n') };
}

function admitting({ person, reason, proof }: AdmissionRequest | AdmissionVote, at: Date): AdmittingPerson {
  return { person, decidedAt: utcText(at), reasonSha256: reasonDigest(reason, undefined), proof };
}

const STATUS_EVENT = {
  'in-force': 'runbook.enabled',
  disabled: 'runbook.disabled',
  revoked: 'runbook.revoked',
} as const satisfies Record<string, AuditAction>;

async function setStatus(
  { admissions, newId }: JudgeContext,
  request: AdmissionRequest,
  { person }: Pick<AdmissionVote, 'person'>,
  status: keyof typeof STATUS_EVENT,
): Promise<void> {
  const { runbook, contentDigest } = request;
  const of = { runbook, ...(contentDigest === undefined ? {} : { contentDigest }) };
  const data = { request: request.id, runbook, contentSha256: contentDigest ?? null, requester: request.person.id };
  await admissions.setStatus(of, status, personEvent(newId, person, STATUS_EVENT[status], undefined, { data }));
}

async function refuse(
  context: JudgeContext,
  request: AdmissionRequest,
  { person }: Pick<AdmissionVote, 'person'>,
  code: Code,
  detail?: string,
): Promise<void> {
  const verdict = { status: 'refused', code, ...(detail === undefined ? {} : { detail }) } as const;
  await context.requests.judgeRequest(request.id, verdict, refusedEvent(context, request, person, code));
}

function refusedEvent(
  { newId }: JudgeContext,
  { id, kind, runbook }: Pick<AdmissionRequest, 'id' | 'kind' | 'runbook'>,
  person: AdmissionVote['person'],
  code: Code,
) {
  const data = { request: id, kind, runbook, code };
  return personEvent(newId, person, 'runbook.admission-refused', undefined, { outcome: 'denied', data });
}
