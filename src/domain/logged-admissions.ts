import { admittedByProblems } from './admitted-by.js';
import type { AdmittingPerson } from './admitting-person.js';
import type { Admission, RunbookVersion, SignedAdmission } from './admission.js';
import type { AuditEvent } from './audit.js';
import { MOST_SIGNED_APART_MS } from './decision-proof.js';
import type { Grant } from './grant.js';
import type { JudgedEvent } from './judged-time.js';
import type { LoggedKeys } from './logged-keys.js';
import type { Result } from './result.js';
import { timeIn } from './time.js';

type Statement = Omit<SignedAdmission, 'status'>;

/** Judges an admission; `seq` is the event of the audit log in which it stands. */
export type VerifyAdmission = (signed: Statement, seq?: number) => Result<Admission, { readonly why: string }>;

/** An admission of the log. */
interface Known {
  readonly runbook: RunbookVersion;
  readonly signed: Statement;
  /** The first event that disabled or revoked it, and the earliest time of such an event (milliseconds); undefined while it is in force. */
  ended?: { readonly seq: number; readonly at: number };
}

type Text = Readonly<Record<string, string>>;

/**
 * Verifies, event by event, the admissions in a log and that jobs were planned, approved and claimed under one. Needs the public grant
 * key alone. A log without an admission is one of a version that had none: nothing in it is judged by admissions.
 */
export function loggedAdmissions(verify: VerifyAdmission, keys: LoggedKeys) {
  const known = new Map<string, Known>();
  /** The signatures of people that were used. */
  const nonces = new Set<string>();
  /** Of each job: the event with which its planning began last. */
  const planning = new Map<string, number>();
  /** Of each job: the plan that was made last, and the admission that it names. */
  const planned = new Map<string, { readonly plan: string; readonly admission: string }>();
  /** Of each grant: the content that it lets run. */
  const granted = new Map<string, string>();

  function admit(seq: number, data: Text): readonly string[] {
    const { admission: bytes = '', signature = '', kid = '' } = data;
    const signed = { id: '', bytes, signature, kid };
    const read = verify(signed, seq);
    if (!read.ok) return [`the admission does not hold: ${read.error.why}`];
    const { id, runbook, by } = read.value;
    const said = { id: data.runbook, version: data.version, contentSha256: data.contentSha256 };
    const other =
      runbook.id !== said.id ||
      runbook.version !== said.version ||
      runbook.contentSha256 !== said.contentSha256 ||
      by.how !== data.how;
    const used = by.how === 'people' ? reused(by.people) : [];
    const twice = known.has(id);
    if (!twice) known.set(id, { runbook, signed });
    return [
      ...(other ? ['the admission is that of another version'] : []),
      ...(twice ? [`the log has another admission with the id ${id}`] : []),
      ...admittedByProblems(read.value, keys),
      ...used,
    ];
  }

  /** A signature admits one version once: whoever admits it again signs again. */
  function reused(people: readonly AdmittingPerson[]): readonly string[] {
    return people.flatMap(({ person, proof }) => {
      if (proof.kind !== 'key') return [];
      const once = `${proof.kid} ${proof.nonce}`;
      if (!nonces.has(once)) {
        nonces.add(once);
        return [];
      }
      return [`the signature of ${person.name} was used before`];
    });
  }

  /** Whether an event about a runbook, or about one version of it, is about this admission. */
  const isMeant = ({ runbook }: Known, data: Text) =>
    runbook.id === data.runbook && [runbook.contentSha256, null, undefined].includes(data.contentSha256);

  /** The earliest end counts: none gives back what one before took away. At no time is from the start. */
  function end(seq: number, { at, data }: AuditEvent): void {
    for (const each of known.values()) {
      if (!isMeant(each, data as Text)) continue;
      const { ended = { seq, at: Infinity } } = each;
      each.ended = { seq: ended.seq, at: Math.min(ended.at, timeIn(at, -Infinity)) };
    }
  }

  function plan(seq: number, { job, data }: AuditEvent): readonly string[] {
    const { admission, planSha256: digest = '' } = data as Text;
    if (admission === undefined) return [];
    planned.set(job ?? '', { plan: digest, admission });
    const under = known.get(admission);
    if (!under) return ['the plan names an admission that is not in the log before it'];
    // It is looked at after the planning began and before the plan was made.
    const { ended } = under;
    if (ended === undefined || ended.seq >= (planning.get(job ?? '') ?? seq)) return [];
    return [`the plan names an admission that event ${ended.seq} had ended`];
  }

  /** Why nothing of this content could run at that time: an admission may end while it is looked at, and by another clock. */
  function notInForce(contentDigest: string, { seq, at }: Pick<JudgedEvent, 'seq' | 'at'>): string | undefined {
    if (known.size === 0) return undefined;
    const all = [...known.values()].filter(({ runbook }) => runbook.contentSha256 === contentDigest);
    if (all.length === 0) return 'no admission in the log before it is for this version of the runbook';
    // Of a key that was revoked by then: nothing that it signed lets anything run.
    const counted = all.filter(({ signed }) => verify(signed, seq).ok);
    if (counted.length === 0) return 'the admissions of this version are signed by a key that was revoked';
    const last = Math.max(...counted.map(({ ended }) => ended?.at ?? Infinity));
    return last + MOST_SIGNED_APART_MS < at ? 'the admissions of this version had ended' : undefined;
  }

  function approve({ seq, event: { job }, at }: JudgedEvent, grant: Grant): readonly string[] {
    const { contentSha256 = '' } = (grant.runbook as RunbookVersion | undefined) ?? {};
    granted.set(grant.jti, contentSha256);
    const under = planned.get(job ?? '');
    const runbook = under?.plan === grant.planSha256 ? known.get(under.admission)?.runbook : undefined;
    const other = runbook !== undefined && runbook.contentSha256 !== contentSha256;
    return [
      ...(other ? ['the grant is for another version than the admission that its plan names'] : []),
      ...[notInForce(contentSha256, { seq, at }) ?? []].flat(),
    ];
  }

  return {
    /** What is wrong with an event; `grant` is that of an approval, verified. */
    problems(one: JudgedEvent, grant?: Grant): readonly string[] {
      const { seq, event } = one;
      const data = event.data as Text;
      if (grant !== undefined) return approve(one, grant);
      switch (event.action) {
        case 'runbook.admitted':
          return admit(seq, data);
        case 'runbook.disabled':
        case 'runbook.revoked':
          end(seq, event);
          return [];
        case 'job.planning-started':
          planning.set(event.job ?? '', seq);
          return [];
        case 'job.planned':
          return plan(seq, event);
        case 'job.claimed': {
          const content = granted.get(data.jti ?? '');
          return content === undefined ? [] : [notInForce(content, one) ?? []].flat();
        }
        default:
          return [];
      }
    },
  };
}
