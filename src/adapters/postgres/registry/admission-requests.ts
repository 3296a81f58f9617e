import { sql, type Selectable } from 'kysely';
import { REQUEST_EXPIRES_MS, type AdmissionRequest, type AdmissionVote } from '../../../domain/admission-request.js';
import { readProof } from '../../../domain/decision-proof.js';
import { ROLES, type PersonRef, type Role } from '../../../domain/people.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { AdmissionRequests, Replayed } from '../../../ports/admissions.js';
import { append } from '../append-audit.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import type { Database, Db } from '../schema.js';
import { madeOnce } from './made-once.js';

const LISTED = [
  ...(['id', 'kind', 'about', 'content_digest', 'before', 'person_id', 'person', 'reason', 'proof'] as const),
  ...(['requested_at', 'status', 'code', 'detail'] as const),
] as const;

export function createAdmissionRequests(db: Db): AdmissionRequests {
  const requestsOf = async (statuses: readonly string[], limit: number) =>
    db
      .selectFrom('admission_requests')
      .selectAll()
      .where('status', 'in', [...statuses])
      .orderBy('requested_at')
      .limit(limit)
      .execute();
  /** The newest first, without their content: nobody reads that of a hundred at once. */
  const listed = (statuses: readonly string[], limit: number) =>
    db
      .selectFrom('admission_requests')
      .select(LISTED)
      .where('status', 'in', [...statuses])
      .orderBy('requested_at', 'desc')
      .limit(limit)
      .execute();
  return {
    create: (key, request, event) =>
      unlessReplayed(() =>
        madeOnce(
          db,
          key,
          () => insert(db, key, request, event),
          (answer) => answer,
        ),
      ),
    async get(id) {
      const row = await db.selectFrom('admission_requests').selectAll().where('id', '=', id).executeTakeFirst();
      return row && requestOf(row);
    },
    async list(limit) {
      const waiting = await listed(['new', 'open'], limit);
      const judged = await listed(['done', 'refused'], limit);
      return [...waiting, ...judged].slice(0, limit).map((row) => requestOf({ ...row, content: null }));
    },
    vote: ({ id, request, contentDigest, decision, person, reason, proof }) =>
      unlessReplayed(async () => {
        await db
          .insertInto('admission_votes')
          .values({
            ...{ id, request, content_digest: contentDigest, decision, reason },
            ...{ person_id: person.id, person: JSON.stringify(person), proof: JSON.stringify(proof) },
          })
          .execute();
        return ok(undefined);
      }),
    async findVote(id) {
      const row = await db.selectFrom('admission_votes').selectAll().where('id', '=', id).executeTakeFirst();
      return row && voteOf(row);
    },
    async toJudge(limit) {
      const votes = await db
        .selectFrom('admission_votes')
        .selectAll()
        .where('status', '=', 'pending')
        .orderBy('decided_at')
        .limit(limit)
        .execute();
      const requests = await requestsOf(['new'], limit);
      const over = await db
        .selectFrom('admission_requests')
        .selectAll()
        .where('status', '=', 'open')
        .where('requested_at', '<', new Date(Date.now() - REQUEST_EXPIRES_MS))
        .limit(limit)
        .execute();
      return { requests: requests.map(requestOf), votes: votes.map(voteOf), over: over.map(requestOf) };
    },
    judgeRequest: (id, { status, code = null, detail = null }, event) =>
      db.transaction().execute(async (tx) => {
        await tx.updateTable('admission_requests').set({ status, code, detail }).where('id', '=', id).execute();
        if (event) await append(tx, event);
      }),
    judgeVote: (id, { status, code = null }, event) =>
      db.transaction().execute(async (tx) => {
        await tx.updateTable('admission_votes').set({ status, code }).where('id', '=', id).execute();
        if (event) await append(tx, event);
      }),
  };
}

type Create = Parameters<AdmissionRequests['create']>;

function insert(db: Db, key: Create[0], request: Create[1], event: Create[2]) {
  return db
    .with('key', takeKey(key, { answer: request.id }))
    .with('created', (query) =>
      query
        .insertInto('admission_requests')
        .columns([
          'id',
          'kind',
          'about',
          'content_digest',
          'before',
          'content',
          'person_id',
          'person',
          'reason',
          'proof',
        ])
        .expression((eb) =>
          eb
            .selectFrom('key')
            .select([
              uuid(request.id).as('id'),
              text(request.kind).as('kind'),
              text(request.about).as('about'),
              sql<string | null>`${request.contentDigest ?? null}::text`.as('content_digest'),
              sql<string | null>`${request.before ?? null}::text`.as('before'),
              sql<string | null>`${request.content ?? null}::text`.as('content'),
              text(request.person.id).as('person_id'),
              text(JSON.stringify(request.person)).as('person'),
              text(request.reason).as('reason'),
              text(JSON.stringify(request.proof)).as('proof'),
            ]),
        )
        .returning('id'),
    )
    .selectFrom('created')
    .select([text(request.id).as('answer'), audited([event]).as('audited')])
    .executeTakeFirst();
}

function requestOf(row: Selectable<Database['admission_requests']>): AdmissionRequest {
  return {
    id: row.id,
    kind: row.kind as AdmissionRequest['kind'],
    about: row.about,
    ...(row.content_digest === null ? {} : { contentDigest: row.content_digest }),
    ...(row.kind === 'admit' ? { before: row.before } : {}),
    ...(row.content === null ? {} : { content: row.content }),
    person: personOf(row.person),
    reason: row.reason,
    proof: readProof(row.proof),
    requestedAt: row.requested_at,
    status: row.status as AdmissionRequest['status'],
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.detail === null ? {} : { detail: row.detail }),
  };
}

function voteOf(row: Selectable<Database['admission_votes']>): AdmissionVote {
  return {
    id: row.id,
    request: row.request,
    contentDigest: row.content_digest,
    decision: row.decision as AdmissionVote['decision'],
    person: personOf(row.person),
    reason: row.reason,
    proof: readProof(row.proof),
    decidedAt: row.decided_at,
    status: row.status as AdmissionVote['status'],
    ...(row.code === null ? {} : { code: row.code }),
  };
}

/** Whom a row names: somebody whom the people file does not have, where it holds nobody. */
function personOf(text: string): PersonRef {
  const nobody = { id: '', name: '', roles: [] };
  try {
    const { id, name, roles } = (JSON.parse(text) ?? {}) as Partial<PersonRef>;
    const whole = typeof id === 'string' && typeof name === 'string' && Array.isArray(roles);
    return whole && (roles as readonly Role[]).every((role) => ROLES.includes(role)) ? { id, name, roles } : nobody;
  } catch {
    return nobody;
  }
}

/** A nonce is in one row. */
async function unlessReplayed<T, F>(write: () => Promise<Result<T, F>>): Promise<Result<T, F | Replayed>> {
  try {
    return await write();
  } catch (error) {
    if (/_is_signed_once$/.test((error as { constraint?: string }).constraint ?? ''))
      return fail({ kind: 'decision-replayed' });
    throw error;
  }
}
