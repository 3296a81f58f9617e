import { sql, type Selectable } from 'kysely';
import type { StoredToken, Tokens } from '../../../ports/tokens.js';
import { auditBytes } from '../../../domain/audit.js';
import { append } from '../append-audit.js';
import type { Database, Db } from '../schema.js';

export function createTokens(db: Db): Tokens {
  return {
    async find(id) {
      const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
      return row && tokenOf(row);
    },
    list: async (person) =>
      (
        await db
          .selectFrom('tokens')
          .select(PUBLIC)
          .$if(person !== undefined, (query) => query.where('person', '=', person ?? ''))
          .orderBy('created_at', 'desc')
          .execute()
      ).map(publicOf),
    async create({ id, person, kind, secretSha256, createdAt, expiresAt }, event) {
      await sql`SELECT issue_token(${id}, ${person}, ${kind}, ${secretSha256}, ${createdAt}, ${expiresAt},
                                   ${auditBytes(event)})`.execute(db);
    },
    revoke: (id, event) =>
      db.transaction().execute(async (tx) => {
        const revoked = await tx
          .updateTable('tokens')
          .set({ revoked_at: sql<Date>`now()` })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows === 0n) return false;
        await append(tx, event);
        return true;
      }),
  };
}

/** What `authority` may see of tokens: everything but the secret's digest. */
export function createTokenReads(db: Db) {
  return {
    async find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> {
      const row = await db.selectFrom('tokens').select(PUBLIC).where('id', '=', id).executeTakeFirst();
      return row && publicOf(row);
    },
  };
}

/** Everything but the digest of the secret. */
const PUBLIC = ['id', 'person', 'kind', 'created_at', 'expires_at', 'revoked_at'] as const;

function publicOf(row: Omit<Selectable<Database['tokens']>, 'secret_sha256'>): Omit<StoredToken, 'secretSha256'> {
  const { secretSha256: _, ...facts } = tokenOf({ ...row, secret_sha256: '' });
  return facts;
}

function tokenOf(row: Selectable<Database['tokens']>): StoredToken {
  return {
    id: row.id,
    person: row.person,
    kind: row.kind as StoredToken['kind'],
    secretSha256: row.secret_sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.revoked_at ? { revokedAt: row.revoked_at } : {}),
  };
}
