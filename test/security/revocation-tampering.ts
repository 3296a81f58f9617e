import { sign } from 'node:crypto';
import { auditBytes, parseEvent, type AuditEvent } from '../../src/domain/audit.js';
import { decisionMessage } from '../../src/domain/decision-proof.js';
import { kidOf, publicKeyText } from '../../src/domain/person-key.js';
import type { Operator } from './admission-tampering.js';
import {
  BEFORE_JOBS,
  chain,
  eventOf,
  jobOf,
  OF_A_JOB,
  PEOPLE,
  PLACE,
  planOf,
  RUNBOOK,
  timeOf,
  type Entry,
} from './logs.js';

/** What was taken away and is used all the same, with events beside it that would give it back. */

const [ADA] = PEOPLE;
const KID = kidOf(publicKeyText(ADA.key));
const HOUR = 3600;
const NUMBER = 7_000_000;

const eventIn = ([, text]: Entry) => parseEvent(text) as AuditEvent;
const dated = ([writer, text]: Entry, at: string): Entry => [
  writer,
  auditBytes({ ...(parseEvent(text) as AuditEvent), at }),
];
const revocation = (at: string): Entry =>
  dated(eventOf('api', 'key.revoked', { key: ADA.registration, person: ADA.id, kid: KID }, NUMBER), at);
const ending = (action: 'runbook.disabled' | 'runbook.revoked', at: string): Entry =>
  dated(eventOf('authority', action, { runbook: RUNBOOK.id, contentSha256: RUNBOOK.contentSha256 }, NUMBER), at);

/** A job of its own whose plan a person rejects with their key, so many seconds after the beginning. */
export function rejectedJob(seconds: number): readonly Entry[] {
  const [job, planDigest, reasonDigest] = [jobOf(9000), planOf(9000), 'd'.repeat(64)];
  const once = { nonce: '7'.repeat(32), at: timeOf(seconds) };
  const open = { executeBy: null, onFailure: null };
  const message = decisionMessage({ job, planDigest, decision: 'reject', reasonDigest, ...open }, once);
  const signature = sign(null, message, ADA.key).toString('base64');
  const proof = { kind: 'key', kid: KID, registration: ADA.registration, ...once, ...open, signature };
  const data = { planSha256: planDigest, reasonSha256: reasonDigest, proof };
  const rejected = eventOf('authority', 'job.rejected', data, seconds, job);
  const actor = { type: 'person', id: ADA.id, name: ADA.id, roles: ['approver'] } as const;
  return [
    eventOf('api', 'job.submitted', { requestSha256: 'r' }, seconds, job),
    [rejected[0], auditBytes({ ...eventIn(rejected), actor })],
  ];
}

/** Every one is found at its event, without a checkpoint. */
export function revocationOperators(): Readonly<Record<string, Operator>> {
  /** A decision two hours after the end of a log, and after these revocations of its key. */
  const decidedAfter =
    (...revocations: readonly Entry[]): Operator =>
    (entries) => ({
      links: chain([...entries, ...revocations, ...rejectedJob(2 * HOUR)]),
      first: entries.length + revocations.length + 2,
    });
  /** A claim after these ends of its admission. */
  const claimedAfter =
    (...ends: readonly Entry[]): Operator =>
    (entries, _, below) => {
      const at = BEFORE_JOBS + OF_A_JOB * below((entries.length - BEFORE_JOBS) / OF_A_JOB) + PLACE.claimed;
      return { links: chain(entries.toSpliced(at, 0, ...ends)), first: at + ends.length + 1 };
    };
  /** The events of the last job from one of its places on, dated before what took away what they use; authority wrote later. */
  const datedBefore =
    (place: number, taken: Entry): Operator =>
    (entries) => {
      const at = entries.length - OF_A_JOB + place;
      const later = [taken, dated(eventOf('authority', 'runbook.loaded', {}, NUMBER + 1), timeOf(2 * HOUR))];
      return { links: chain(entries.toSpliced(at, 0, ...later)), first: at + later.length + 1 };
    };
  const [soon, early, never] = [timeOf(HOUR), '2025-12-31T00:00:00.000Z', '2999-01-01T00:00:00.000Z'];
  const noTimes = ['never', '', '2026-02-30T00:00:00.000Z', '2026-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'];
  return {
    'a decision by a key that was revoked': decidedAfter(revocation(soon)),
    'a decision by a key that was revoked once more, later': decidedAfter(revocation(soon), revocation(never)),
    'a decision by a key that was revoked before that, too': decidedAfter(revocation(never), revocation(soon)),
    'a decision by a key that was revoked again at no time': decidedAfter(revocation(soon), revocation('never')),
    'a claim of a version that was disabled': claimedAfter(ending('runbook.disabled', early)),
    'a claim of a version that was disabled once more, later': claimedAfter(
      ending('runbook.disabled', early),
      ending('runbook.disabled', never),
    ),
    'a claim of a version that was disabled, and revoked later': claimedAfter(
      ending('runbook.disabled', early),
      ending('runbook.revoked', never),
    ),
    'an approval dated before its version was revoked': datedBefore(PLACE.approved, ending('runbook.revoked', soon)),
    'a claim dated before its version was revoked': datedBefore(PLACE.claimed, ending('runbook.revoked', soon)),
    'a claim dated before its version was disabled': datedBefore(PLACE.claimed, ending('runbook.disabled', soon)),
    'a rejection dated before its key was revoked': (entries) => ({
      links: chain([
        ...[
          ...entries,
          revocation(soon),
          dated(eventOf('authority', 'runbook.loaded', {}, NUMBER + 1), timeOf(2 * HOUR)),
        ],
        ...rejectedJob(1),
      ]),
      first: entries.length + 4,
    }),
    ...Object.fromEntries(
      noTimes.flatMap((at): [string, Operator][] => [
        [`a decision by a key that was revoked at "${at}"`, decidedAfter(revocation(at))],
        [`a claim of a version that was revoked at "${at}"`, claimedAfter(ending('runbook.revoked', at))],
      ]),
    ),
  };
}
