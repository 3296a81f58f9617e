import type { Selectable } from 'kysely';
import type { AdmissionStatus, SignedAdmission } from '../../../domain/admission.js';
import type { Admissions } from '../../../ports/admissions.js';
import { append } from '../append-audit.js';
import type { Database, Db } from '../schema.js';
import { storeBundle } from './catalogue.js';

const SIGNED = ['id', 'bytes', 'signature', 'kid', 'status'] as const;
type SignedRow = Pick<Selectable<Database['admissions']>, (typeof SIGNED)[number]>;

export function createAdmissions(db: Db): Admissions {
  return {
    of: async (contentDigest) =>
      (
        await db
          .selectFrom('admissions')
          .select(SIGNED)
          .where('content_digest', '=', contentDigest)
          .orderBy('n', 'desc')
          .execute()
      ).map(signedOf),
    async ofCurrent(runbooks) {
      const rows = await db
        .selectFrom('runbooks')
        .innerJoin('admissions', 'admissions.content_digest', 'runbooks.content_digest')
        .select([...SIGNED.map((column) => `admissions.${column}` as const), 'admissions.content_digest'])
        .where('runbooks.id', 'in', [...runbooks])
        .orderBy('admissions.n', 'desc')
        .execute();
      const found = new Map<string, SignedAdmission[]>();
      for (const { content_digest: digest, ...row } of rows)
        found.set(digest, [...(found.get(digest) ?? []), signedOf(row)]);
      return found;
    },
    admit: (bundle, signed, event) =>
      db.transaction().execute(async (tx) => {
        const { contentDigest, manifest } = bundle;
        await storeBundle(tx, bundle);
        const { id, bytes, signature, kid } = signed;
        await tx
          .insertInto('admissions')
          .values({ id, runbook_id: manifest.id, content_digest: contentDigest, bytes, signature, kid })
          .execute();
        await setCurrent(tx, manifest.id, contentDigest);
        await append(tx, event);
      }),
    setCurrent: (runbook, contentDigest, event) =>
      db.transaction().execute(async (tx) => {
        if (await setCurrent(tx, runbook, contentDigest)) await append(tx, event);
      }),
    setStatus: ({ runbook, contentDigest }, status, event) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('admissions')
          .set({ status })
          .where('runbook_id', '=', runbook)
          .where('status', 'not in', ['revoked', status])
          .$if(contentDigest !== undefined, (query) => query.where('content_digest', '=', contentDigest ?? ''))
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await append(tx, event);
        return Number(numUpdatedRows);
      }),
  };
}

function signedOf({ id, bytes, signature, kid, status }: SignedRow): SignedAdmission {
  return { id, bytes, signature, kid, status: status as AdmissionStatus };
}

async function setCurrent(tx: Db, id: string, contentDigest: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('runbooks')
    .values({ id, content_digest: contentDigest })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ content_digest: contentDigest })
        .where('runbooks.content_digest', '<>', contentDigest),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
