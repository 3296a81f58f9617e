import type { VerifyGrant } from './audit-line.js';
import { GENESIS, linkHash, parseEvent, type AuditEvent, type ChainedEvent } from './audit.js';
import { writes } from './audit-writers.js';
import type { Checkpoint } from './checkpoint.js';
import { checkpointedLog } from './checkpointed-log.js';
import { shapeProblem, textsIn } from './event-shape.js';
import type { Grant, SignedGrant } from './grant.js';
import { judgedTimes } from './judged-time.js';
import { loggedAdmissions, type VerifyAdmission } from './logged-admissions.js';
import { loggedKeys, type VerifyPersonKey } from './logged-keys.js';
import { loggedRollouts, type VerifyRolloutGrant } from './logged-rollouts.js';
import { loggedSubjects } from './logged-subjects.js';
import type { VerifyRestore } from './restore-statement.js';
import type { SubjectVerify } from './subject-admission.js';
import { decisionProblems } from './signed-decisions.js';

export interface AuditProblem {
  readonly seq: number;
  readonly reason: string;
}

export interface AuditVerdict {
  /** No problem, and nothing is known to be missing. */
  readonly ok: boolean;
  readonly events: number;
  /** Hash of the last event: keep it elsewhere, and a log that was cut shows. */
  readonly head: string;
  /** The first is where the log stops being what was written. At most a hundred. */
  readonly problems: readonly AuditProblem[];
  /** How many problems there are. */
  readonly problemCount: number;
  /** Every event has the next number, follows the one before it and is what was chained. */
  readonly chained: boolean;
  /** What was kept elsewhere and is not in the log: it was cut, or it is the log of another installation. */
  readonly missing: readonly string[];
  /** What a restore from a backup took away, as the log says itself, signed. */
  readonly restored: readonly string[];
  /** How many restores the log has, signed or not. */
  readonly restores: number;
  /** Events under the newest checkpoint that the log fits: those after it are protected by access rights only. */
  readonly covered: number;
}

/** What the log is compared with, besides itself. */
export interface VerifyWith {
  readonly verify: VerifyGrant;
  /** Judges the registration of a person's key. */
  readonly verifyPersonKey: VerifyPersonKey;
  /** Judges the signature of an admission. */
  readonly verifyAdmission: VerifyAdmission;
  /** The same of what is said of a target or the policy. */
  readonly verifySubject: SubjectVerify;
  /** The same of the grant of a rollout. */
  readonly verifyRolloutGrant: VerifyRolloutGrant;
  /** Judges the signature of a restore from a backup. */
  readonly verifyRestore: VerifyRestore;
  /** After more restores than this the log is another one than that up to which a revoked key is trusted; default any. */
  readonly trustedRestores?: number;
  /** Checkpoints whose signatures were verified. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Hash of an event that must be in the log. */
  readonly head?: string;
}

/** A grant and the number of the event in which it stands. */
export interface LoggedGrant {
  readonly seq: number;
  readonly signed: SignedGrant;
}

const MOST_PROBLEMS = 100;

/** The grant in a `job.approved`, as it was signed. */
function signedGrantOf({ job, data }: AuditEvent): SignedGrant {
  const { grant: bytes = '', signature = '', kid = '', jti = '' } = textsIn(data);
  return { jti, job: job ?? '', bytes, signature, kid };
}

/** The grants in these links, for whoever judges signatures ahead. A link that is no event in canonical form has none. */
export function grantsIn(links: readonly ChainedEvent[]): readonly LoggedGrant[] {
  return links
    .filter(({ event }) => event.startsWith('{"action":"job.approved"'))
    .flatMap(({ seq, event: text }) => {
      const event = parseEvent(text);
      return event ? [{ seq, signed: signedGrantOf(event) }] : [];
    });
}

