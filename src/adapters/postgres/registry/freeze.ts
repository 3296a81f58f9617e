import type { Db } from '../schema.js';
import { sql } from 'kysely';
import { utcText } from '../../../domain/time.js';
import type { Freeze, FrozenState } from '../../../ports/freeze.js';
import { append } from '../append-audit.js';

export function createFreeze(db: Db): Freeze {
  const read = async (from: Db): Promise<FrozenState> => {
    const row = await from.selectFrom('global_freeze').selectAll().executeTakeFirst();
    return row ? { frozen: true, by: row.by_name, at: utcText(row.at), reason: row.reason } : { frozen: false };
  };
  return {
    read: () => read(db),
    set: (state, event) =>
      db.transaction().execute(async (tx) => {
        if (state) {
          const frozen = await tx
            .insertInto('global_freeze')
            .values({ by_name: state.by, reason: state.reason })
            .onConflict((conflict) => conflict.doNothing())
            .returning('only_row')
            .executeTakeFirst();
          if (!frozen) return read(tx);
        } else {
          const lifted = await tx.deleteFrom('global_freeze').returning('only_row').executeTakeFirst();
          if (!lifted) return read(tx);
          // What waited for the end of the freeze goes on at once.
          await tx
            .updateTable('jobs')
            .set({ wake_at: sql<Date>`now()` })
            .where((eb) =>
              eb.or([
                eb('state', 'in', ['planning', 'queued']),
                eb.and([eb('state', '=', 'deferred'), eb('code', '=', 'frozen')]),
              ]),
            )
            .execute();
          await tx
            .updateTable('jobs')
            .set({ next_try_at: sql<Date>`now()` })
            .where('state', '=', 'deferred')
            .where('code', '=', 'frozen')
            .execute();
        }
        await append(tx, event);
        return read(tx);
      }),
  };
}
