import pg from 'pg';
import { bulkLoad } from './bulk-load.js';

export interface Filled {
  /** Ids of jobs that wait in the queue, ready to be claimed. */
  readonly queued: readonly string[];
  /** Id of a finished job from the middle of the time. */
  readonly middle: string;
  /** Id of one of the two hundred targets. */
  readonly target: string;
}

/** The id that a job of this row number has: UUIDv7 of a time within the last 300 days. */
const ID = (time: string, salt: string) =>
  `(SELECT (substr(h, 1, 8) || '-' || substr(h, 9) || '-7' || substr(r, 1, 3) || '-8' || substr(r, 4, 3) || '-' || substr(r, 7, 12))::uuid
    FROM (SELECT lpad(to_hex((extract(epoch FROM ${time}) * 1000)::bigint), 12, '0') AS h, md5(${salt}) AS r) parts)`;

/** Fills a fresh record with finished jobs and everything that such a job leaves, by SQL; and with some that wait to be claimed. */
export async function fill(url: string, finished: number, queued: number): Promise<Filled> {
  const client = new pg.Client({ connectionString: url });
  // Nobody else listens while the server is stopped under an interrupted run.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await bulkLoad(client, () => load(client, finished, queued));
    const { rows } = await client.query<{ id: string }>("SELECT id FROM jobs WHERE state = 'queued' ORDER BY id");
    const { rows: middle } = await client.query<{ id: string; target_id: string }>(
      `SELECT id, target_id FROM jobs WHERE id >= ${ID(`(now() - interval '150 days')`, `''`)} ORDER BY id LIMIT 1`,
    );
    return { queued: rows.map(({ id }) => id), middle: middle[0]?.id ?? '', target: middle[0]?.target_id ?? '' };
  } finally {
    await client.end();
  }
}

async function load(client: pg.Client, finished: number, queued: number): Promise<void> {
  await client.query(`
    INSERT INTO runbook_bundles VALUES (repeat('a', 64), 'set-file-text', '1.0.0', '{}');
    INSERT INTO runbooks VALUES ('set-file-text', repeat('a', 64));
    CREATE TEMP TABLE filled AS
      SELECT i, ${ID('at', `'job' || i`)} AS id, at, md5('jti' || i)::uuid AS jti
      FROM (SELECT i, now() - (${finished} - i) * interval '300 days' / ${finished} - interval '1 hour' AS at
            FROM generate_series(1, ${finished}) i) times;
    ANALYZE filled`);
  await client.query(JOBS('succeeded', `'fixed'`, 'NULL'));
  await client.query(LEFTOVERS(finished));
  await client.query('DROP TABLE filled');
  await client.query(`
    CREATE TEMP TABLE filled AS
      SELECT i, ${ID('at', `'queued' || i`)} AS id, at, md5('queued jti' || i)::uuid AS jti
      FROM (SELECT i, now() - interval '1 minute' + i * interval '1 millisecond' AS at FROM generate_series(1, ${queued}) i) times`);
  await client.query(JOBS('queued', 'NULL', `now() + interval '1 day'`));
  await client.query(PLANS);
  await client.query('DROP TABLE filled');
}

const JOBS = (state: string, outcome: string, wakeAt: string) => `
  INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target,
    target_digest, pool, parameters, supplied, requester_id, requester, reason, submitted_at, state_since, findings,
    plan_digest, grant_jti, execute_by, on_failure, epoch, outcome, wake_at)
  SELECT id, 'remediation', '${state}', 'set-file-text', '1.0.0', repeat('a', 64), md5('target' || i % 200)::uuid,
    'PC-' || i % 200, '{"id":"' || md5('target' || i % 200)::uuid || '","name":"PC-' || i % 200 || '"}', repeat('b', 64),
    'default', '{"directory":"/tmp","names":["a"]}', '{}', 'person' || i % 50, '{"id":"p","name":"P","roles":[]}',
    'a reason of usual length', at, at, '{"finding":"present"}', repeat('c', 64), jti, at + interval '1 hour', 'leave', 1,
    ${outcome}, ${wakeAt} FROM filled`;

const PLANS = `
  INSERT INTO plans SELECT id, repeat('c', 64), '{"v":1,"job":"' || id || '","locks":[],"changes":[]}', 'R1', 1,
    repeat('d', 64), at, at + interval '1 day' FROM filled;
  INSERT INTO decisions SELECT md5('decision' || id)::uuid, id, repeat('c', 64), 'approve', 'approver',
    '{"id":"a","name":"A","roles":[]}', 'ok', NULL, 'leave', '{"kind":"token"}', at, 'accepted', NULL FROM filled;
  INSERT INTO grants SELECT jti, id, repeat('g', 900), repeat('s', 88), 'kid', at, NULL FROM filled`;

/** Beside the job: its plan, decision, grant, use, journal, story, audit; messages and keys of the last day only, as tidied. */
const LEFTOVERS = (finished: number) => `
  ${PLANS};
  INSERT INTO grant_use SELECT jti, id, 1, at FROM filled;
  INSERT INTO change_journal
    SELECT id, md5(id::text), 'apply', 1, 1, at, 'changed', at, NULL, NULL, NULL FROM filled;
  INSERT INTO job_events (job_id, at, kind, body)
    SELECT id, at, 'state', '{"state":"succeeded","code":null,"facts":[]}' FROM filled, generate_series(1, 4);
  INSERT INTO audit_events (event_id, job_id, actor_id, action, writer, at, bytes)
    SELECT md5(id::text || e)::uuid, id, 'person' || i % 50, (ARRAY['job.submitted', 'job.approved', 'job.succeeded'])[e],
      'fixpoint_worker', at, '{"v":1,"action":"job","data":{"runbook":"set-file-text"},"job":"' || id || '"}'
    FROM filled, generate_series(1, 3) e ORDER BY i, e;
  INSERT INTO audit_chain SELECT n, n, repeat('e', 64), repeat('f', 64) FROM audit_events;
  INSERT INTO idempotency_keys
    SELECT 'person' || i % 50, 'POST /v1/jobs', 'key' || i, repeat('b', 64), id, now() FROM filled WHERE i > ${finished} * 299 / 300;
  INSERT INTO outbox
    SELECT md5(id::text || m)::uuid, id, 'default', 4, at, at, at FROM filled, generate_series(1, 3) m WHERE i > ${finished} * 299 / 300;
  INSERT INTO figures VALUES ('submitted', '', ${finished}), ('ended', 'succeeded', ${finished});`;
