import type { Db } from '../schema.js';
import { canonicalJson } from '../../../domain/canonical.js';
import type { RunbookBundle } from '../../../domain/manifest.js';
import type { Catalogue, RunbookEntry } from '../../../ports/catalogue.js';
import { append } from '../append-audit.js';

export function createCatalogue(db: Db): Catalogue {
  // A manifest belongs to its digest for good: read once. What is executed is read and hashed each time (`get`).
  const known = new Map<string, RunbookEntry>();
  const entryOf = async (contentDigest: string): Promise<RunbookEntry | undefined> => {
    const seen = known.get(contentDigest);
    if (seen) return seen;
    const row = await db
      .selectFrom('runbook_bundles')
      .select(['bundle', 'loaded_at'])
      .where('content_digest', '=', contentDigest)
      .executeTakeFirst();
    if (!row) return undefined;
    const { manifest } = JSON.parse(row.bundle) as RunbookBundle;
    const entry = { manifest, contentDigest, loadedAt: row.loaded_at };
    known.set(contentDigest, entry);
    return entry;
  };
  return {
    async list() {
      const rows = await db.selectFrom('runbooks').select('content_digest').orderBy('id').execute();
      const entries = await Promise.all(rows.map((row) => entryOf(row.content_digest)));
      return entries.filter((entry) => entry !== undefined);
    },
    async current(id) {
      const row = await db.selectFrom('runbooks').select('content_digest').where('id', '=', id).executeTakeFirst();
      return row && entryOf(row.content_digest);
    },
    manifest: async (contentDigest) => (await entryOf(contentDigest))?.manifest,
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
