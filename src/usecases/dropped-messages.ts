import { sha256 } from '../domain/digest.js';
import type { Message } from '../ports/queue.js';
import type { AuditLog } from '../ports/audit-log.js';
import { serviceEvent } from './facts.js';

/** Why a message moved nothing: no such delivery, delivered before, or its job has ended. */
export type DropReason = 'unknown' | 'used' | 'ended';

const A_MINUTE = 60_000;
/** Audit events for single messages per minute; one more event counts the rest, so that a flood costs bounded space. */
const MOST_PER_MINUTE = 20;

/** Audits messages that were dropped. What a forged one says of itself is kept as a digest only. */
export function createDropLog(
  audit: Pick<AuditLog, 'append'>,
  newId: () => string,
  clock: () => number = () => performance.now(),
) {
  let since = clock();
  let written = 0;
  let withheld = 0;
  const fact = (data: Record<string, string | number>) =>
    audit.append(serviceEvent(newId, 'worker', 'job.message-dropped', undefined, { outcome: 'denied', data }));
  return {
    async dropped(message: Pick<Message, 'id' | 'jobId'>, reason: DropReason): Promise<void> {
      await this.flush();
      written += 1;
      if (written > MOST_PER_MINUTE) {
        withheld += 1;
        return;
      }
      // The job of a message that we sent is in the database; any other id is the sender's claim.
      const about = reason === 'unknown' ? {} : { job: message.jobId };
      await fact({ reason, messageSha256: sha256(`${message.id}\0${message.jobId}`), ...about });
    },
    /** Starts a new minute when one has passed; call it from time to time, and at the end with `force`. */
    async flush(force = false): Promise<void> {
      if (!force && clock() - since < A_MINUTE) return;
      const count = withheld;
      since = clock();
      written = 0;
      withheld = 0;
      if (count > 0) await fact({ reason: 'more', count });
    },
  };
}
