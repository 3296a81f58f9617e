import { sql, type Kysely, type Selectable } from 'kysely';
import { canonicalJson } from '../../domain/canonical.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { utcText } from '../../domain/time.js';
import type {
  Catalogue,
  Freeze,
  FrozenState,
  Heartbeats,
  JobQueries,
  RunbookEntry,
  StoredToken,
  Tokens,
} from '../../ports/records.js';
import { jobOf, planOf } from './job-row.js';
import { idFrom, idUntil } from './ids.js';
import { append } from './inventory.js';
import type { Database } from './schema.js';

type Db = Kysely<Database>;

export function createJobQueries(db: Db): JobQueries {
  return {
    async list({ state, runbook, target, requester, submittedFrom, submittedTo, before, limit }) {
      let query = db.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(limit);
      if (state !== undefined) query = query.where('state', '=', state);
      if (runbook !== undefined) query = query.where('runbook_id', '=', runbook);
      if (target !== undefined) query = query.where('target_id', '=', target);
      if (requester !== undefined) query = query.where('requester_id', '=', requester);
      // The id bounds what is read: without it an old time would be looked for through all newer jobs.
      if (submittedFrom !== undefined)
        query = query.where('submitted_at', '>=', submittedFrom).where('id', '>=', idFrom(submittedFrom));
      if (submittedTo !== undefined)
        query = query.where('submitted_at', '<', submittedTo).where('id', '<', idUntil(submittedTo));
      if (before !== undefined) query = query.where('id', '<', before);
      const rows = await query.execute();
      const digests = rows.flatMap((row) => (row.plan_digest === null ? [] : [row.id]));
      const plans =
        digests.length === 0 ? [] : await db.selectFrom('plans').selectAll().where('job_id', 'in', digests).execute();
      return rows.map((row) => {
        const plan = plans.find(({ job_id: job, digest }) => job === row.id && digest === row.plan_digest);
        return jobOf(row, plan && planOf(plan));
      });
    },
    async countRecent(requester, target, since) {
      const { count } = await db
        .selectFrom('jobs')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('requester_id', '=', requester)
        .where('target_id', '=', target)
        .where('submitted_at', '>=', since)
        .where('id', '>=', idFrom(since))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

export function createFreeze(db: Db): Freeze {
  const read = async (from: Db): Promise<FrozenState> => {
    const row = await from.selectFrom('global_freeze').selectAll().executeTakeFirst();
    return row ? { frozen: true, by: row.by_name, at: utcText(row.at), reason: row.reason } : { frozen: false };
  };
  return {
    read: () => read(db),
    set: (state, event) =>
      db.transaction().execute(async (tx) => {
        await tx.deleteFrom('global_freeze').execute();
        if (state) {
          await tx.insertInto('global_freeze').values({ by_name: state.by, reason: state.reason }).execute();
        } else {
          // What waited for the end of the freeze goes on at once.
          await tx
            .updateTable('jobs')
            .set({ wake_at: sql<Date>`now()` })
            .where((eb) =>
              eb.or([
                eb('state', 'in', ['planning', 'queued']),
                eb.and([eb('state', '=', 'deferred'), eb('code', '=', 'frozen')]),
              ]),
            )
            .execute();
          await tx
            .updateTable('jobs')
            .set({ next_try_at: sql<Date>`now()` })
            .where('state', '=', 'deferred')
            .where('code', '=', 'frozen')
            .execute();
        }
        await append(tx, event);
        return read(tx);
      }),
  };
}

export function createTokens(db: Db): Tokens {
  return {
    async find(id) {
      const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
      return row && tokenOf(row);
    },
    create: (token, event) =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('tokens')
          .values({
            id: token.id,
            person: token.person,
            kind: token.kind,
            secret_sha256: token.secretSha256,
            created_at: token.createdAt,
            expires_at: token.expiresAt,
            revoked_at: null,
          })
          .execute();
        await append(tx, event);
      }),
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
export function createTokenFacts(db: Db) {
  return {
    async find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> {
      const row = await db
        .selectFrom('tokens')
        .select(['id', 'person', 'kind', 'created_at', 'expires_at', 'revoked_at'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const { secretSha256: _, ...facts } = tokenOf({ ...row, secret_sha256: '' });
      return facts;
    },
  };
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

export function createCatalogue(db: Db): Catalogue {
  // A manifest belongs to its digest for good: read once. What is executed is read and hashed each time (`get`).
  const known = new Map<string, RunbookEntry>();
  const entryOf = async (contentDigest: string): Promise<RunbookEntry> => {
    const seen = known.get(contentDigest);
    if (seen) return seen;
    const row = await db
      .selectFrom('runbook_bundles')
      .select(['bundle', 'loaded_at'])
      .where('content_digest', '=', contentDigest)
      .executeTakeFirstOrThrow();
    const { manifest } = JSON.parse(row.bundle) as RunbookBundle;
    const entry = { manifest, contentDigest, loadedAt: row.loaded_at };
    known.set(contentDigest, entry);
    return entry;
  };
  return {
    async list() {
      const rows = await db.selectFrom('runbooks').select('content_digest').orderBy('id').execute();
      return Promise.all(rows.map((row) => entryOf(row.content_digest)));
    },
    async current(id) {
      const row = await db.selectFrom('runbooks').select('content_digest').where('id', '=', id).executeTakeFirst();
      return row && entryOf(row.content_digest);
    },
    async get(contentDigest) {
      const row = await db
        .selectFrom('runbook_bundles')
        .select('bundle')
        .where('content_digest', '=', contentDigest)
        .executeTakeFirst();
      return row && (JSON.parse(row.bundle) as RunbookBundle);
    },
    admit: (bundle, event) =>
      db.transaction().execute(async (tx) => {
        const { contentDigest, manifest } = bundle;
        const stored = await tx
          .insertInto('runbook_bundles')
          .values({
            content_digest: contentDigest,
            runbook_id: manifest.id,
            version: manifest.version,
            bundle: canonicalJson(bundle),
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        const isNew = stored.numInsertedOrUpdatedRows === 1n;
        const current = await tx
          .insertInto('runbooks')
          .values({ id: manifest.id, content_digest: contentDigest })
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet({ content_digest: contentDigest })
              .where('runbooks.content_digest', '<>', contentDigest),
          )
          .executeTakeFirst();
        if (isNew || current.numInsertedOrUpdatedRows === 1n) await append(tx, event);
        return isNew ? 'new' : 'known';
      }),
    retire: (id, event) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('runbooks').where('id', '=', id).executeTakeFirst();
        if (gone.numDeletedRows === 1n) await append(tx, event);
      }),
  };
}

export function createHeartbeats(db: Db): Heartbeats {
  return {
    async beat(part, instance, detail) {
      // The writer's own clock beside the database's: how far they are apart is read from the two.
      const row = { at: sql<Date>`now()`, detail: canonicalJson({ ...detail, clock: utcText(new Date()) }) };
      await db
        .insertInto('heartbeats')
        .values({ part, instance, ...row })
        .onConflict((conflict) => conflict.columns(['part', 'instance']).doUpdateSet(row))
        .execute();
    },
    async read() {
      const rows = await db
        .selectFrom('heartbeats')
        .selectAll()
        .where('at', '>', sql<Date>`now() - interval '1 hour'`)
        .execute();
      return rows.map((row) => ({
        part: row.part,
        instance: row.instance,
        at: row.at,
        detail: JSON.parse(row.detail) as Readonly<Record<string, string>>,
      }));
    },
  };
}
