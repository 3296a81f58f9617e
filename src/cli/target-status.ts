import type { Client } from './api/client.js';
import { everyPage } from './api/every-page.js';
import type { TargetStatus } from './api/types.js';
import { visible } from './print.js';

/** Time to the minute, UTC, as lists print it. */
export const minuteOf = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** The status of every target that the person may see, by id. */
export async function allStatuses(client: Client): Promise<ReadonlyMap<string, TargetStatus>> {
  const statuses = await everyPage((query) => client.get('/v1/target-status', { query }));
  return new Map(statuses.map((status) => [status.id, status]));
}

/** What keeps jobs from a target, as a list says it; empty where nothing does. */
export function noteOf({ code, triedAt, maintenance }: Partial<TargetStatus>): string {
  if (maintenance) return `in maintenance until ${minuteOf(maintenance.until)}`;
  return code === undefined || triedAt === undefined ? '' : `${code} ${minuteOf(triedAt)}`;
}

/** The same under a target that is shown alone. */
export function statusLines({ seenAt, triedAt, code, maintenance }: TargetStatus): string {
  const seen = seenAt === undefined ? 'by no worker yet' : `${minuteOf(seenAt)} UTC`;
  return [
    `  last seen   ${seen}`,
    ...(code === undefined || triedAt === undefined ? [] : [`  last try    ${code}, ${minuteOf(triedAt)} UTC`]),
    ...(maintenance
      ? [
          `  maintenance until ${minuteOf(maintenance.until)} UTC, by ${visible(maintenance.by)}: ${visible(maintenance.reason)}`,
        ]
      : []),
  ].join('\n');
}
