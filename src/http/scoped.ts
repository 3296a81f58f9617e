import { page } from './page.js';

/** Items that are read at a time, and at most for one answer, where the reader may not see all of them. */
const STEP = 200;
const MOST = 4000;

interface Scoped<T> {
  /** Items after a cursor, in the order of the list. */
  readonly read: (after: string | undefined, limit: number) => Promise<readonly T[]>;
  readonly cursorOf: (item: T) => string;
  /** Whether the reader may see an item; undefined: all of them. */
  readonly see: ((item: T) => boolean) | undefined;
}

/**
 * A page of what a person may see of a list. Where they may not see everything, a page may be short and still have a `next`: no answer
 * reads more than 4,000 items.
 */
export async function scopedPage<T>({ read, cursorOf, see }: Scoped<T>, after: string | undefined, limit: number) {
  if (!see) return page(await read(after, limit), limit, cursorOf);
  const items: T[] = [];
  let last = after;
  for (let seen = 0; seen < MOST;) {
    const batch = await read(last, STEP);
    for (const item of batch) {
      last = cursorOf(item);
      if (see(item)) items.push(item);
      if (items.length === limit) return { items, next: opaque(last) };
    }
    seen += batch.length;
    if (batch.length < STEP) return { items, next: null };
  }
  return { items, next: last === undefined ? null : opaque(last) };
}

const opaque = (cursor: string): string => Buffer.from(cursor).toString('base64url');
