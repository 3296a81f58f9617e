import {
  auditBytes,
  parseEvent,
  type AuditAction,
  type AuditEvent,
  type ChainedEvent,
} from '../../src/domain/audit.js';
import type { Admission } from '../../src/domain/admission.js';
import {
  admittedEntry,
  admittingPeople,
  approvedEntry,
  BEFORE_JOBS,
  chain,
  entriesOf,
  eventOf,
  FOREIGN,
  jobOf,
  OF_A_JOB,
  PLACE,
  RUNBOOK,
  timeOf,
  type Entry,
  type LogSigner,
} from './logs.js';

export interface Tampered {
  readonly links: readonly ChainedEvent[];
  /** The first event that is not what it was, or that does not fit any more. */
  readonly first: number;
}

export type Operator = (
  entries: readonly Entry[],
  links: readonly ChainedEvent[],
  below: (n: number) => number,
) => Tampered;

/** The event of the admission, by its place. */
const ADMITTED = BEFORE_JOBS - 1;

const inserted = (list: readonly Entry[], at: number, ...more: readonly Entry[]) => [
  ...list.slice(0, at),
  ...more,
  ...list.slice(at),
];

function changed([writer, text]: Entry, change: (event: AuditEvent) => Partial<AuditEvent>): Entry {
  const event = parseEvent(text) as AuditEvent;
  return [writer, auditBytes({ ...event, ...change(event) })];
}
const withData = (entry: Entry, data: (of: any) => object) =>
  changed(entry, (event) => ({ data: { ...event.data, ...data(event.data) } }));

/** An event of its own number at a time long before it. */
const early = (entry: Entry) => changed(entry, () => ({ at: '2025-12-31T00:00:00.000Z' }));
const at = (entry: Entry, seconds: number) => changed(entry, () => ({ at: timeOf(seconds) }));
const another = (entry: Entry) => changed(entry, () => ({ eventId: '01890000-0000-7000-8000-00000000beef' }));

/**
 * The ways of tampering with admissions, each hashed anew: what they say themselves shows it, without a checkpoint. Some need the private
 * key of `authority`, which signs what its rules forbid.
 */
