import { sql, type Selectable } from 'kysely';
import type { Consent, Consents } from '../../../ports/consents.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import type { Database, Db } from '../schema.js';
import { madeOnce } from './made-once.js';

export function createConsents(db: Db): Consents {
  return {
    create: (key, consent, event) => {
      const answer = JSON.stringify(consent);
      const make = () =>
        db
          .with('key', takeKey(key, { answer }))
          .with('created', (query) =>
            query
              .insertInto('consents')
              .columns(['id', 'kind', 'subject_sid', 'evidence', 'recorded_by', 'recorded_by_name', 'recorded_at'])
              .expression((eb) =>
                eb
                  .selectFrom('key')
                  .select([
                    uuid(consent.id).as('id'),
                    text(consent.kind).as('kind'),
                    text(consent.subjectSid).as('subject_sid'),
                    text(consent.evidence).as('evidence'),
                    text(consent.recordedBy.id).as('recorded_by'),
                    text(consent.recordedBy.name).as('recorded_by_name'),
                    sql<Date>`${consent.recordedAt}::timestamptz`.as('recorded_at'),
                  ]),
              )
              .returning('id'),
          )
          .selectFrom('created')
          .select([text(answer).as('answer'), audited([event]).as('audited')])
          .executeTakeFirst();
      return madeOnce(db, key, make, (text) => {
        const kept = JSON.parse(text) as Consent;
        return { ...kept, recordedAt: new Date(kept.recordedAt) };
      });
    },
    latest: async (subjectSid, limit) =>
      (
        await db
          .selectFrom('consents')
          .selectAll()
          .where('subject_sid', '=', subjectSid)
          .orderBy('recorded_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute()
      ).map(consentOf),
    list: async ({ subjectSid, after, limit }) =>
      (
        await db
          .selectFrom('consents')
          .selectAll()
          .$if(subjectSid !== undefined, (query) => query.where('subject_sid', '=', subjectSid ?? ''))
          .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
          .orderBy('id')
          .limit(limit)
          .execute()
      ).map(consentOf),
  };
}

function consentOf(row: Selectable<Database['consents']>): Consent {
  return {
    id: row.id,
    kind: row.kind as Consent['kind'],
    subjectSid: row.subject_sid,
    evidence: row.evidence,
    recordedBy: { id: row.recorded_by, name: row.recorded_by_name },
    recordedAt: row.recorded_at,
  };
}
