import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { startTelemetry, type Telemetry } from '../../src/adapters/telemetry/index.js';
import { createLog } from '../../src/processes/process.js';
import { inChange, inJob } from '../../src/platform/spans.js';
import { createMeasuredHosts } from '../../src/adapters/powershell/measured-host.js';
import type { Settings } from '../../src/processes/compose.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { until as patientlyUntil } from '../support/patience.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

let product: TestProduct;
let admin: pg.Client;
let collector: Server;
let telemetry: Telemetry;
const spans: Span[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      for (const { scopeSpans } of JSON.parse(body).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  telemetry = startTelemetry({ service: 'test', endpoint, log: () => undefined });
  product = await startTestProduct();
  await addLocalTarget(product);
  admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await product?.stop();
  await telemetry?.close();
  collector?.close();
});

/** The figures by their whole name with labels, as Prometheus reads them. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { status, headers, body } = await product.call(undefined, 'GET', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  const lines = (body as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}
async function until(name: string, holds: (value: number) => boolean): Promise<number> {
  let value = Number.NaN;
  await patientlyUntil(name, async () => {
    value = (await scrape()).get(name) ?? Number.NaN;
    return holds(value);
  });
  return value;
}
const submit = async (names: readonly string[], headers: Record<string, string> = {}) => {
  const directory = mkdtempSync('/tmp/fxo-');
  const parameters = { directory, names, text: 'x' };
  const wish = { runbook: 'set-file-text', target: 'box', parameters, reason: 'test' };
  const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', wish, headers);
  expect(status).toBe(201);
  return product.until(body.id, ['awaiting-approval', 'blocked', 'deferred']);
};
const approve = async (job: { id: string; plan: { digest: string } }) => {
  const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
  await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, decision);
  return product.until(job.id, ['succeeded', 'failed', 'blocked']);
};

describe('GET /metrics', () => {
  it('is open on this machine, and needs a right through a proxy', async () => {
    const forwarded = { 'x-forwarded-for': '192.0.2.7' };
    expect((await product.call(undefined, 'GET', '/metrics')).status).toBe(200);
    expect((await product.call(undefined, 'GET', '/metrics', undefined, forwarded)).status).toBe(401);
    expect((await product.call('helpdesk', 'GET', '/metrics', undefined, forwarded)).status).toBe(403);
    expect((await product.call('auditor', 'GET', '/metrics', undefined, forwarded)).status).toBe(200);
  });

  it('follows a job from its request to its end', async () => {
    const before = await scrape();
    const job = await submit(['a']);
    expect(job.state).toBe('awaiting-approval');
    const waiting = await scrape();
    const name = 'fixpoint_jobs{state="awaiting-approval"}';
    expect((waiting.get(name) ?? 0) - (before.get(name) ?? 0)).toBe(1);
    expect(waiting.get('fixpoint_job_state_age_seconds{state="awaiting-approval"}')).toBeGreaterThan(0);
    expect((await approve(job)).state).toBe('succeeded');
    const ended = 'fixpoint_jobs_ended_total{state="succeeded"}';
    const had = before.get(ended) ?? 0;
    await until(ended, (value) => value === had + 1);
    const after = await scrape();
    expect(after.get(name)).toBe(before.get(name));
    expect(after.get('fixpoint_jobs_submitted_total')).toBeGreaterThan(before.get('fixpoint_jobs_submitted_total')!);
    for (const state of ['planning', 'awaiting-approval', 'queued', 'running']) {
      expect(after.get(`fixpoint_job_state_seconds_count{state="${state}"}`)).toBeGreaterThan(0);
      expect(after.get(`fixpoint_job_state_seconds_bucket{state="${state}",le="+Inf"}`)).toBe(
        after.get(`fixpoint_job_state_seconds_count{state="${state}"}`),
      );
    }
    expect(after.get('fixpoint_audit_chained_events_total')).toBeGreaterThan(
      before.get('fixpoint_audit_chained_events_total')!,
    );
    expect(after.get('fixpoint_engine_starts_total')).toBeGreaterThanOrEqual(1);
    const seen = [...after.keys()].filter((key) => key.includes('request_duration_seconds_count'));
    expect(seen).toContainEqual(expect.stringContaining('route="/v1/jobs/:id/decision",status="200"'));
    expect([...after.keys()].join()).not.toContain(job.id);
  });

  it('shows unsent messages and unchained events while the relay is stopped', async () => {
    await admin.query('REVOKE UPDATE ON outbox FROM fixpoint_relay');
    await admin.query('REVOKE INSERT ON audit_chain FROM fixpoint_relay');
    const wish = { runbook: 'set-file-text', target: 'box', parameters: { directory: '/tmp', names: ['none'] } };
    const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', { ...wish, reason: 'test' });
    const held = await scrape();
    expect(held.get('fixpoint_outbox_unsent_messages')).toBe(1);
    expect(held.get('fixpoint_outbox_lag_seconds')).toBeGreaterThan(0);
    expect(held.get('fixpoint_queue_messages{pool="default"}')).toBe(1);
    expect(held.get('fixpoint_queue_age_seconds{pool="default"}')).toBeGreaterThan(0);
    expect(held.get('fixpoint_jobs{state="planning"}')).toBe(1);
    await until('fixpoint_audit_unchained_events', (value) => value >= 1);
    expect((await scrape()).get('fixpoint_audit_unchained_age_seconds')).toBeGreaterThan(0);
    await admin.query('GRANT UPDATE ON outbox TO fixpoint_relay');
    await admin.query('GRANT INSERT ON audit_chain TO fixpoint_relay');
    await until('fixpoint_outbox_unsent_messages', (value) => value === 0);
    await until('fixpoint_audit_unchained_events', (value) => value === 0);
    expect((await product.until(body.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
  });

  it('counts a lost message once', async () => {
    const job = await submit(['b']);
    const before = (await scrape()).get('fixpoint_sweeper_repairs_total') ?? 0;
    await admin.query(
      `INSERT INTO outbox (id, job_id, pool, priority, sent_at)
       SELECT gen_random_uuid(), $1, 'default', 5, now() FROM generate_series(1, 2)`,
      [job.id],
    );
    await admin.query('UPDATE jobs SET wake_at = now() WHERE id = $1', [job.id]);
    await until('fixpoint_sweeper_repairs_total', (value) => value === before + 1);
    await admin.query('UPDATE jobs SET wake_at = now() WHERE id = $1', [job.id]);
    await until('fixpoint_queue_messages{pool="default"}', (value) => Number.isNaN(value));
    // A timer that is due has lost nothing.
    expect((await scrape()).get('fixpoint_sweeper_repairs_total')).toBe(before + 1);
  });

  it('shows a change whose result is not recorded', async () => {
    const job = await submit(['c']);
    expect((await scrape()).get('fixpoint_open_intents')).toBe(0);
    await admin.query(
      `INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch, intent_at)
       VALUES ($1, 'x', 'apply', 1, 1, now() - interval '1 hour')`,
      [job.id],
    );
    const open = await scrape();
    expect(open.get('fixpoint_open_intents')).toBe(1);
    expect(open.get('fixpoint_open_intent_age_seconds')).toBeGreaterThan(3500);
    await admin.query(`UPDATE change_journal SET result = 'noop', result_at = now() WHERE change_id = 'x'`);
    expect((await scrape()).get('fixpoint_open_intents')).toBe(0);
  });

  it('shows the running processes, their sessions, and a freeze', async () => {
    expect((await scrape()).get('fixpoint_parts{part="worker"}')).toBe(1);
    const detail = { pool: 'default', slots: '4', engine: 'up', sessions: '3' };
    await product.worker!.record.heartbeats.beat('worker', 'another', detail);
    // The product's own worker may close one at any moment.
    await patientlyUntil('the sessions of both are counted', async () => {
      const { rows } = await admin.query(
        "SELECT sum((detail::jsonb->>'sessions')::int)::int AS of_both FROM heartbeats",
      );
      return (await scrape()).get('fixpoint_sessions') === rows[0].of_both && rows[0].of_both >= 3;
    });
    const after = await scrape();
    expect(after.get('fixpoint_parts{part="worker"}')).toBe(2);
    expect(after.get('fixpoint_worker_slots')).toBe(6);
    expect(after.get('fixpoint_queue_up')).toBe(1);
    expect(after.get('fixpoint_heartbeat_age_seconds{part="relay"}')).toBeLessThan(30);
    await admin.query(`UPDATE heartbeats SET at = now() - interval '2 minutes' WHERE instance = 'another'`);
    expect((await scrape()).get('fixpoint_parts{part="worker"}')).toBe(1);
    expect(after.get('fixpoint_frozen')).toBe(0);
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'test' });
    expect((await scrape()).get('fixpoint_frozen')).toBe(1);
    await product.call('operator', 'DELETE', '/v1/freeze');
  });

  it('counts sessions, and an engine that replaced another', async () => {
    // A stand-in for the engine: what is tested is the counting.
    let pid = 7;
    const session = { remote: {}, close: () => Promise.resolve() };
    const host = {
      get pid() {
        return pid;
      },
      open: () => Promise.resolve({ ok: true, value: session }),
    } as unknown as PowerShellHost;
    const watch = createMeasuredHosts();
    const watched = watch.measureHost(host);
    const first = await watched.open({ kind: 'plan' });
    const second = await watched.open({ kind: 'plan' });
    expect(watch.sessions()).toBe(2);
    if (!first.ok || !second.ok) throw new Error('not opened');
    await first.value.close();
    await first.value.close();
    expect(watch.sessions()).toBe(1);
    pid = 8;
    await watched.open({ kind: 'plan' });
    expect(watch.takeStarts()).toEqual({ starts: 2, restarts: 1 });
    expect(watch.takeStarts()).toEqual({ starts: 0, restarts: 0 });
  });
});

describe('a trace', () => {
  const attribute = (span: Span, key: string) => span.attributes.find((each) => each.key === key)?.value.stringValue;

  it('connects the request with each change in the spans, the job and the audit log', async () => {
    const traceId = 'a0'.repeat(16);
    const parent = 'b1'.repeat(8);
    const job = await submit(['a', 'b'], { traceparent: `00-${traceId}-${parent}-01` });
    const done = await approve(job);
    expect([done.state, done.traceId]).toEqual(['succeeded', traceId]);
    const mine = () => spans.filter((span) => span.traceId === traceId);
    await patientlyUntil('its run is exported', () => mine().some(({ name }) => name === 'job.run'));
    const named = (name: string) => mine().filter((span) => span.name === name);
    const request = named('POST /v1/jobs')[0];
    expect(request?.parentSpanId).toBe(parent);
    for (const name of ['job.plan', 'job.judge', 'job.run']) {
      expect(named(name).map((span) => [span.parentSpanId, attribute(span, 'fixpoint.job.id')])).toContainEqual([
        request?.spanId,
        job.id,
      ]);
    }
    const changes = named('change.apply');
    expect(changes.map((span) => attribute(span, 'fixpoint.change.id'))).toEqual(
      job.plan.changes.map(({ id }: { id: string }) => id),
    );
    const run = named('job.run').find((span) => changes.every((change) => change.parentSpanId === span.spanId));
    expect(run).toBeDefined();
    expect(named('phase.apply').map((span) => span.parentSpanId)).toEqual(changes.map((span) => span.spanId));
    expect(named('phase.detect').length).toBeGreaterThanOrEqual(3);
    const { rows } = await admin.query<{ bytes: string }>('SELECT bytes FROM audit_events WHERE job_id = $1', [job.id]);
    const own = rows.map(({ bytes }) => JSON.parse(bytes)).filter(({ action }) => action !== 'job.decided');
    expect(own.length).toBeGreaterThan(8);
    for (const { data } of own) expect(data.traceId).toBe(traceId);
  });

  it('begins here if the request has none or a malformed one', async () => {
    const none = await submit(['a']);
    const malformed = await submit(['a'], { traceparent: `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01` });
    expect(none.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(malformed.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(malformed.traceId).not.toBe(none.traceId);
  });

  it('is in every log line of the work, with the job and the change', async () => {
    const lines: Record<string, unknown>[] = [];
    const settings = { config: { logLevel: 'info' } } as unknown as Settings;
    const log = createLog('test', settings, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const job = { id: 'the-job', traceparent: `00-${'c2'.repeat(16)}-${'d3'.repeat(8)}-00` };
    await inJob(job, 'job.run', async () => {
      log.info('in the job');
      await inChange('the-change', 'change.apply', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        log.info('in the change');
      });
    });
    log.info('outside');
    const traceId = 'c2'.repeat(16);
    expect(lines[0]).toMatchObject({ msg: 'in the job', traceId, job: 'the-job' });
    expect(lines[1]).toMatchObject({ msg: 'in the change', traceId, job: 'the-job', change: 'the-change' });
    expect(lines[2]).not.toHaveProperty('traceId');
    await telemetry.close();
    // The caller's wish not to be sampled holds.
    expect(spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });
});