export function admissionOperators(signer: LogSigner): Readonly<Record<string, Operator>> {
  const anew = (entry: Entry): Operator => {
    return (entries) => ({ links: chain(entries.with(ADMITTED, entry)), first: ADMITTED + 1 });
  };
  const signedAs = (admission: Partial<Admission>) => anew(admittedEntry(signer, { admission }));
  const [ada, bob] = admittingPeople() as [never, never];
  const people = (...who: readonly object[]) => signedAs({ by: { how: 'people', people: who as never } });
  /** Where the events of some job begin. */
  const someJob = (entries: readonly Entry[], below: (n: number) => number) =>
    BEFORE_JOBS + OF_A_JOB * below((entries.length - BEFORE_JOBS) / OF_A_JOB);
  const ended = (action: 'runbook.revoked' | 'runbook.disabled', contentSha256: string | null, n: number) =>
    eventOf('authority', action, { runbook: RUNBOOK.id, contentSha256, request: 'r', requester: 'ada' }, n);
  const endedBefore =
    (place: number, ...events: readonly Entry[]): Operator =>
    (entries, _, below) => {
      const at = someJob(entries, below);
      // The plan is looked at from the start of the planning on, the rest at its time.
      const seen = place === PLACE.submitted ? PLACE.planned : place;
      return { links: chain(inserted(entries, at + place, ...events)), first: at + seen + events.length + 1 };
    };
  const revoked = ended('runbook.revoked', RUNBOOK.contentSha256, 9e6);
  const otherContent = { ...RUNBOOK, version: '2.0.0', contentSha256: 'f'.repeat(64) };
  const approvedAs = (entries: readonly Entry[], at: number) =>
    entries.with(
      at,
      approvedEntry(signer, (at - PLACE.approved - BEFORE_JOBS) / OF_A_JOB, at + 1, { runbook: otherContent }),
    );
  return {
    'an admission changed': (entries) => {
      const entry = withData(entries[ADMITTED] as Entry, ({ admission }) => ({
        admission: (admission as string).replace('"gate":"passed"', '"gate":"none"'),
      }));
      return { links: chain(entries.with(ADMITTED, entry)), first: ADMITTED + 1 };
    },
    'an admission by another key': anew(admittedEntry({ ...FOREIGN, kid: signer.kid })),
    'an admission of another version': anew(admittedEntry(signer, { data: { version: '9.0.0' } })),
    'an admission of another runbook': anew(admittedEntry(signer, { data: { runbook: 'other' } })),
    'an admission of another content': anew(admittedEntry(signer, { data: { contentSha256: 'f'.repeat(64) } })),
    'an admission by others than it says': anew(admittedEntry(signer, { data: { how: 'development' } })),
    'an admission of one person': people(ada, ada),
    'an admission of nobody else': people(ada),
    'an admission of nobody': people(),
    'an admission of three people': people(ada, bob, ada),
    'an admission without a proof': people(ada, { ...(bob as object), proof: { kind: 'token', tokenId: '' } }),
    'an admission in the name of another': people(ada, {
      ...(bob as object),
      person: { id: 'eve', name: 'eve', roles: [] },
    }),
    'an admission that was asked for twice': people(ada, {
      ...(ada as object),
      person: (bob as { person: object }).person,
    }),
    'an admission compared with another version': signedAs({ before: null }),
    'an admission for another reason': people(ada, { ...(bob as object), reasonSha256: '0'.repeat(64) }),
    'an admission twice'(entries, _, below) {
      const at = ADMITTED + 1 + below(entries.length - ADMITTED - 1);
      return { links: chain(inserted(entries, at, another(entries[ADMITTED] as Entry))), first: at + 1 };
    },
    'an admission carried out again'(entries) {
      const again = admittedEntry(signer, { n: 9e6, admission: { id: '01890000-0000-7000-8000-00000000ad09' } });
      return { links: chain(inserted(entries, ADMITTED + 1, again)), first: ADMITTED + 2 };
    },
    'an admission taken out'(entries) {
      // What is left are plans that name it.
      const rest = entries.filter((__, i) => i !== ADMITTED);
      return { links: chain(rest), first: BEFORE_JOBS + PLACE.planned };
    },
    'a plan under another admission'(entries, _, below) {
      const at = someJob(entries, below) + PLACE.planned;
      const entry = withData(entries[at] as Entry, () => ({ admission: '01890000-0000-7000-8000-00000000dead' }));
      return { links: chain(entries.with(at, entry)), first: at + 1 };
    },
    'an approval of a version that was not admitted'(entries, _, below) {
      const at = someJob(entries, below) + PLACE.approved;
      return { links: chain(approvedAs(entries, at)), first: at + 1 };
    },
    'an approval of another version than that of its plan'(entries, _, below) {
      const at = someJob(entries, below) + PLACE.approved;
      const id = '01890000-0000-7000-8000-00000000ad02';
      const by = { how: 'development', account: 'x' } as const;
      const other = admittedEntry(signer, { n: 9e6, admission: { id, runbook: otherContent, by } });
      return { links: chain(inserted(approvedAs(entries, at), BEFORE_JOBS, other)), first: at + 2 };
    },
    'an admission by a revoked key'(entries) {
      const { key } = (parseEvent((entries[0] as Entry)[1]) as AuditEvent).data as { key: string };
      const event = early(eventOf('api', 'key.revoked', { key, person: 'ada' }, 9e6));
      return { links: chain(inserted(entries, ADMITTED, event)), first: ADMITTED + 2 };
    },
    'a plan under a revoked admission': endedBefore(PLACE.submitted, revoked),
    'a plan of a disabled runbook': endedBefore(PLACE.submitted, ended('runbook.disabled', null, 9e6)),
    'an approval after a revocation': endedBefore(PLACE.approved, early(revoked)),
    'a claim after a revocation': endedBefore(PLACE.claimed, early(revoked)),
  };
}

