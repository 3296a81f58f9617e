import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { createClient } from '../../src/cli/api/client.js';
import { startBreakingProxy } from '../support/breaking-proxy.js';
import { addLocalTarget, startTestProduct } from '../support/product.js';
import { isProblem, product, request, submit, withProduct } from '../support/requests.js';

withProduct();

/** The answer of a service that was not too busy to give one, as a client with a key asks for it. */
async function untilAnswered<T extends { readonly status: number }>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 503) return answer;
  }
}

describe('submitting', () => {
  it('answers a repeat with the first job, another body under the same key with 422', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await submit({}, 'helpdesk', key);
    expect((await submit({}, 'helpdesk', key)).body.id).toBe(first.body.id);
    expect(await submit({ reason: 'other' }, 'helpdesk', key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-mismatch' },
    });
    expect((await submit({}, 'helpdesk2', key)).body.id).not.toBe(first.body.id);
  });

  it('says how long to wait when the rate limit is reached', async () => {
    const slow = await startTestProduct({ env: { FIXPOINT_SUBMIT_PER_MINUTE: '2' } });
    try {
      await addLocalTarget(slow);
      for (let i = 0; i < 2; i++) expect((await slow.call('helpdesk', 'POST', '/v1/jobs', request())).status).toBe(201);
      const answer = await slow.call('helpdesk', 'POST', '/v1/jobs', request());
      expect([answer.status, isProblem(answer).code, answer.headers.get('retry-after')]).toEqual([
        429,
        'too-many-requests',
        '60',
      ]);
    } finally {
      await slow.stop();
    }
  });

  it('is refused while everything is frozen', async () => {
    expect((await product.call('helpdesk', 'POST', '/v1/freeze', { reason: 'no' })).status).toBe(403);
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'maintenance' });
    const answer = await submit();
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect([answer.status, isProblem(answer).code, answer.body.detail]).toEqual([
      423,
      'frozen',
      expect.stringContaining('maintenance'),
    ]);
  });

  it('replaces only a waiting job of the same person', async () => {
    const first = await product.until((await submit({ parameters: { directory: '/tmp', names: ['s1'] } })).body.id, [
      'awaiting-approval',
    ]);
    expect((await submit({ supersedes: first.id }, 'helpdesk2')).status).toBe(409);
    expect((await submit({ supersedes: first.id })).status).toBe(201);
    expect((await product.until(first.id, ['superseded'])).state).toBe('superseded');
  });
});

it('lets exactly one of fifty deciders through', async () => {
  const job = await product.until(
    (await submit({ parameters: { directory: mkdtempSync('/tmp/fxd-'), names: ['d1'] } })).body.id,
    ['awaiting-approval'],
  );
  const decide = (i: number) =>
    product.call(i % 2 === 0 ? 'approver' : 'approver2', 'POST', `/v1/jobs/${job.id}/decision`, {
      decision: 'approve',
      planDigest: job.plan.digest,
      reason: `no. ${i}`,
    });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => decide(i)));
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const audit = (await product.call('auditor', 'GET', `/v1/audit?job=${job.id}&action=job.approved`)).body;
  expect(audit.items).toHaveLength(1);
});

describe('the stream of a job', () => {
  async function stream(id: string, headers: Record<string, string> = {}): Promise<{ id: number; event: string }[]> {
    const response = await fetch(`${product.url}/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${product.tokens.helpdesk}`, ...headers },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const text = await response.text();
    return text.split('\n\n').flatMap((block) => {
      const seen = /^id: (\d+)\nevent: (\w+)/m.exec(block);
      return seen ? [{ id: Number(seen[1]), event: seen[2] ?? '' }] : [];
    });
  }

  it('sends every event and resumes after any event without a gap', async () => {
    const { body } = await submit({ parameters: { directory: '/tmp', names: ['e1'] } });
    await product.until(body.id, ['awaiting-approval']);
    await product.call('helpdesk', 'POST', `/v1/jobs/${body.id}/cancel`, { reason: 'enough' });
    const whole = await stream(body.id);
    expect(whole.length).toBeGreaterThanOrEqual(4);
    for (const [i, { id }] of whole.entries())
      expect((await stream(body.id, { 'last-event-id': String(id) })).map((e) => e.id)).toEqual(
        whole.slice(i + 1).map((e) => e.id),
      );
  });

  it('is followed to its end through connections that break in the middle of an event', async () => {
    const middle = await startBreakingProxy(Number(new URL(product.url).port));
    const client = createClient({
      url: `http://127.0.0.1:${middle.port}`,
      token: product.tokens.helpdesk,
      resume: { afterMs: 10, attempts: 20 },
    });
    const { body } = await submit({ parameters: { directory: '/tmp', names: ['e2'] } });
    const followed: { id: number; event: string }[] = [];
    let state = '';
    const done = client.follow(
      '/v1/jobs/{id}/events',
      { path: { id: body.id } },
      {
        take(item) {
          if (item.event === 'end') state = item.data.state;
          else followed.push({ id: Number(item.id), event: item.event });
        },
      },
    );
    await product.until(body.id, ['awaiting-approval']);
    await product.call('helpdesk', 'POST', `/v1/jobs/${body.id}/cancel`, { reason: 'enough' });
    await done;
    expect(state).toBe('cancelled');
    expect(middle.broken()).toBeGreaterThanOrEqual(3);
    expect(followed).toEqual(await stream(body.id));
    await middle.close();
  });
});

// Last: its jobs are planned after it.
describe('the same key, sent again and again', () => {
  it('makes exactly one job for a key, however many requests are concurrent', async () => {
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'count' });
    await product.call('operator', 'DELETE', '/v1/freeze');
    const ids = new Set<string>();
    for (let key = 0; key < 60; key += 10) {
      const calls = Array.from({ length: 10 * 20 }, (_, i) =>
        untilAnswered(() => submit({}, 'helpdesk', { 'idempotency-key': `p-${key + (i % 10)}` })),
      );
      for (const { status, body } of await Promise.all(calls)) {
        expect(status).toBe(201);
        ids.add(body.id);
      }
    }
    expect(ids.size).toBe(60);
  });
});
