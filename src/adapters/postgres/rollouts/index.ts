import { sql, type Kysely } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { isUuid } from '../../../domain/uuid.js';
import type { Rollouts } from '../../../ports/rollouts.js';
import { append } from '../append-audit.js';
import { roleName } from '../install/roles.js';
import { firstList } from '../jobs/submit-list.js';
import type { Nudges } from '../nudges.js';
import type { Database } from '../schema.js';
import { judgeDecision } from './judge.js';
import { planList, rolloutRecord, stopsOf } from './record.js';
import { decisionOf, rolloutOf } from './rows.js';
import { readRollout, submitRollout } from './submit.js';

export function createRollouts(db: Kysely<Database>, nudges: Nudges): Rollouts {
  return {
    async submit(key, rollout) {
      const submitted = await submitRollout(db, key, rollout);
      if (submitted.ok && !submitted.value.repeated) {
        nudges.outbox();
        for (const { job } of rollout.jobs) nudges.job(job.id);
      }
      return submitted;
    },
    first: (key) => firstList(db, key, readRollout),
    get: (id) => (isUuid(id) ? readRollout(db, id) : Promise.resolve(undefined)),
    record: (id) => rolloutRecord(db, id),
    list: async ({ requester, open, before, limit }) =>
      (
        await db
          .selectFrom('rollouts')
          .selectAll()
          .$if(requester !== undefined, (query) => query.where('requester_id', '=', requester ?? ''))
          .$if(open === true, (query) => query.where('status', '<>', 'ended'))
          .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
          .orderBy('id', 'desc')
          .limit(limit)
          .execute()
      ).map(rolloutOf),
    planList: (rollout, root) => planList(db, rollout, root),
    decide: (decision, list) =>
      db.transaction().execute(async (tx) => {
        const { id, rollout, kind, root, ends, exclude, person, reason, executeBy, onFailure, proof, decidedAt } =
          decision;
        if (list !== undefined && root !== undefined)
          await tx
            .insertInto('rollout_lists')
            .values({ rollout, root, bytes: list })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        const made = await tx
          .insertInto('rollout_decisions')
          .values({
            ...{ id, rollout, kind, root: root ?? null, ends: canonicalJson(ends), exclude: canonicalJson(exclude) },
            ...{ person_id: person.id, person: canonicalJson(person), reason, proof: canonicalJson(proof) },
            ...{ execute_by: executeBy ?? null, on_failure: onFailure ?? null, decided_at: decidedAt },
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        return made.numInsertedOrUpdatedRows === 1n;
      }),
    stop: ({ id, rollout, kind, items, person, reason, code, wave }, event) =>
      db.transaction().execute(async (tx) => {
        // Each writer names the columns that it may write.
        const by = person
          ? { person_id: person.id, person: canonicalJson(person), reason: reason ?? null }
          : { code: code ?? null, wave: wave ?? null };
        await tx
          .insertInto('rollout_stops')
          .values({ id, rollout, kind, items: canonicalJson(items), ...by })
          .execute();
        await append(tx, event);
      }),
    stops: (id) => stopsOf(db, id),
    async isHeld(id) {
      // A pause that an accepted decision does not name, or an abort.
      const row = await db
        .selectFrom('rollout_stops as stop')
        .select('stop.id')
        .where('stop.rollout', '=', id)
        .where('stop.kind', 'in', ['pause', 'abort'])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('rollout_decisions as resume')
                .select('resume.id')
                .whereRef('resume.rollout', '=', 'stop.rollout')
                .where('resume.kind', '=', 'resume')
                .where('resume.status', '=', 'accepted')
                .where('stop.kind', '=', 'pause')
                .where(sql<boolean>`resume.ends::jsonb ? stop.id::text`),
            ),
          ),
        )
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async findDecision(id) {
      const row = await db.selectFrom('rollout_decisions').selectAll().where('id', '=', id).executeTakeFirst();
      return row && decisionOf(row);
    },
    pendingDecisions: async (limit) =>
      (
        await db
          .selectFrom('rollout_decisions')
          .selectAll()
          .where('status', '=', 'pending')
          .orderBy('n')
          .limit(limit)
          .execute()
      ).map(decisionOf),
    live: async (limit) =>
      (
        await db.selectFrom('rollouts').select('id').where('status', '<>', 'ended').orderBy('id').limit(limit).execute()
      ).map(({ id }) => id),
    async submission(id) {
      const row = await db
        .selectFrom('audit_events')
        .select(['writer', 'bytes'])
        .where('action', '=', 'rollout.submitted')
        .where('writer', '=', roleName('api'))
        .where(sql<boolean>`bytes::jsonb->'data'->>'rollout' = ${id}`)
        .executeTakeFirst();
      return row && { writer: row.writer, event: row.bytes };
    },
    judge: (id, judgement) => judgeDecision(db, id, judgement),
    markWave: (rollout, wave, what, event) =>
      db.transaction().execute(async (tx) => {
        const marked = await tx
          .insertInto('rollout_waves')
          .values({ rollout, wave, what })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (marked.numInsertedOrUpdatedRows === 1n) await append(tx, event);
      }),
    setStatus: (id, status, ending, event) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('rollouts')
          .set({ status, ending: ending ?? null })
          .where('id', '=', id)
          .where('status', '<>', 'ended')
          .executeTakeFirst();
        if (event && numUpdatedRows === 1n) await append(tx, event);
      }),
    alone: (id, work) =>
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<{
          held: boolean;
        }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${id}, 0)) AS held`.execute(tx);
        if (rows[0]?.held !== true) return false;
        await work();
        return true;
      }),
  };
}
