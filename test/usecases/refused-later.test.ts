import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { aHost } from '../support/hosts.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';

let product: TestProduct;
let engine: ReturnType<typeof aHost>;
/** Sessions of a job on its target until its changes are made: of Detect at planning, of the reader, of the writer. */
const SESSIONS_OF_A_RUN = 3;
let sessions = 0;
let allowed = SESSIONS_OF_A_RUN;

/** The engine, whose target refuses each session after those of a run, as one does whose account was locked. */
function withRefusals(host: PowerShellHost): PowerShellHost {
  return {
    ...host,
    open: (place, options) => {
      if (place.kind !== 'local') return host.open(place, options);
      sessions += 1;
      if (sessions <= allowed) return host.open(place, options);
      const failure = { kind: 'refused', code: 'session-refused', detail: 'Permission denied' } as const;
      return Promise.resolve({ ok: false, error: failure });
    },
  };
}

beforeAll(async () => {
  engine = aHost();
  product = await startTestProduct({ host: withRefusals(engine.host), slots: 1 });
  await addLocalTarget(product);
});
beforeEach(() => {
  sessions = 0;
  allowed = SESSIONS_OF_A_RUN;
});
afterAll(async () => {
  await product?.stop();
  await engine?.close();
});

async function approved(runbook: string) {
  const parameters = { directory: mkdtempSync('/tmp/fixpoint-tests/refused-'), names: ['a'], text: 'x' };
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook,
    target: 'box',
    parameters,
    reason: 'r',
  });
  const job = await product.until(body.id, ['awaiting-approval']);
  const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
  await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, decision);
  return job.id as string;
}

it('a target that refuses while a job waits for its proof is not asked again', async () => {
  // And that of Verify, which says that the proof is not there yet.
  allowed = SESSIONS_OF_A_RUN + 1;
  const id = await approved('never-proves');
  const ended = await product.until(id, ['succeeded']);
  expect(ended.timeline.map(({ state }: { state: string }) => state)).toContain('waiting');
  expect(ended).toMatchObject({ state: 'failed', code: 'session-refused', detail: 'Permission denied' });
  expect(sessions).toBe(allowed + 1);
});

it('a target that refuses while an outcome is unknown is left to a person at once', async () => {
  const id = await approved('times-out');
  const stopped = await product.until(id, ['needs-attention']);
  expect(stopped).toMatchObject({ state: 'needs-attention', code: 'session-refused', detail: 'Permission denied' });
  expect(sessions).toBe(allowed + 1);
});