/** Verifies a log event by event; `add` as they come, `end` for the verdict. Needs no database, only the public key. */
export function auditVerifier(judges: VerifyWith) {
  const { checkpoints = [], trustedRestores = Infinity, head: wanted } = judges;
  const tree = checkpointedLog(checkpoints, judges.verifyRestore);
  /** A judge that is asked where a signature stands; beyond what is trusted it stands in no event. */
  const placed =
    <Signed, Said>(judge: (signed: Signed, seq?: number) => Said) =>
    (signed: Signed, seq?: number): Said =>
      judge(signed, tree.restores > trustedRestores ? undefined : seq);
  const verify = placed(judges.verify);
  const problems: AuditProblem[] = [];
  const submitted = new Set<string>();
  const approved = new Map<string, { job: string; plan: string }>();
  const used = new Map<string, string>();
  const keys = loggedKeys(placed(judges.verifyPersonKey));
  const admissions = loggedAdmissions(placed(judges.verifyAdmission), keys);
  const subjects = loggedSubjects(placed(judges.verifySubject), keys);
  const rollouts = loggedRollouts(placed(judges.verifyRolloutGrant), keys);
  const judged = judgedTimes();
  let seq = 0;
  let head = GENESIS;
  let seen = wanted === undefined;
  /** The first event whose link shows that it is not what was chained: nothing before it is in doubt. */
  let broken: number | undefined;
  let chained = true;
  let count = 0;
  const found = (at: number, reason: string) => {
    count += 1;
    if (problems.length < MOST_PROBLEMS) problems.push({ seq: at, reason });
  };
  const breaks = (at: number, reason: string) => {
    broken ??= at;
    found(at, reason);
  };
  const unchained = (at: number, reason: string) => {
    chained = false;
    breaks(at, reason);
  };
  return {
    add(link: ChainedEvent): void {
      seq += 1;
      if (link.seq !== seq)
        unchained(link.seq, `has number ${link.seq} where ${seq} is due: an event was taken out, doubled or moved`);
      seq = link.seq;
      if (link.prevHash !== head) unchained(link.seq, 'does not follow the event before it');
      if (linkHash(link.seq, link.prevHash, link.writer, link.event) !== link.hash)
        unchained(link.seq, 'is not what was chained: its bytes, writer or number changed');
      head = link.hash;
      seen ||= head === wanted;
      tree.add(link);
      const event = parseEvent(link.event);
      if (!event) return breaks(link.seq, 'is not an event in canonical form');
      try {
        check(link, event);
      } catch {
        // Whatever an event holds, the next one is looked at.
        found(link.seq, 'holds what no rule can read');
      }
    },
    end(): AuditVerdict {
      const divergences = tree.divergences();
      const covered = checkpoints.filter((each) => !divergences.some(({ checkpoint }) => checkpoint === each));
      const fits = (size: number) => Math.max(0, ...covered.map((each) => each.size).filter((each) => each < size));
      const [first] = divergences.filter(({ how, restoredBy }) => how === 'different' && restoredBy === undefined);
      // A chain that was hashed anew shows against a checkpoint alone: between the last one that fits and the first that does not.
      if (first && (broken ?? Infinity) > first.checkpoint.size) {
        const { size } = first.checkpoint;
        const reason = `or one up to ${size} is not what was signed: a checkpoint does not fit`;
        problems.unshift({ seq: fits(size) + 1, reason });
        count += 1;
      }
      const unfinished = subjects.unfinished();
      const missing = divergences.filter(({ how, restoredBy }) => how === 'missing' && restoredBy === undefined);
      return {
        ok: problems.length === 0 && missing.length === 0 && unfinished.length === 0 && seen,
        events: tree.size,
        head,
        problems,
        problemCount: count,
        chained,
        missing: [
          ...missing
            .slice(-1)
            .map(({ checkpoint: { size } }) => `a checkpoint covers ${size} events, and the log has ${tree.size}`),
          ...(seen || wanted === undefined ? [] : [`no event has the head ${wanted}`]),
          ...unfinished.map((request) => `not every admission of the request ${request} is in the log`),
        ],
        restored: divergences.flatMap(({ checkpoint, restoredBy }) =>
          restoredBy === undefined
            ? []
            : [
                `event ${restoredBy} says that a restore took away what a checkpoint over ${checkpoint.size} events covers`,
              ],
        ),
        restores: tree.restores,
        covered: Math.max(0, ...covered.map(({ size }) => size)),
      };
    },
  };

  /** What one event says must fit what others said before. */
  function check(link: ChainedEvent, event: AuditEvent): void {
    const job = event.job ?? '';
    const data = event.data as Readonly<Record<string, string>>;
    const one = judged(link, event);
    if (!writes(link.writer, event.action))
      found(link.seq, `was written by ${link.writer}, which writes no ${event.action}`);
    if (event.action === 'job.submitted') submitted.add(job);
    else if (job !== '' && !submitted.has(job)) found(link.seq, 'is about a job that nobody submitted before');
    const misshapen = shapeProblem(event);
    if (misshapen !== undefined) return found(link.seq, misshapen);
    let granted: Grant | undefined;
    if (event.action === 'job.approved') {
      const grant = signedGrantOf(event);
      const { jti } = grant;
      const signed = verify(grant, link.seq);
      if (!signed.ok) return found(link.seq, `the approval has no valid grant: ${signed.error.why}`);
      if (signed.value.job !== job || signed.value.jti !== jti) found(link.seq, 'the grant belongs to another job');
      if (signed.value.planSha256 !== data.planSha256) found(link.seq, 'the grant is for another plan');
      granted = signed.value;
      approved.set(jti, { job, plan: signed.value.planSha256 });
    }
    const unregistered = keys.add(link.seq, event);
    if (unregistered !== undefined) found(link.seq, unregistered);
    for (const problem of decisionProblems(one, keys, granted)) found(link.seq, problem);
    for (const problem of admissions.problems(one, granted)) found(link.seq, problem);
    for (const problem of subjects.problems(one, granted)) found(link.seq, problem);
    for (const problem of rollouts.problems(one, link.writer, granted)) found(link.seq, problem);
    if (event.action === 'grant.used') {
      const grant = approved.get(data.jti ?? '');
      if (grant?.job !== job) found(link.seq, 'a grant was used that was not issued for this job');
      if (used.has(data.jti ?? '')) found(link.seq, 'a grant was used twice');
      used.set(data.jti ?? '', job);
    }
    if (event.action === 'change.intent') {
      const jti = data.jti ?? '';
      if (used.get(jti) !== job) found(link.seq, 'a change was begun without the use of a grant for this job');
    }
  }
}
