import { GENESIS, linkHash, parseEvent, type AuditEvent, type ChainedEvent } from './audit.js';
import type { Grant, SignedGrant } from './grant.js';
import type { Result } from './result.js';

export interface AuditProblem {
  readonly seq: number;
  readonly reason: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly events: number;
  /** Hash of the last event: keep it elsewhere, and a log that was cut shows. */
  readonly head: string;
  /** The first is where the log stops being what was written. */
  readonly problems: readonly AuditProblem[];
}

type Verify = (signed: SignedGrant) => Result<Grant, { readonly why: string }>;

/** Verifies a log event by event; `add` as they come, `end` for the verdict. Needs no database, only the public key. */
export function auditVerifier(verify: Verify) {
  const problems: AuditProblem[] = [];
  const approved = new Map<string, { job: string; plan: string }>();
  const used = new Map<string, string>();
  let seq = 0;
  let head = GENESIS;
  const found = (at: number, reason: string) => {
    if (problems.length < 100) problems.push({ seq: at, reason });
  };
  return {
    add(link: ChainedEvent): void {
      seq += 1;
      if (link.seq !== seq)
        found(link.seq, `has number ${link.seq} where ${seq} is due: an event was taken out, doubled or moved`);
      seq = link.seq;
      if (link.prevHash !== head) found(link.seq, 'does not follow the event before it');
      if (linkHash(link.seq, link.prevHash, link.writer, link.event) !== link.hash)
        found(link.seq, 'is not what was chained: its bytes, writer or number changed');
      head = link.hash;
      const event = parseEvent(link.event);
      if (!event) return found(link.seq, 'is not an event in canonical form');
      check(link, event);
    },
    end(): AuditVerdict {
      return { ok: problems.length === 0, events: seq, head, problems };
    },
  };

  /** What one event says must fit what others said before. */
  function check(link: ChainedEvent, event: AuditEvent): void {
    const job = event.job ?? '';
    const data = event.data as Readonly<Record<string, string>>;
    if (event.action === 'job.approved') {
      if (link.writer !== 'fixpoint_authority')
        found(link.seq, `an approval was written by ${link.writer}, not by authority`);
      const { grant: bytes = '', signature = '', kid = '', jti = '' } = data;
      const signed = verify({ jti, job, bytes, signature, kid });
      if (!signed.ok) return found(link.seq, `the approval has no valid grant: ${signed.error.why}`);
      if (signed.value.job !== job || signed.value.jti !== jti) found(link.seq, 'the grant belongs to another job');
      if (signed.value.planSha256 !== data.planSha256) found(link.seq, 'the grant is for another plan');
      approved.set(jti, { job, plan: signed.value.planSha256 });
    }
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
