import { sql, type Kysely } from 'kysely';
import type { JobStore } from '../../../ports/job-store.js';
import { decisionOf, seeJob } from './job-view.js';
import type { Database } from '../schema.js';
import type { Nudges } from '../nudges.js';
import { createRecentLooks } from './recent-looks.js';
import { transition } from './transition.js';

export function createJobStore(db: Kysely<Database>, nudges: Nudges): JobStore {
  const looks = createRecentLooks();
  const look = async (id: string) => {
    const seen = await seeJob(db, id);
    return seen && looks.keep(seen).view;
  };
  return {
    get: async (id) => (await look(id))?.job,
    view: look,
    transition: (id, decide) => transition(db, nudges, looks, id, decide),
    renewLease: async (id, epoch, forMs) => {
      const until = sql<Date>`now() + ${forMs} * interval '1 millisecond'`;
      const renewed = await db
        .updateTable('jobs')
        .set({ lease_until: until, wake_at: until })
        .where('id', '=', id)
        .where('epoch', '=', epoch)
        .where('state', 'in', ['planning', 'running', 'rolling-back', 'waiting', 'unknown', 'needs-attention'])
        .returning('cancel')
        .executeTakeFirst();
      return { ours: renewed !== undefined, cancel: typeof renewed?.cancel === 'string' };
    },
    grant: async (jti) => {
      const row = await db.selectFrom('grants').selectAll().where('jti', '=', jti).executeTakeFirst();
      if (!row) return undefined;
      const { job_id: job, bytes, signature, kid, revoked_at: revokedAt } = row;
      return { jti, job, bytes, signature, kid, ...(revokedAt ? { revokedAt } : {}) };
    },
    grantUse: async (jti) => {
      const row = await db.selectFrom('grant_use').selectAll().where('jti', '=', jti).executeTakeFirst();
      return row ? { job: row.job_id, epoch: Number(row.epoch) } : undefined;
    },
    pendingDecisions: async (limit) =>
      (
        await db.selectFrom('decisions').selectAll().where('status', '=', 'pending').orderBy('n').limit(limit).execute()
      ).map(decisionOf),
  };
}
