import { createPrivateKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { admissionBytes, admissionMessage, type Admission } from '../../src/domain/admission.js';
import type { AdmittingPerson } from '../../src/domain/admitting-person.js';
import { digestedVoteMessage } from '../../src/domain/admission-request.js';
import { auditBytes, GENESIS, linkHash, type AuditAction, type ChainedEvent } from '../../src/domain/audit.js';
import type { ValueObject } from '../../src/domain/canonical.js';
import { grantBytes, grantMessage, type Grant, type SignedGrant } from '../../src/domain/grant.js';
import { restoreMessage, type RestoreStatement } from '../../src/domain/restore-statement.js';
import { kidOf, personKeyBytes, personKeyMessage, publicKeyText, type PersonKey } from '../../src/domain/person-key.js';
import { rolloutGrantMessage, type RolloutGrant } from '../../src/domain/rollout-grant.js';
import { subjectAdmissionMessage, type SubjectAdmission } from '../../src/domain/subject-admission.js';
import type { VerifyWith } from '../../src/domain/verify-audit.js';

/** Logs as the product writes them: two people register keys and admit a runbook, and jobs run under it. */

export type Entry = readonly [writer: string, event: string];

/** Whose signatures a log carries. */
export interface LogSigner {
  readonly key: KeyObject;
  readonly kid: string;
}

const uuid = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const STARTED = 1_767_225_600_000;
export const timeOf = (n: number) => new Date(STARTED + n * 1000).toISOString();

/** The private key of a seed that is one number and its successors: the vectors are the same on every machine. */
export function keyOfSeed(first: number): KeyObject {
  const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => (first + i) % 256));
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const pair = generateKeyPairSync('ed25519');
export const SIGNER: LogSigner = { key: pair.privateKey, kid: 'k' };
export const FOREIGN: LogSigner = { key: generateKeyPairSync('ed25519').privateKey, kid: 'k' };

const held = new Map<string, boolean>();
/** Each signature is verified once: the same bytes come in thousands of logs. */
function holds(message: Buffer, signature: string): boolean {
  const id = `${signature}\n${message.toString('latin1')}`;
  const verdict = held.get(id) ?? verify(null, message, pair.publicKey, Buffer.from(signature, 'base64'));
  held.set(id, verdict);
  return verdict;
}
const judged = <T>(message: Buffer, signature: string, bytes: string) =>
  holds(message, signature)
    ? ({ ok: true, value: JSON.parse(bytes) as T } as const)
    : ({ ok: false, error: { why: 'the signature does not verify' } } as const);

/** The judges of the logs that `SIGNER` signed. */
export const JUDGES: VerifyWith = {
  verify: ({ bytes, signature }: SignedGrant) => judged<Grant>(grantMessage(bytes), signature, bytes),
  verifyPersonKey: ({ bytes, signature }) => judged<PersonKey>(personKeyMessage(bytes), signature, bytes),
  verifySubject: ({ bytes, signature }) => judged<SubjectAdmission>(subjectAdmissionMessage(bytes), signature, bytes),
  verifyAdmission: ({ bytes, signature }) => judged<Admission>(admissionMessage(bytes), signature, bytes),
  verifyRolloutGrant: ({ bytes, signature }) => judged<RolloutGrant>(rolloutGrantMessage(bytes), signature, bytes),
  verifyRestore: (restore) => holds(restoreMessage(restore), restore.signature),
};

const signed = ({ key }: LogSigner, message: Buffer) => sign(null, message, key).toString('base64');

export function eventOf(
  writer: 'api' | 'authority' | 'relay' | 'worker',
  action: AuditAction,
  data: object,
  n: number,
  job: string | null = null,
): Entry {
  return [
    `fixpoint_${writer}`,
    auditBytes({
      ...{ v: 1, eventId: uuid(n), action, outcome: 'success', at: timeOf(n) },
      ...{ actor: { type: 'service', id: writer, name: writer, roles: [] }, job, target: job && uuid(3_000_000) },
      data: data as ValueObject,
    }),
  ];
}

export const PEOPLE = [
  { id: 'ada', key: keyOfSeed(101), registration: uuid(4_000_001), decision: 'request' },
  { id: 'bob', key: keyOfSeed(151), registration: uuid(4_000_002), decision: 'confirm' },
] as const;

export const RUNBOOK = { id: 'set-file-text', version: '1.0.0', contentSha256: 'c'.repeat(64) } as const;

function registrationOf({ id, key, registration }: (typeof PEOPLE)[number], signer: LogSigner, n: number): Entry {
  const publicKey = publicKeyText(key);
  const kid = kidOf(publicKey);
  const bytes = personKeyBytes({
    ...{ v: 1, id: registration, person: id, kid, publicKey },
    ...{ confirmedBy: null, at: timeOf(n) },
  });
  const data = { key: registration, person: id, kid, registration: bytes, signedBy: signer.kid };
  return eventOf('authority', 'key.registered', { ...data, signature: signed(signer, personKeyMessage(bytes)) }, n);
}