/** Logs in which nothing is wrong, although not every job has an admission in force beside it. */
export function cleanLogs(signer: LogSigner): Readonly<Record<string, readonly Entry[]>> {
  const entries = entriesOf(2, signer);
  const [, , admitted] = entries as [Entry, Entry, Entry];
  const life = (i: number) => entries.slice(BEFORE_JOBS + OF_A_JOB * i, BEFORE_JOBS + OF_A_JOB * (i + 1));
  /** A job as versions without admissions wrote it. */
  const older = (i: number) =>
    life(i).map((entry) =>
      changed(entry, ({ data }) => ({
        data: Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'admission')),
      })),
    );
  const keys = entries.slice(0, ADMITTED);
  const by = { how: 'development', account: 'somebody (1000) on a host' } as const;
  const status = (action: AuditAction, contentSha256: string | null, n: number, runbook: string = RUNBOOK.id) =>
    eventOf('authority', action, { runbook, contentSha256 }, n);
  const { contentSha256 } = RUNBOOK;
  const id = '01890000-0000-7000-8000-00000000ad03';
  return {
    'a version without admissions': [...keys, ...older(0), ...older(1)],
    'a version without admissions, then one with': [...keys, ...older(0), admitted, ...life(1)],
    'a plan of a version that did not name its admission': [...keys, admitted, ...older(0), ...life(1)],
    'development mode': [...keys, admittedEntry(signer, { admission: { by } }), ...life(0)],
    'a revocation while the job is planned': [
      ...[...keys, admitted, ...life(0).slice(0, PLACE.planned)],
      ...[status('runbook.revoked', contentSha256, 4), ...life(0).slice(PLACE.planned)],
    ],
    'a revocation before a claim, by clocks that differ': [
      ...[
        ...keys,
        admitted,
        ...life(0).slice(0, PLACE.claimed),
        at(status('runbook.revoked', contentSha256, 9e6), 1209),
      ],
      ...[at(eventOf('authority', 'runbook.loaded', {}, 9e6 + 1), 1210), ...life(0).slice(PLACE.claimed)].map(
        (one, i) => (i === 0 ? one : at(one, 620 + i)),
      ),
    ],
    'a clock of authority that was far ahead for a while': [
      ...[...keys, admitted, ...life(0), at(eventOf('authority', 'runbook.loaded', {}, 9e6), 900_000), ...life(1)],
      at(status('runbook.revoked', contentSha256, 9e6 + 1), 60),
    ],
    'a disabled version admitted anew': [
      ...[...keys, admitted, early(status('runbook.disabled', null, 9e6))],
      ...[admittedEntry(signer, { n: 9e6 + 1, admission: { id, by: { how: 'people', people: admittingPeople(5) } } })],
      ...life(0).map((entry, i) => (i === PLACE.planned ? withData(entry, () => ({ admission: id })) : entry)),
    ],
    'another runbook and another version revoked': [
      ...[...keys, admitted, early(status('runbook.revoked', contentSha256, 9e6, 'other'))],
      ...[early(status('runbook.revoked', 'f'.repeat(64), 9e6 + 1)), ...life(0)],
    ],
    'a claim under a grant that is not in the log': [
      ...[...keys, admitted, ...life(0).slice(0, 3)],
      eventOf('worker', 'job.claimed', { epoch: 1 }, 9e6, jobOf(0)),
    ],
    'a key revoked after the admission': [
      ...[...keys, admitted],
      ...[eventOf('api', 'key.revoked', { key: 'x', person: 'ada' }, 9e6), ...life(0)],
    ],
  };
}
