import type { Db } from '../schema.js';
import { sql } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { utcText } from '../../../domain/time.js';
import type { Heartbeats } from '../../../ports/heartbeats.js';

export function createHeartbeats(db: Db): Heartbeats {
  return {
    async beat(part, instance, detail) {
      // The writer's own clock beside the database's: how far they are apart is read from the two.
      const row = { at: sql<Date>`now()`, detail: canonicalJson({ ...detail, clock: utcText(new Date()) }) };
      await db
        .insertInto('heartbeats')
        .values({ part, instance, ...row })
        .onConflict((conflict) => conflict.columns(['part', 'instance']).doUpdateSet(row))
        .execute();
    },
    async read() {
      const rows = await db
        .selectFrom('heartbeats')
        .selectAll()
        .select(sql<number>`extract(epoch FROM clock_timestamp() - at)::double precision * 1000`.as('age_ms'))
        .where('at', '>', sql<Date>`now() - interval '1 hour'`)
        .execute();
      return rows.map((row) => ({
        part: row.part,
        instance: row.instance,
        at: row.at,
        ageMs: Math.max(0, row.age_ms),
        detail: JSON.parse(row.detail) as Readonly<Record<string, string>>,
      }));
    },
  };
}
