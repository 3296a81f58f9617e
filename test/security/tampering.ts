import type { ChainedEvent } from '../../src/domain/audit.js';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { checkpointedLog } from '../../src/domain/checkpointed-log.js';
import { auditVerifier, type AuditVerdict } from '../../src/domain/verify-audit.js';
import { admissionOperators, type Operator, type Tampered } from './admission-tampering.js';
import {
  BEFORE_JOBS,
  chain,
  chainOn,
  entriesOf,
  FOREIGN,
  JUDGES,
  OF_A_JOB,
  rehashed,
  SIGNER,
  type Entry,
  type LogSigner,
} from './logs.js';
import { revocationOperators } from './revocation-tampering.js';
import { ruleOperators } from './rule-tampering.js';

/** Ways to tamper with a log, and what the verifier says. Everything follows from a seed. */

/** Numbers from a seed (mulberry32): the same ones on every machine. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function checkpointsOf(links: readonly ChainedEvent[], every: number): readonly Checkpoint[] {
  const log = checkpointedLog([]);
  return links.flatMap((link, i) => {
    log.add(link);
    const head = log.checkpoint();
    return head && ((i + 1) % every === 0 || i + 1 === links.length) ? [head] : [];
  });
}

export function verdictOf(links: readonly ChainedEvent[], checkpoints: readonly Checkpoint[]): AuditVerdict {
  const verifier = auditVerifier({ ...JUDGES, checkpoints });
  for (const link of links) verifier.add(link);
  return verifier.end();
}

const without = <T>(list: readonly T[], at: number) => [...list.slice(0, at), ...list.slice(at + 1)];
const inserted = <T>(list: readonly T[], at: number, one: T) => [...list.slice(0, at), one, ...list.slice(at)];
/** Another event in its place, in canonical form and by the same writer. */
const edited = ([writer, event]: Entry): Entry => [writer, event.replace('"outcome":"success"', '"outcome":"failure"')];
const anotherTime = ([writer, event]: Entry): Entry => [writer, event.replace(/"at":"2026/, '"at":"2025')];
const swapped = <T>(list: readonly T[], at: number) => {
  const [a, b] = [list[at] as T, list[at + 1] as T];
  return list.with(at, b).with(at + 1, a);
};

const foreignLogs = new Map<string, readonly ChainedEvent[]>();
/** The log of so many jobs, signed with a key that is not the product's and has its name. */
function foreignLog(jobs: number, { kid }: LogSigner): readonly ChainedEvent[] {
  const id = `${jobs} ${kid}`;
  const made = foreignLogs.get(id) ?? chain(entriesOf(jobs, { ...FOREIGN, kid }));
  foreignLogs.set(id, made);
  return made;
}

/** The ways of tampering with a log of this signer; those with `hashed` make a whole chain anew, which no hash of it shows. */
export const operatorsOf = (signer: LogSigner): Readonly<Record<string, Operator>> => ({
  'a flipped bit'(_, links, below) {
    const at = below(links.length);
    const link = links[at] as ChainedEvent;
    const bytes = Buffer.from(link.event);
    const place = below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << below(7));
    return { links: links.with(at, { ...link, event: bytes.toString('latin1') }), first: at + 1 };
  },
  'another writer'(_, links, below) {
    const at = below(links.length);
    return { links: links.with(at, { ...(links[at] as ChainedEvent), writer: 'fixpoint_relay' }), first: at + 1 };
  },
  'an event taken out'(_, links, below) {
    const at = below(links.length);
    // The numbers of the others stay: what follows the gap shows it.
    return { links: without(links, at), first: at + 2 };
  },
  'an event changed, hashed'(entries, links, below) {
    const at = below(entries.length);
    return { links: rehashed(links, at, entries.with(at, edited(entries[at] as Entry))), first: at + 1 };
  },
  'a time changed, hashed'(entries, links, below) {
    const at = below(entries.length);
    return { links: rehashed(links, at, entries.with(at, anotherTime(entries[at] as Entry))), first: at + 1 };
  },
  'an event taken out, hashed'(entries, links, below) {
    const at = below(entries.length);
    return { links: rehashed(links, at, without(entries, at)), first: at + 1 };
  },
  'two events swapped, hashed'(entries, links, below) {
    const at = below(entries.length - 1);
    return { links: rehashed(links, at, swapped(entries, at)), first: at + 1 };
  },
  'an event put in, hashed'(entries, links, below) {
    const at = below(entries.length);
    return { links: rehashed(links, at, inserted(entries, at, anotherTime(entries[at] as Entry))), first: at + 1 };
  },
  'an event twice, hashed'(entries, links, below) {
    // The last one twice is a log that goes on after its last checkpoint.
    const at = below(entries.length - 1);
    return { links: rehashed(links, at, inserted(entries, at, entries[at] as Entry)), first: at + 2 };
  },
  'a cut end'(_, links, below) {
    const at = below(links.length);
    return { links: links.slice(0, at), first: at + 1 };
  },
  'rolled back and written on'(entries, links, below) {
    const at = below(entries.length);
    const other = entries.slice(at).map(anotherTime);
    return { links: chainOn(links.slice(0, at), [...other, ...other]), first: at + 1 };
  },
  'another key, hashed'(entries) {
    return { links: foreignLog((entries.length - BEFORE_JOBS) / OF_A_JOB, signer), first: 1 };
  },
  ...admissionOperators(signer),
  ...ruleOperators(signer),
  ...revocationOperators(),
});

export const OPERATORS = operatorsOf(SIGNER);

/** What is wrong with a verdict about a tampered log; undefined where it finds the tampering in its place. */
export function missed(
  verdict: AuditVerdict,
  { first }: Tampered,
  checkpoints: readonly Checkpoint[],
): string | undefined {
  if (verdict.ok) return 'not found';
  const [problem] = verdict.problems;
  // A log with fewer events than were signed: it ends early, or lacks one after the last checkpoint that it fits.
  if (!problem)
    return verdict.missing.length > 0 && first > verdict.covered ? undefined : 'nothing says where it begins';
  if (problem.seq === first) return undefined;
  // Where it lacks an event, what does not fit without it comes later.
  if (verdict.missing.length > 0 && first > verdict.covered && problem.seq > first) return undefined;
  // Of a chain that was hashed anew the checkpoints tell the range: it begins at or before the event and ends at or after it.
  const end = Math.min(...checkpoints.map(({ size }) => size).filter((size) => size >= first));
  return problem.seq < first && end >= first ? undefined : `it begins at ${first}, and the verdict says ${problem.seq}`;
}