/** Both people, each with their signature over this version. */
export function admittingPeople(firstNonce = 0): readonly AdmittingPerson[] {
  return PEOPLE.map(({ id, key, decision }, i) => {
    const [reasonDigest, once] = ['d'.repeat(64), { nonce: String(firstNonce + i).repeat(32), at: timeOf(2) }];
    const { id: runbook, contentSha256: contentDigest } = RUNBOOK;
    const facts = { kind: 'admit', about: runbook, contentDigest, before: BEFORE, decision, reasonDigest } as const;
    const message = digestedVoteMessage(facts, once);
    const proof = { kind: 'key', kid: kidOf(publicKeyText(key)), ...once } as const;
    return {
      person: { id, name: id, roles: ['admin'] },
      decidedAt: timeOf(2),
      reasonSha256: reasonDigest,
      proof: { ...proof, signature: sign(null, message, key).toString('base64') },
    };
  });
}

/** The version with which the people compared it. */
const BEFORE = 'b'.repeat(64);

export const ADMISSION_ID = uuid(5_000_001);

/** The event of an admission, signed, with members of it or of the event instead. */
export function admittedEntry(
  signer: LogSigner,
  { n = 3, admission: members = {}, data = {} }: { n?: number; admission?: Partial<Admission>; data?: object } = {},
): Entry {
  const admission: Admission = {
    ...{ v: 1, id: ADMISSION_ID, runbook: RUNBOOK, engineSha256: 'e'.repeat(64), gate: 'passed' },
    ...{ by: { how: 'people', people: admittingPeople() }, notBefore: timeOf(0), notAfter: timeOf(34_560_000) },
    before: BEFORE,
    kid: signer.kid,
    ...members,
  };
  const bytes = admissionBytes(admission);
  const { id: runbook, version, contentSha256 } = admission.runbook;
  const said = { runbook, version, contentSha256, how: admission.by.how, admission: bytes, kid: signer.kid };
  const signature = signed(signer, admissionMessage(bytes));
  return eventOf('authority', 'runbook.admitted', { ...said, signature, ...data }, n);
}

/** So many events come before the first job: two keys and an admission. */
export const BEFORE_JOBS = 3;
/** So many events are about each job, its plan and its approval at these places. */
export const OF_A_JOB = 9;
export const PLACE = { submitted: 0, planned: 2, approved: 3, claimed: 4 } as const;

/** The approval of a job with its grant, with members of the grant instead. */
export function approvedEntry(signer: LogSigner, i: number, n: number, members: Partial<Grant> = {}): Entry {
  const [job, jti, planSha256] = [jobOf(i), uuid(2_000_000 + i), planOf(i)];
  const bytes = grantBytes({ v: 2, jti, job, runbook: RUNBOOK, planSha256, kid: signer.kid, ...members } as Grant);
  const data = { grant: bytes, signature: signed(signer, grantMessage(bytes)), kid: signer.kid, jti, planSha256 };
  return eventOf('authority', 'job.approved', data, n, job);
}

export const jobOf = (i: number) => uuid(1_000_000 + i);
export const planOf = (i: number) => i.toString(16).padStart(64, '0');

/** The events of so many jobs, each approved, applied and proved, after those of the admission of their runbook. */
export function entriesOf(jobs: number, signer: LogSigner = SIGNER): readonly Entry[] {
  const before = [...PEOPLE.map((each, i) => registrationOf(each, signer, i + 1)), admittedEntry(signer)];
  let n = BEFORE_JOBS;
  const lives = Array.from({ length: jobs }, (_, i) => {
    const [job, jti, planSha256] = [jobOf(i), uuid(2_000_000 + i), planOf(i)];
    const event = (writer: 'api' | 'worker', action: AuditAction, data: object = {}) =>
      eventOf(writer, action, data, (n += 1), job);
    return [
      event('api', 'job.submitted', { requestSha256: 'r' }),
      event('worker', 'job.planning-started', { epoch: 1 }),
      event('worker', 'job.planned', { planSha256, admission: ADMISSION_ID }),
      approvedEntry(signer, i, (n += 1)),
      event('worker', 'job.claimed', { epoch: 2, jti }),
      event('worker', 'grant.used', { jti }),
      event('worker', 'change.intent', { jti, change: 'c', attempt: 1 }),
      event('worker', 'change.result', { change: 'c', result: 'changed' }),
      event('worker', 'job.succeeded', { outcome: 'fixed' }),
    ];
  });
  return [...before, ...lives.flat()];
}

/** The event of a restore by the owner of the database, signed, with members of it instead. */
export function restoredEntry(signer: LogSigner, statement: RestoreStatement, n: number, data: object = {}): Entry {
  const { head } = statement;
  const signature = signed(signer, restoreMessage(statement));
  const [, text] = eventOf('worker', 'record.restored', { head, signature, kid: signer.kid, ...data }, n);
  return ['postgres', text];
}

export function chain(entries: readonly Entry[]): readonly ChainedEvent[] {
  return chainOn([], entries);
}

/** A chain that goes on with these entries: what is before them is hashed already. */
export function chainOn(before: readonly ChainedEvent[], entries: readonly Entry[]): readonly ChainedEvent[] {
  let prevHash = before.at(-1)?.hash ?? GENESIS;
  const links = entries.map(([writer, event], i) => {
    const seq = before.length + i + 1;
    const hash = linkHash(seq, prevHash, writer, event);
    const link = { seq, prevHash, hash, writer, event };
    prevHash = hash;
    return link;
  });
  return [...before, ...links];
}

/** Other entries from a place on, hashed anew from there. */
export const rehashed = (links: readonly ChainedEvent[], from: number, entries: readonly Entry[]) =>
  chainOn(links.slice(0, from), entries.slice(from));
