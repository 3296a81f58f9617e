/** A page of a list; `next` is opaque and null on the last one. */
export function page<T>(items: readonly T[], limit: number, cursorOf: (item: T) => string) {
  const last = items.at(-1);
  const next = items.length === limit && last !== undefined ? Buffer.from(cursorOf(last)).toString('base64url') : null;
  return { items, next };
}

export const DEFAULT_LIMIT = 50;

/** What a cursor says, which need not be anything that a page gave out. */
export function cursorText(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8').replaceAll('\0', '');
}
