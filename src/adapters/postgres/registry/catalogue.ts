import { sql } from 'kysely';
import type { Db } from '../schema.js';
import { bundleFault } from '../../../domain/bundle.js';
import { canonicalJson } from '../../../domain/canonical.js';
import type { RunbookBundle } from '../../../domain/manifest.js';
import type { Catalogue, RunbookEntry } from '../../../ports/catalogue.js';
import type { ManifestReader } from '../../../ports/runbook-catalogue.js';
import { append } from '../append-audit.js';

/** So many bundles are kept parsed; those of a site's runbooks and their last versions fit. */
const MOST_PARSED = 100;

/** What is stored: the manifest is one of the files, and no copy of it decides anything. */
type Stored = Pick<RunbookBundle, 'contentDigest' | 'files'>;

export function createCatalogue(db: Db, readManifest: ManifestReader): Catalogue {
  const bundleOf = (text: string): RunbookBundle | undefined => {
    const { contentDigest, files } = JSON.parse(text) as Stored;
    const manifest = readManifest(files);
    return manifest && { contentDigest, files, manifest };
  };
  const parsed = new Map<string, { readonly hash: string; readonly bundle: RunbookBundle }>();
  // A manifest belongs to its digest for good: read once. What is executed is hashed by the database each time (`get`).
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
    const bundle = bundleOf(row.bundle);
    if (!bundle || bundleFault(bundle, contentDigest)) return undefined;
    const entry = { manifest: bundle.manifest, contentDigest, loadedAt: row.loaded_at };
    known.set(contentDigest, entry);
    return entry;
  };
  /** A row that names another runbook's digest is none. */
  const currentOf = async ({ id, content_digest: digest }: { id: string; content_digest: string }) => {
    const entry = await entryOf(digest);
    return entry?.manifest.id === id ? entry : undefined;
  };
  return {
    async list() {
      const rows = await db.selectFrom('runbooks').selectAll().orderBy('id').execute();
      const entries = await Promise.all(rows.map(currentOf));
      return entries.filter((entry) => entry !== undefined);
    },
    async current(id) {
      const row = await db.selectFrom('runbooks').selectAll().where('id', '=', id).executeTakeFirst();
      return row && currentOf(row);
    },
    manifest: async (contentDigest) => (await entryOf(contentDigest))?.manifest,
    async get(contentDigest) {
      const kept = parsed.get(contentDigest);
      // The text crosses the wire only where it is not the one that was parsed before.
      const { rows } = await sql<{ hash: string; text: string }>`
        SELECT hash, CASE WHEN hash = ${kept?.hash ?? ''} THEN '' ELSE bundle END AS text
        FROM (SELECT bundle, encode(sha256(convert_to(bundle, 'UTF8')), 'hex') AS hash FROM runbook_bundles
              WHERE content_digest = ${contentDigest} OFFSET 0) AS stored`.execute(db);
      const row = rows[0];
      if (!row) return undefined;
      if (kept && row.hash === kept.hash) return kept.bundle;
      const bundle = bundleOf(row.text);
      if (!bundle) return undefined;
      parsed.delete(contentDigest);
      parsed.set(contentDigest, { hash: row.hash, bundle });
      for (const oldest of parsed.keys()) if (parsed.size > MOST_PARSED) parsed.delete(oldest);
      return bundle;
    },
    store: (bundle) => storeBundle(db, bundle),
    async refused() {
      const rows = await db.selectFrom('refused_runbooks').selectAll().orderBy('id').orderBy('folder').execute();
      return rows.map(({ id, folder, problems }) => ({ id, folder, problems: JSON.parse(problems) as string[] }));
    },
    setRefused: (refused) =>
      db.transaction().execute(async (tx) => {
        // Workers that read the folders at the same time do so one after the other.
        await sql`SELECT pg_advisory_xact_lock(hashtext('fixpoint-refused-runbooks'))`.execute(tx);
        await tx.deleteFrom('refused_runbooks').execute();
        const rows = refused.map(({ id, folder, problems }) => ({ id, folder, problems: JSON.stringify(problems) }));
        if (rows.length > 0) await tx.insertInto('refused_runbooks').values(rows).execute();
      }),
    retire: (id, event) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('runbooks').where('id', '=', id).executeTakeFirst();
        if (gone.numDeletedRows === 1n) await append(tx, event);
      }),
  };
}

/** Append-only: a digest that is there stays as it is. */
export async function storeBundle(tx: Db, { contentDigest, manifest, files }: RunbookBundle): Promise<void> {
  await tx
    .insertInto('runbook_bundles')
    .values({
      content_digest: contentDigest,
      runbook_id: manifest.id,
      version: manifest.version,
      bundle: canonicalJson({ contentDigest, files } satisfies Stored),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
