import { createHash } from 'node:crypto';
import type pg from 'pg';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Members in order at every depth: canonical for values that are as plain as these. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** Writes a grant for a job that nobody approved, right in every member but its signature, and queues the job: with all rights. */
export async function useForgedGrant(client: pg.Client, donor: string, job: string): Promise<void> {
  const { rows } = await client.query<{ bytes: string; kid: string; signature: string }>(
    'SELECT bytes, kid, signature FROM grants WHERE job_id = $1',
    [donor],
  );
  const plan = await client.query<{ bytes: string; digest: string }>(
    'SELECT bytes, digest FROM plans WHERE job_id = $1',
    [job],
  );
  const [model] = rows;
  const [made] = plan.rows;
  if (!model || !made) throw new Error('there is nothing to forge from');
  const { parameters, locks, request } = JSON.parse(made.bytes) as Readonly<Record<string, unknown>>;
  const executeBy = new Date(Date.now() + 3_600_000).toISOString();
  const jti = crypto.randomUUID();
  const grant = {
    ...(JSON.parse(model.bytes) as object),
    jti,
    job,
    planSha256: made.digest,
    parametersSha256: parameters,
    requestSha256: request,
    locks,
    executeBy,
  };
  await client.query('INSERT INTO grants (jti, job_id, bytes, signature, kid) VALUES ($1, $2, $3, $4, $5)', [
    jti,
    job,
    canonical(grant),
    model.signature,
    model.kid,
  ]);
  await client.query(
    `UPDATE jobs SET state = 'queued', grant_jti = $2, on_failure = 'leave', execute_by = $3, wake_at = now()
     WHERE id = $1`,
    [job, jti, executeBy],
  );
}

/** Other code under the same digest, each file's own digest put right: what only the digest of the whole shows. */
export async function tamperWithBundles(client: pg.Client): Promise<void> {
  await client.query('ALTER TABLE runbook_bundles DISABLE TRIGGER ALL');
  const { rows } = await client.query<{ content_digest: string; bundle: string }>(
    'SELECT content_digest, bundle FROM runbook_bundles',
  );
  for (const { content_digest, bundle } of rows) {
    const parsed = JSON.parse(bundle) as { files: { path: string; text: string; sha256: string }[] };
    for (const file of parsed.files) {
      if (!file.path.endsWith('/Apply.ps1')) continue;
      file.text += '# tampered\n';
      file.sha256 = sha256(file.text);
    }
    await client.query('UPDATE runbook_bundles SET bundle = $2 WHERE content_digest = $1', [
      content_digest,
      canonical(parsed),
    ]);
  }
  await client.query('ALTER TABLE runbook_bundles ENABLE TRIGGER ALL');
}

/** Puts the item of this job in the place of the last one of the list that was approved: with all rights. */
export async function changeApprovedList(client: pg.Client, rollout: string, job: string): Promise<void> {
  const { rows } = await client.query<{ bytes: string }>('SELECT bytes FROM rollout_lists WHERE rollout = $1', [
    rollout,
  ]);
  const found = await client.query<{ plan_digest: string; rollout_index: number }>(
    'SELECT plan_digest, rollout_index FROM jobs WHERE id = $1',
    [job],
  );
  const [list] = rows;
  const [item] = found.rows;
  if (!list || !item) throw new Error('there is no list to change');
  const others = (JSON.parse(list.bytes) as unknown[]).slice(0, -1);
  const bytes = JSON.stringify([...others, [item.rollout_index, job, item.plan_digest]]);
  await client.query('ALTER TABLE rollout_lists DISABLE TRIGGER ALL');
  await client.query('UPDATE rollout_lists SET bytes = $2 WHERE rollout = $1', [rollout, bytes]);
  await client.query('ALTER TABLE rollout_lists ENABLE TRIGGER ALL');
}
