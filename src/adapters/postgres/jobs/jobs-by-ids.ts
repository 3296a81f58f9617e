import type { Job } from '../../../domain/job.js';
import { anyUuid } from '../ids.js';
import { isUuid } from '../../../domain/uuid.js';
import type { Db } from '../schema.js';
import { jobOf } from './job-row.js';

/** These jobs without their plans; an id that no job has is left out. */
export async function jobsByIds(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Job>> {
  const possible = ids.filter(isUuid);
  if (possible.length === 0) return new Map();
  const rows = await db.selectFrom('jobs').selectAll().where('id', '=', anyUuid(possible)).execute();
  return new Map(rows.map((row) => [row.id, jobOf(row, undefined)]));
}
