import type { Actor } from '../domain/people.js';
import type { Result } from '../domain/result.js';
import type { Made } from '../ports/idempotency.js';
import type { Named, Stored } from '../ports/named-store.js';
import { etagOf, matches } from './etag.js';
import { failure } from './route.js';
import type { Failure } from './problem.js';

/** Where things of a kind are found, and how they are changed. */
interface Kept<T extends Named> {
  readonly store: {
    find(idsOrNames: readonly string[]): Promise<readonly Stored<T>[]>;
    list(): Promise<readonly Stored<T>[]>;
  };
  readonly notFound: Failure;
  readonly edits: {
    create(actor: Actor, key: string, wish: Omit<T, 'id'>): Promise<Result<Made<T>, Failure>>;
    replace(actor: Actor, before: Stored<T>, wish: Omit<T, 'id'>): Promise<Result<Stored<T>, Failure>>;
    remove(actor: Actor, stored: Stored<T>, revision: number | undefined): Promise<Result<undefined, Failure>>;
  };
}

/** What routes of things that people keep under names answer, such as those of calendars and selections. @param path such as `/v1/calendars` */
export function namedReplies<T extends Named>(path: string, { store, notFound, edits }: Kept<T>) {
  const find = async (idOrName: string) => (await store.find([idOrName]))[0];
  const shown = ({ value, revision }: Stored<T>) =>
    ({ kind: 'answer', body: value, headers: { ETag: etagOf(revision) } }) as const;
  return {
    async list() {
      const items = (await store.list()).map(({ value }) => value);
      return { kind: 'answer', body: { items, next: null } } as const;
    },
    async show(id: string) {
      const stored = await find(id);
      return stored ? shown(stored) : failure(notFound);
    },
    async create(actor: Actor, key: string, wish: Omit<T, 'id'>) {
      const created = await edits.create(actor, key, wish);
      if (!created.ok) return failure(created.error);
      const { made } = created.value;
      return { kind: 'answer', body: made, headers: { Location: `${path}/${made.id}` } } as const;
    },
    /** @param match the ETag that the caller read, if any */
    async replace(actor: Actor, id: string, match: string | undefined, wish: Omit<T, 'id'>) {
      const stored = await find(id);
      if (!stored) return failure(notFound);
      if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
      const replaced = await edits.replace(actor, stored, wish);
      return replaced.ok ? shown(replaced.value) : failure(replaced.error);
    },
    async remove(actor: Actor, id: string, match: string | undefined) {
      const stored = await find(id);
      if (!stored) return failure(notFound);
      if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
      const removed = await edits.remove(actor, stored, match === undefined ? undefined : stored.revision);
      return removed.ok ? ({ kind: 'answer', body: undefined } as const) : failure(removed.error);
    },
  };
}
