import { sql } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { ok } from '../../../domain/result.js';
import { THE_POLICY, type SignedSubjectAdmission } from '../../../domain/subject-admission.js';
import type { AdmittedTarget, SubjectAdmissions } from '../../../ports/admissions.js';
import { append } from '../append-audit.js';
import type { Db } from '../schema.js';
import { rowOfTarget, unlessTaken } from './target-row.js';

const SIGNED = ['id', 'bytes', 'signature', 'kid'] as const;

export function createSubjectAdmissions(db: Db): SubjectAdmissions {
  return {
    of: (subject, subjectId) =>
      db
        .selectFrom('subject_admissions')
        .select(SIGNED)
        .where('subject', '=', subject)
        .where('subject_id', '=', subjectId)
        .orderBy('n', 'desc')
        .execute(),
    async contentOf(id) {
      const row = await db.selectFrom('subject_admissions').select('content').where('id', '=', id).executeTakeFirst();
      return row?.content ?? undefined;
    },
    async ofTargets(ids) {
      const rows = await db
        .selectFrom('subject_admissions')
        .select([...SIGNED, 'subject_id'])
        .where('subject', '=', 'target')
        .where('subject_id', '=', sql<string>`ANY (${ids}::text[])`)
        .orderBy('n', 'desc')
        .execute();
      const found = new Map<string, SignedSubjectAdmission[]>();
      for (const { subject_id: id, ...signed } of rows) found.set(id, [...(found.get(id) ?? []), signed]);
      return found;
    },
    admitTargets: (targets) =>
      unlessTaken(() =>
        db.transaction().execute(async (tx) => {
          for (const one of targets) await admitOne(tx, one);
          return ok(undefined);
        }),
      ),
    admitStanding: ({ signed, schedule, content, event }) =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('subject_admissions')
          .values({ ...signed, subject: 'standing', subject_id: schedule, content })
          .execute();
        await append(tx, event);
      }),
    admitPolicy: ({ signed, content, event }) =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('subject_admissions')
          .values({ ...signed, subject: 'policy', subject_id: THE_POLICY, content })
          .execute();
        await append(tx, event);
      }),
  };
}

async function admitOne(tx: Db, { signed, id, after, event }: AdmittedTarget): Promise<void> {
  await tx
    .insertInto('subject_admissions')
    .values({ ...signed, subject: 'target', subject_id: id, content: after && canonicalJson(after) })
    .execute();
  if (after === null) await tx.deleteFrom('targets').where('id', '=', id).execute();
  else {
    const row = rowOfTarget(after);
    await tx
      .insertInto('targets')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ ...row, revision: sql<string>`targets.revision + 1` }),
      )
      .execute();
  }
  await append(tx, event);
}
