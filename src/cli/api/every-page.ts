/** One page of a list, and where the next one begins; null where there is none. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The most items that one page has. */
const LIMIT = 200;

/** Every item of a list, page by page. */
export async function everyPage<T>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<PageOf<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: PageOf<T> = await read({ limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
