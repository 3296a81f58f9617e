import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { isUuid } from '../../../domain/uuid.js';
import type { Confirmation, KeyEntry, KeyRequest, PersonKeys, StoredPersonKey } from '../../../ports/person-keys.js';
import { append } from '../append-audit.js';
import type { Database, Db } from '../schema.js';

/** Keys of persons as rows: claims, each of which is verified where it is used. */
export function createPersonKeys(db: Db): PersonKeys {
  const registered = () => db.selectFrom('person_keys').selectAll();
  const entriesOf = async (requests: readonly Selectable<Database['key_requests']>[]): Promise<readonly KeyEntry[]> => {
    const ids = requests.map(({ id }) => id);
    const keys = ids.length === 0 ? [] : await registered().where('id', 'in', ids).execute();
    return requests.map((row) => {
      const key = keys.find(({ id }) => id === row.id);
      return { request: requestOf(row), ...(key ? { registered: keyOf(key) } : {}) };
    });
  };
  return {
    async byKid(kid) {
      const row = await registered().where('kid', '=', kid).executeTakeFirst();
      return row && keyOf(row);
    },
    async byId(id) {
      const row = isUuid(id) ? await registered().where('id', '=', id).executeTakeFirst() : undefined;
      return row && keyOf(row);
    },
    unrevoked: async () => (await registered().where('revoked_at', 'is', null).orderBy('id').execute()).map(keyOf),
    isNonceUsed: async (nonce) =>
      (await db.selectFrom('decision_nonces').select('nonce').where('nonce', '=', nonce).executeTakeFirst()) !==
      undefined,
    async entry(id) {
      if (!isUuid(id)) return undefined;
      return (await entriesOf(await db.selectFrom('key_requests').selectAll().where('id', '=', id).execute()))[0];
    },
    entries: async (limit, { person, before }) =>
      entriesOf(
        await db
          .selectFrom('key_requests')
          .selectAll()
          .$if(person !== undefined, (query) => query.where('person_id', '=', person ?? ''))
          .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
          .orderBy('id', 'desc')
          .limit(limit)
          .execute(),
      ),
    confirmed: async (limit) =>
      (
        await db
          .selectFrom('key_requests')
          .selectAll()
          .where('status', '=', 'pending')
          .where('confirmation', 'is not', null)
          .orderBy('requested_at')
          .limit(limit)
          .execute()
      ).map(requestOf),
    ask: ({ id, person, kid, publicKey, at, signature }, event) =>
      db.transaction().execute(async (tx) => {
        const known = await tx.selectFrom('person_keys').select('id').where('kid', '=', kid).executeTakeFirst();
        if (known) return false;
        const made = await tx
          .insertInto('key_requests')
          .values({ id, person_id: person, kid, public_key: publicKey, made_at: at, signature })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (made.numInsertedOrUpdatedRows !== 1n) return false;
        await append(tx, event);
        return true;
      }),
    async confirm(id, confirmation) {
      const confirmed = await db
        .updateTable('key_requests')
        .set({ confirmation: canonicalJson(confirmation) })
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .where('confirmation', 'is', null)
        .executeTakeFirst();
      return confirmed.numUpdatedRows === 1n;
    },
    register: (id, key, { bytes, signature, signedBy }, event) =>
      db.transaction().execute(async (tx) => {
        const judged = await tx
          .updateTable('key_requests')
          .set({ status: 'registered' })
          .where('id', '=', id)
          .where('status', '=', 'pending')
          .executeTakeFirst();
        if (judged.numUpdatedRows !== 1n) return false;
        const { person, kid, publicKey } = key;
        await tx
          .insertInto('person_keys')
          .values({ id, person_id: person, kid, public_key: publicKey, bytes, signature, signed_by: signedBy })
          .execute();
        await append(tx, event);
        return true;
      }),
    refuse: (id, code, event) =>
      db.transaction().execute(async (tx) => {
        const judged = await tx
          .updateTable('key_requests')
          .set({ status: 'refused', code })
          .where('id', '=', id)
          .where('status', '=', 'pending')
          .executeTakeFirst();
        if (judged.numUpdatedRows !== 1n) return false;
        await append(tx, event);
        return true;
      }),
    revoke: (id, by, event) =>
      db.transaction().execute(async (tx) => {
        const revoked = await tx
          .updateTable('person_keys')
          .set({ revoked_at: sql<Date>`now()`, revoked_by: by })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows !== 1n) return false;
        await append(tx, event);
        return true;
      }),
  };
}

function keyOf(row: Selectable<Database['person_keys']>): StoredPersonKey {
  return {
    id: row.id,
    person: row.person_id,
    kid: row.kid,
    bytes: row.bytes,
    signature: row.signature,
    signedBy: row.signed_by,
    registeredAt: row.registered_at,
    ...(row.revoked_at ? { revokedAt: row.revoked_at } : {}),
    ...(row.revoked_by === null ? {} : { revokedBy: row.revoked_by }),
  };
}

function requestOf(row: Selectable<Database['key_requests']>): KeyRequest {
  return {
    id: row.id,
    person: row.person_id,
    kid: row.kid,
    publicKey: row.public_key,
    at: row.made_at,
    signature: row.signature,
    requestedAt: row.requested_at,
    ...(row.confirmation === null ? {} : { confirmation: confirmationOf(row.confirmation) }),
    status: row.status as KeyRequest['status'],
    ...(row.code === null ? {} : { code: row.code }),
  };
}

/** A text that is no confirmation is one that nothing verifies. */
function confirmationOf(text: string): Confirmation {
  try {
    const { by, kid, at, signature } = JSON.parse(text) as Confirmation;
    if ((by === null || typeof by === 'string') && [kid, at, signature].every((each) => typeof each === 'string'))
      return { by, kid, at, signature };
  } catch {
    // Judged as what it is: signed by nobody.
  }
  return { by: '', kid: '', at: '', signature: '' };
}
