import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';

/** A new UUIDv7: time-ordered, so that newest-first is one index scan. */
export const v7 = (): string => uuidv7();

/** How far the clock that makes ids may be from the database's (milliseconds). */
const CLOCKS_APART_MS = 3_600_000;

/** The smallest id that a row of this time or later can have, however far the clocks are apart within an hour. */
export const idFrom = (time: Date): string => bound(time.getTime() - CLOCKS_APART_MS);

/** An id that no row before this time reaches. */
export const idUntil = (time: Date): string => bound(time.getTime() + CLOCKS_APART_MS);

function bound(ms: number): string {
  const hex = Math.max(0, Math.min(ms, 2 ** 48 - 1))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Before every id: where a pass over ids begins. */
export const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Any of these ids: one parameter, whatever their number. */
export const anyUuid = (ids: readonly string[]) => sql<string>`ANY (${ids}::uuid[])`;
