import { sign } from 'node:crypto';
import { digestedVoteMessage, type AdmissionRequestKind } from '../../src/domain/admission-request.js';
import { labelledDigest } from '../../src/domain/digest.js';
import { policyStepDigest } from '../../src/domain/policy-change.js';
import { standingStepDigest } from '../../src/domain/standing-step.js';
import type { AuditAction } from '../../src/domain/audit.js';
import { kidOf, publicKeyText } from '../../src/domain/person-key.js';
import {
  subjectAdmissionBytes,
  subjectAdmissionMessage,
  type SubjectAdmission,
} from '../../src/domain/subject-admission.js';
import { eventOf, PEOPLE, timeOf, type Entry, type LogSigner } from './logs.js';

/** What a log says about targets, the policy and standing approvals, signed by the two people of these logs. */

/** One change of a request: of which target, from which form to which. */
export interface Change {
  readonly id: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Members {
  readonly statement?: Partial<SubjectAdmission>;
  readonly data?: object;
  /** What the people signed instead of the request. */
  readonly signed?: string;
  readonly people?: readonly number[];
  /** The second person has this proof instead. */
  readonly tokenId?: string;
  readonly action?: AuditAction;
}

export const form = (letter: string) => letter.repeat(64);
export const contentOf = (changes: readonly Change[]) => labelledDigest('fixpoint-target-changes-v1', changes);

let made = 0;
const ACTION = {
  'admit-targets': 'target.changed',
  'remove-targets': 'target.deleted',
  'admit-policy': 'policy.admitted',
  'approve-standing': 'standing.approved',
  'withdraw-standing': 'standing.withdrawn',
} as const;
const SUBJECT = {
  'admit-targets': 'target',
  'remove-targets': 'target',
  'admit-policy': 'policy',
  'approve-standing': 'standing',
  'withdraw-standing': 'standing',
} as const;
/** One person is enough for these. */
const TAKES_AWAY: readonly string[] = ['remove-targets', 'withdraw-standing'];
/** The members of an event that name what it is about. */
const NAMED = { target: ['targetId', 'targetName'], policy: [], standing: ['schedule', 'name'] } as const;

/** The people of a statement, each with their signature over the content of its request. */
function peopleOf(
  kind: keyof typeof ACTION,
  contentDigest: string,
  who: readonly number[],
  tokenId: string | undefined,
): SubjectAdmission['by'] {
  return who.map((one, i) => {
    const person = PEOPLE[one] ?? PEOPLE[0];
    const reasonDigest = 'd'.repeat(64);
    const once = { nonce: String(one).repeat(32), at: timeOf(2) };
    const decision = i === 0 ? 'request' : 'confirm';
    const facts = { kind: kind as AdmissionRequestKind, about: '', contentDigest, decision, reasonDigest } as const;
    const signature = sign(null, digestedVoteMessage(facts, once), person.key).toString('base64');
    return {
      person: { id: person.id, name: person.id, roles: ['admin'] },
      ...{ decidedAt: timeOf(2), reasonSha256: reasonDigest },
      proof:
        i === 1 && tokenId !== undefined
          ? { kind: 'token', tokenId }
          : { kind: 'key', kid: kidOf(publicKeyText(person.key)), ...once, signature },
    };
  });
}

/** The event of one statement. */
function statementEntry(
  signer: LogSigner,
  n: number,
  kind: keyof typeof ACTION,
  { id, before, after }: Change,
  request: SubjectAdmission['request'],
  { statement = {}, data = {}, signed = request.contentDigest, people, tokenId, action }: Members,
): Entry {
  const whole: SubjectAdmission = {
    ...{ v: 1, id: `01890000-0000-7000-8000-5${String((made += 1)).padStart(11, '0')}` },
    ...{ subject: SUBJECT[kind], subjectId: id, name: `name of ${id}` },
    ...{ sha256: after, before, request, signedAt: timeOf(n), kid: signer.kid },
    by: peopleOf(kind, signed, people ?? (TAKES_AWAY.includes(kind) ? [0] : [0, 1]), tokenId),
    ...statement,
  };
  const bytes = subjectAdmissionBytes(whole);
  const signature = sign(null, subjectAdmissionMessage(bytes), signer.key).toString('base64');
  const said = Object.fromEntries(
    NAMED[SUBJECT[kind]].map((name, i) => [name, i === 0 ? whole.subjectId : whole.name]),
  );
  const facts = { before: whole.before, after: whole.sha256, request: request.id, admission: bytes, signature };
  return eventOf('authority', action ?? ACTION[kind], { ...said, ...facts, kid: signer.kid, ...data }, n);
}

/** The events of a request for targets; `members` are for its last statement. */
export function targetsEntries(
  signer: LogSigner,
  n: number,
  changes: readonly Change[],
  members: Members = {},
): readonly Entry[] {
  const kind = changes.every(({ after }) => after === null) ? 'remove-targets' : 'admit-targets';
  const request = { id: `request ${n}`, contentDigest: contentOf(changes), count: changes.length };
  return changes.map((change, index) =>
    statementEntry(signer, n + index, kind, change, { ...request, index }, index === changes.length - 1 ? members : {}),
  );
}

/** The event of a policy that was put in force. */
export function policyEntry(signer: LogSigner, n: number, before: string | null, after: string, members: Members = {}) {
  const request = { id: `request ${n}`, contentDigest: policyStepDigest(before, after), index: 0, count: 1 };
  return statementEntry(signer, n, 'admit-policy', { id: 'policy', before, after }, request, members);
}

/** The event of a standing approval of a schedule that was given, or withdrawn where `after` is null. */
export function standingEntry(
  signer: LogSigner,
  n: number,
  { id, before, after }: Change,
  members: Members = {},
): Entry {
  const request = { id: `request ${n}`, contentDigest: standingStepDigest(id, before, after), index: 0, count: 1 };
  const kind = after === null ? 'withdraw-standing' : 'approve-standing';
  return statementEntry(signer, n, kind, { id, before, after }, request, members);
}
