import { auditBytes, parseEvent, type AuditEvent } from '../../src/domain/audit.js';
import type { Operator } from './admission-tampering.js';
import {
  approvedEntry,
  BEFORE_JOBS,
  chain,
  jobOf,
  OF_A_JOB,
  PLACE,
  planOf,
  type Entry,
  type LogSigner,
} from './logs.js';

/** What the events of a job must not say of one another, each hashed anew: the first two rules of docs/reference/audit-format.md. */

const USED = PLACE.claimed + 1;
const INTENT = USED + 1;

const eventIn = ([, text]: Entry) => parseEvent(text) as AuditEvent;
const withData = (entry: Entry, data: object): Entry => {
  const event = eventIn(entry);
  return [entry[0], auditBytes({ ...event, data: { ...event.data, ...data } })];
};

/** Other texts of an event, none of which is the canonical one. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  'with a blank': (text) => text.replace(',"actor"', ', "actor"'),
  'with a blank at its end': (text) => `${text} `,
  'with its members in another order': (text) => text.replace(/^\{("action":"[^"]+"),(.*)\}$/, '{$2,$1}'),
  'with a member twice': (text) => text.replace('"action"', '"action":"x","action"'),
  'with a letter written as its number': (text) => text.replace('"action"', '"\\u0061ction"'),
  'with a number in another form': (text) => text.replace(/"v":1\}$/, '"v":1.0}'),
  'of another version': (text) => text.replace(/"v":1\}$/, '"v":2}'),
  'of a version that is no number': (text) => text.replace(/"v":1\}$/, '"v":true}'),
  'without a target': (text) => text.replace(/"target":[^,]+,/, ''),
  'with a list of data': (text) => text.replace(/"data":\{.*?\},"eventId"/, '"data":[],"eventId"'),
  'with roles that are no list': (text) => text.replace('"roles":[]', '"roles":{}'),
  'with half a character': (text) => text.replace('"data":{', '"data":{"a":"\\ud800",'),
  'with a number that is none': (text) => text.replace('"data":{', '"data":{"a":NaN,'),
  'with a number that is too large': (text) => text.replace('"data":{', '"data":{"a":1e999,'),
  'with more digits than a number has': (text) => text.replace('"data":{', '"data":{"a":12345678901234567890,'),
  'that is cut': (text) => text.slice(0, -1),
  'that is a list': (text) => `[${text}]`,
  'that is nothing': () => '',
};

/** Every one is found at its event, without a checkpoint. */
export function ruleOperators(signer: LogSigner): Readonly<Record<string, Operator>> {
  /** The events of some job: its number, and where they begin. */
  const someJob = (entries: readonly Entry[], below: (n: number) => number) => {
    const i = below((entries.length - BEFORE_JOBS) / OF_A_JOB);
    return { i, at: BEFORE_JOBS + OF_A_JOB * i };
  };
  /** Another event at one place of a job. */
  const instead =
    (place: number, make: (entry: Entry, i: number, n: number) => Entry): Operator =>
    (entries, _, below) => {
      const { i, at } = someJob(entries, below);
      const other = make(entries[at + place] as Entry, i, at + place + 1);
      return { links: chain(entries.with(at + place, other)), first: at + place + 1 };
    };
  const without =
    (place: number): Operator =>
    (entries, _, below) => {
      const { at } = someJob(entries, below);
      return { links: chain(entries.filter((__, n) => n !== at + place)), first: at + place + 1 };
    };
  const by =
    (writer: string) =>
    ([, text]: Entry): Entry => [writer, text];
  const grantOf = (members: (i: number) => object) =>
    instead(PLACE.approved, (_, i, n) => approvedEntry(signer, i, n, members(i)));
  const otherJti = { jti: '01890000-0000-7000-8000-00000000beef' };
  const forms = Object.entries(FORMS).map(([name, form]): [string, Operator] => [
    `an event ${name}`,
    (entries, _, below) => {
      const at = below(entries.length);
      const [writer, text] = entries[at] as Entry;
      return { links: chain(entries.with(at, [writer, form(text)])), first: at + 1 };
    },
  ]);
  return {
    'an approval by the worker': instead(PLACE.approved, by('fixpoint_worker')),
    'an approval by the owner of the database': instead(PLACE.approved, by('postgres')),
    'a submission by authority': instead(PLACE.submitted, by('fixpoint_authority')),
    'a claim by a role that is none': instead(PLACE.claimed, by('fixpoint_owner')),
    'an action that is none': instead(PLACE.claimed, ([writer, text]) => [
      writer,
      text.replace('"job.claimed"', '"job.imagined"'),
    ]),
    'a job that nobody submitted': without(PLACE.submitted),
    'an approval of a job that nobody submitted': instead(PLACE.approved, (entry) => [
      entry[0],
      auditBytes({ ...eventIn(entry), job: jobOf(5000) }),
    ]),
    'a grant for another job': grantOf((i) => ({ job: jobOf(i + 1) })),
    'a grant for another plan': grantOf((i) => ({ planSha256: planOf(i + 1) })),
    'a grant of another id': grantOf(() => otherJti),
    'an approval of another plan than its grant': instead(PLACE.approved, (entry, i) =>
      withData(entry, { planSha256: planOf(i + 1) }),
    ),
    'an approval without a grant': instead(PLACE.approved, (entry) => withData(entry, { grant: '', signature: '' })),
    'the use of a grant that nobody gave': instead(USED, (entry) => withData(entry, otherJti)),
    'the use of a grant without its id': instead(USED, (entry) => [
      entry[0],
      auditBytes({ ...eventIn(entry), data: {} }),
    ]),
    'the use of a grant of another job': (entries, _, below) => {
      const { i, at } = someJob(entries, below);
      const { jti } = eventIn(entries[BEFORE_JOBS + PLACE.approved] as Entry).data as { jti: string };
      // The grant of the first job; of the first job itself a grant that nobody gave.
      const other = withData(entries[at + USED] as Entry, i === 0 ? otherJti : { jti });
      return { links: chain(entries.with(at + USED, other)), first: at + USED + 1 };
    },
    'a grant used twice': (entries, _, below) => {
      const { at } = someJob(entries, below);
      const again = entries[at + USED] as Entry;
      return { links: chain(entries.toSpliced(at + INTENT, 0, again)), first: at + INTENT + 1 };
    },
    'a change without the use of a grant': without(USED),
    'a change under another grant': instead(INTENT, (entry) => withData(entry, otherJti)),
    ...Object.fromEntries(forms),
  };
}
