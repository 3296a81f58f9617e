import type { AuditEvent } from '../../domain/audit.js';
import { labelledDigest } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import { fail } from '../../domain/result.js';
import type { Named, NamedStore, Stored } from '../../ports/named-store.js';
import { personEvent } from '../facts.js';
import { scopeOf } from '../submit/idempotency.js';

type Kind = 'calendar' | 'selection';

/**
 * The three changes of what people keep under names. Each is in the audit log with the digest of the form before and after.
 * @param refuse why a wish is not kept as it is; undefined where it is
 */
export function editsOf<T extends Named, K extends Kind, InUse extends string, Refusal>(
  kind: K,
  store: NamedStore<T, K, InUse>,
  newId: () => string,
  refuse: (wish: Omit<T, 'id'>) => Refusal | undefined,
) {
  const digestOf = (value: T | undefined) =>
    value === undefined ? null : labelledDigest(`fixpoint-${kind}-v1`, value);
  const event = (
    actor: Actor,
    change: 'created' | 'changed' | 'deleted',
    { id, name }: T,
    before: T | undefined,
    after: T | undefined,
  ): AuditEvent =>
    personEvent(newId, actor.person, `${kind}.${change}`, undefined, {
      data: { [kind]: id, name, before: digestOf(before), after: digestOf(after) },
    });
  return {
    async create(actor: Actor, key: string, wish: Omit<T, 'id'>) {
      const refusal = refuse(wish);
      if (refusal !== undefined) return fail(refusal);
      const value = { ...wish, id: newId() } as T;
      const scope = scopeOf(actor, `POST /v1/${kind}s`, key, wish);
      return store.create(scope, value, event(actor, 'created', value, undefined, value));
    },
    /** What goes by it does so from its next look on; what was made by it stays. */
    async replace(actor: Actor, { value: before, revision }: Stored<T>, wish: Omit<T, 'id'>) {
      const refusal = refuse(wish);
      if (refusal !== undefined) return fail(refusal);
      const value = { ...wish, id: before.id } as T;
      return store.replace(value, revision, event(actor, 'changed', value, before, value));
    },
    /** @param revision undefined: whatever was changed meanwhile */
    remove(actor: Actor, { value }: Stored<T>, revision: number | undefined) {
      return store.remove(value.id, revision, event(actor, 'deleted', value, value, undefined));
    },
  };
}
