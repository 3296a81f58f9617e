import { describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import {
  actions,
  admin,
  decide,
  effects,
  ENDS,
  newFolder,
  planned,
  product,
  text,
  withProduct,
} from '../support/jobs.js';

withProduct();

describe('a remediation', () => {
  it('is planned without touching anything, approved by another, applied, and proved by its own empty plan', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' });
    expect(job.plan.changes).toHaveLength(2);
    expect(text(directory, 'a')).toBeUndefined();
    expect((await decide(job)).status).toBe(200);
    const done = await product.until(job.id, ENDS);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed', progress: { done: 2, of: 2 }, partial: false });
    expect(done.proofs[0].source).toBe('reported by the target');
    expect([text(directory, 'a'), text(directory, 'b')]).toEqual(['x', 'x']);
    expect(await actions(job.id)).toEqual([
      'job.submitted',
      'job.planning-started',
      'job.planned',
      'job.decided',
      'job.approved',
      'job.claimed',
      'grant.used',
      'change.intent',
      'change.result',
      'change.intent',
      'change.result',
      'job.succeeded',
    ]);
    expect((await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' })).state).toBe('compliant');
  });

  it('is undone by a rollback job, newest change first, and only where its values are unchanged', async () => {
    const directory = newFolder();
    writeFileSync(join(directory, 'b'), 'old');
    const job = await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    const { body } = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
    const undo = await product.until(body.id, ['awaiting-approval', 'blocked']);
    expect(undo.plan.changes.map((c: any) => [c.resource.slice(-1), c.before, c.after])).toEqual([
      ['b', 'x', 'old'],
      ['a', 'x', null],
    ]);
    await decide(undo);
    expect(await product.until(undo.id, ENDS)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect([text(directory, 'a'), text(directory, 'b')]).toEqual([undefined, 'old']);
    const again = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'again' });
    expect([again.status, again.body.code]).toEqual([409, 'already-rolled-back']);
  });

  it('is not undone once somebody else put a value back', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    rmSync(join(directory, 'a'));
    const undo = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'again' });
    expect((await product.until(undo.body.id, ['awaiting-approval', 'blocked'])).code).toBe('state-drift');
  });

  it('that someone else made meanwhile ends already-fine, with no change recorded as ours', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    writeFileSync(join(directory, 'a'), 'x');
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'succeeded',
      outcome: 'already-fine',
      changes: [{ result: 'in-place' }],
    });
    expect(effects(directory)).toBe(0);
  });

  it('needs a new approval when the target changed, and a person the third time', async () => {
    const directory = newFolder();
    let job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    for (const drift of [1, 2, 3]) {
      writeFileSync(join(directory, 'a'), `other ${drift}`);
      const old = job.plan.digest;
      await decide(job, drift % 2 === 1 ? 'approver' : 'approver2');
      job = await product.until(job.id, drift === 3 ? ['needs-attention'] : ['awaiting-approval']);
      expect(job).toMatchObject({ code: 'state-drift', drifts: drift });
      if (drift < 3) expect(job.plan.digest).not.toBe(old);
    }
    expect(effects(directory)).toBe(0);
    expect(
      (await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/resolve`, { resolution: 'in-place', reason: 'x' }))
        .status,
    ).toBe(403);
    const settled = await product.call('operator', 'POST', `/v1/jobs/${job.id}/resolve`, {
      resolution: 'not-in-place',
      reason: 'looked',
    });
    expect(settled.body).toMatchObject({ state: 'failed', code: 'not-in-place' });
  });
});

describe('what goes wrong in a runbook', () => {
  it('fails after its first change, partial, with the code of the script', async () => {
    const directory = newFolder();
    const job = await planned('fails-in-apply', { directory, names: ['a', 'bad', 'c'], text: 'x' });
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'failed',
      code: 'directory-refused',
      partial: true,
      changes: [{ result: 'changed' }, { result: 'failed', code: 'directory-refused' }, { result: 'open' }],
    });
    expect(text(directory, 'c')).toBeUndefined();
  });

  it('undoes its own changes if the approver chose rollback', async () => {
    const directory = newFolder();
    const job = await planned('fails-in-apply', { directory, names: ['a', 'bad'], text: 'x' });
    await decide(job, 'approver', { onFailure: 'rollback' });
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'rolled-back',
      changes: [{ result: 'changed', undo: 'changed' }, { result: 'failed' }],
    });
    expect(text(directory, 'a')).toBeUndefined();
  });

  it('waits for a proof until its deadline, then fails with not-verified', async () => {
    const directory = newFolder();
    const job = await planned('never-proves', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'waiting', code: 'ad-replication' });
    expect(await product.until(job.id, ['failed', 'succeeded'])).toMatchObject({
      state: 'failed',
      code: 'not-verified',
    });
  });

  it('reconciles a change that overran its deadline by checking the target', async () => {
    const directory = newFolder();
    const job = await planned('times-out', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect((await product.until(job.id, ['unknown'])).changes[0].result).toBe('unknown');
    const done = await product.until(job.id, ['succeeded', 'failed', 'needs-attention']);
    expect(done).toMatchObject({ state: 'succeeded', changes: [{ result: 'in-place' }] });
    expect(effects(directory)).toBe(1);
  });

  it('treats an invalid result as an unknown outcome, not as success', async () => {
    const directory = newFolder();
    const job = await planned('prints-garbage', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect((await product.until(job.id, ['unknown', 'succeeded'])).code).toBe('malformed-output');
    expect(await product.until(job.id, ['succeeded', 'failed', 'needs-attention'])).toMatchObject({
      state: 'succeeded',
      outcome: 'already-fine',
    });
  });

  it('blocks a Detect that contradicts its Plan', async () => {
    expect(await planned('lies-in-detect', { directory: newFolder(), names: ['a'], text: 'x' })).toMatchObject({
      state: 'blocked',
      code: 'malformed-output',
    });
  });

  it('never repeats a change of class once without a result: a person decides', async () => {
    const directory = newFolder();
    const job = await planned('once', { directory, names: ['a'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    // As if the worker had died right after the intent, before any effect.
    const other = await planned('once', { directory, names: ['b'], text: 'x' });
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(other);
    await admin.query(
      "UPDATE jobs SET state = 'running', epoch = epoch + 1, lease_until = now() - interval '1 s', wake_at = now() WHERE id = $1",
      [other.id],
    );
    await admin.query(
      "INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch) VALUES ($1, $2, 'apply', 1, 1)",
      [other.id, other.plan.changes[0].id],
    );
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(other.id, ['needs-attention', 'succeeded', 'failed'])).toMatchObject({
      state: 'needs-attention',
      code: 'outcome-unknown-once',
    });
    expect(text(directory, 'b')).toBeUndefined();
  });
});

describe('approval', () => {
  it('is refused to the requester and to anyone without the role', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' }, 'both');
    expect(await decide(job, 'both')).toMatchObject({ status: 403, body: { code: 'own-request' } });
    expect(await decide(job, 'operator')).toMatchObject({ status: 403, body: { code: 'not-an-approver' } });
    expect(await decide(job, 'helpdesk2')).toMatchObject({ status: 404, body: { code: 'job-not-found' } });
    expect(await decide(job, 'approver', { planDigest: '0'.repeat(64) })).toMatchObject({
      status: 409,
      body: { code: 'plan-changed' },
    });
    expect(await decide(job, 'approver', { decision: 'reject' })).toMatchObject({
      status: 200,
      body: { state: 'rejected' },
    });
    expect(await decide(job, 'approver2')).toMatchObject({ status: 409, body: { code: 'not-awaiting-approval' } });
  });

  it('needs two people for an irreversible change, and each counts once', async () => {
    const directory = newFolder();
    const job = await planned('irreversible', { directory, names: ['a'], text: 'x' });
    expect(job.plan).toMatchObject({ risk: 'R3', approvalsRequired: 2 });
    expect((await decide(job)).body.state).toBe('awaiting-approval');
    expect(await decide(job)).toMatchObject({ status: 409, body: { code: 'already-decided' } });
    expect((await decide(job, 'approver2')).status).toBe(200);
    expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
    expect(await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'no-rollback' },
    });
  });
});

describe('cancelling', () => {
  it('ends a job that has not begun, and frees its grant', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    expect((await product.call('helpdesk2', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'not mine' })).status).toBe(
      404,
    );
    expect(
      (await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'no need' })).body.state,
    ).toBe('cancelled');
    expect((await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'again' })).body.code).toBe(
      'already-ended',
    );
  });

  it('stops a running job at its next boundary', async () => {
    const directory = newFolder();
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    const job = await planned('set-file-text', { directory, names, text: 'x' });
    await decide(job);
    await product.until(job.id, ['running']);
    await product.call('operator', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'stop' });
    const ended = await product.until(job.id, ['cancelled', 'succeeded']);
    expect(ended.progress.done).toBe(effects(directory));
  });
});

it('two jobs on one object never overlap, and both end', async () => {
  const directory = newFolder();
  const jobs = await Promise.all(
    ['x', 'y'].map((value) => planned('set-file-text', { directory, names: [value], text: value })),
  );
  await Promise.all(jobs.map((job, i) => decide(job, i === 0 ? 'approver' : 'approver2')));
  for (const job of jobs) expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
  const { rows } = await admin.query(
    "SELECT bytes::jsonb->>'job' AS job, action FROM audit_events WHERE job_id = ANY($1) AND action IN ('job.claimed', 'job.succeeded') ORDER BY n",
    [jobs.map(({ id }) => id)],
  );
  expect(rows.map(({ action }) => action)).toEqual(['job.claimed', 'job.succeeded', 'job.claimed', 'job.succeeded']);
});

it('after all of this the audit log verifies, and a forged line does not', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const exported = (await product.call('auditor', 'GET', '/v1/audit/export')).body as string;
  const file = join(product.home, 'export.jsonl');
  writeFileSync(file, exported);
  const keys = join(product.home, 'keys', 'grant-public.json');
  const verdict = await verifyAudit({ file, keys });
  expect(verdict).toMatchObject({ ok: true });
  expect(verdict.events).toBeGreaterThan(150);
  writeFileSync(file, exported.replace('job.rejected', 'job.approved'));
  expect((await verifyAudit({ file, keys })).ok).toBe(false);
});
