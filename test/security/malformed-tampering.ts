import { sign } from 'node:crypto';
import { admissionMessage } from '../../src/domain/admission.js';
import { auditBytes, parseEvent, type AuditEvent } from '../../src/domain/audit.js';
import type { ValueObject } from '../../src/domain/canonical.js';
import { grantMessage } from '../../src/domain/grant.js';
import { subjectAdmissionMessage } from '../../src/domain/subject-admission.js';
import type { Operator } from './admission-tampering.js';
import { BEFORE_JOBS, chain, OF_A_JOB, PLACE, type Entry, type LogSigner } from './logs.js';
import { rejectedJob } from './revocation-tampering.js';
import { targetsEntries } from './subject-logs.js';

/** Events in canonical form that hold what nobody expects there. Each is named, and what comes after it is judged. */

const ODD: readonly unknown[] = [5, true, null, ['x'], { x: 1 }];

const eventIn = ([, text]: Entry) => parseEvent(text) as AuditEvent;
const withData = (entry: Entry, data: object): Entry => {
  const event = eventIn(entry);
  return [entry[0], auditBytes({ ...event, data: { ...event.data, ...(data as ValueObject) } })];
};

/** Every one is found at its event, without a checkpoint. */
export function malformedOperators(signer: LogSigner): Readonly<Record<string, Operator>> {
  const place = (i: number, at: number) => BEFORE_JOBS + OF_A_JOB * i + at;
  const instead =
    (at: number, make: (entry: Entry) => Entry): Operator =>
    (entries) => ({ links: chain(entries.with(at, make(entries[at] as Entry))), first: at + 1 });
  /** An entry at the end of a log. */
  const last =
    (...more: readonly Entry[]): Operator =>
    (entries) => ({ links: chain([...entries, ...more]), first: entries.length + more.length });
  /** A sound event of each action, and how it is put into a log. */
  const [target] = targetsEntries(signer, 50, [{ id: 't', before: null, after: 'a'.repeat(64) }]) as [Entry];
  const [submitted, rejected] = rejectedJob(60) as [Entry, Entry];
  const withProof = (change: (proof: Readonly<Record<string, unknown>>) => unknown) =>
    last(submitted, withData(rejected, { proof: change(eventIn(rejected).data.proof as ValueObject) }));
  const signed = (bytes: string, message: (text: string) => Buffer) => ({
    signature: sign(null, message(bytes), signer.key).toString('base64'),
    kid: signer.kid,
  });
  const odd = <T>(name: string, make: (value: unknown) => T) =>
    ODD.map((value): [string, T] => [`${name} ${JSON.stringify(value)}`, make(value)]);
  const base64 = {
    'with a blank': (text: string) => `${text} `,
    'without its padding': (text: string) => text.replaceAll('=', ''),
    'with other letters': (text: string) => text.replaceAll('+', '-').replaceAll('/', '_').replace('==', ''),
    'that is empty': () => '',
    'that is none': () => '\u2028!',
  };
  const statements = ['5', 'null', '[]', '""', '{}', '{"v":1}', '{"kid":"' + signer.kid + '","v":1}', '{', ''];
  return Object.fromEntries([
    ...odd('a target whose signature is', (signature) => last(withData(target, { signature }))),
    ...odd('a target whose admission is', (admission) => last(withData(target, { admission }))),
    ...odd('an approval whose grant is', (grant) =>
      instead(place(1, PLACE.approved), (one) => withData(one, { grant })),
    ),
    ...odd('an approval whose signature is', (signature) =>
      instead(place(1, PLACE.approved), (one) => withData(one, { signature })),
    ),
    ...odd('an admission whose signature is', (signature) =>
      instead(BEFORE_JOBS - 1, (one) => withData(one, { signature })),
    ),
    ...odd('a registration whose signature is', (signature) => instead(0, (one) => withData(one, { signature }))),
    ...odd('a plan whose admission is', (admission) =>
      instead(place(1, PLACE.planned), (one) => withData(one, { admission })),
    ),
    ...odd('a use whose grant is', (jti) => instead(place(1, PLACE.claimed + 1), (one) => withData(one, { jti }))),
    ...odd('a rejection whose proof is', (proof) => withProof(() => proof)),
    ...odd('a rejection whose proof has the kind', (kind) => withProof((proof) => ({ ...proof, kind }))),
    ...['kid', 'nonce', 'at', 'signature', 'registration', 'executeBy', 'onFailure'].flatMap((name) => [
      [`a rejection whose proof has no ${name}`, withProof(({ [name]: _, ...rest }) => rest)] as [string, Operator],
      ...[5, { x: 1 }, 'x'].map((value): [string, Operator] => [
        `a rejection whose proof has the ${name} ${JSON.stringify(value)}`,
        withProof((proof) => ({ ...proof, [name]: value })),
      ]),
    ]),
    ...Object.entries(base64).flatMap(([name, form]): [string, Operator][] => {
      const other = (one: Entry) => withData(one, { signature: form(eventIn(one).data.signature as string) });
      return [
        [`a grant with a signature ${name}`, instead(place(1, PLACE.approved), other)],
        [`a registration with a signature ${name}`, instead(0, other)],
        [`an admission with a signature ${name}`, instead(BEFORE_JOBS - 1, other)],
        [`a target with a signature ${name}`, last(other(target))],
      ];
    }),
    ...statements.flatMap((bytes): [string, Operator][] => [
      [
        `a signed grant ${bytes}`,
        instead(place(1, PLACE.approved), (one) => withData(one, { grant: bytes, ...signed(bytes, grantMessage) })),
      ],
      [
        `a signed admission ${bytes}`,
        instead(BEFORE_JOBS - 1, (one) => withData(one, { admission: bytes, ...signed(bytes, admissionMessage) })),
      ],
      [
        `a signed statement ${bytes}`,
        last(withData(target, { admission: bytes, ...signed(bytes, subjectAdmissionMessage) })),
      ],
    ]),
  ]);
}
