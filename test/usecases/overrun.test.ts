import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';

let product: TestProduct;
let folder: string;

/** A runbook of the fixtures with another Detect and a short time for it. */
function runbookThatNeverEnds(id: string, loop: string): void {
  const at = join(folder, id);
  cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/once'), at, { recursive: true });
  const edit = (file: string, from: string, to: string) => {
    const text = readFileSync(join(at, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(at, file), text.replace(from, to));
  };
  edit('runbook.yaml', 'id: once', `id: ${id}`);
  edit('runbook.yaml', 'detect: 10m', 'detect: 2s');
  edit('Detect.ps1', '$fault = $false', `$fault = $false\n${loop}`);
}

beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxr-');
  runbookThatNeverEnds('loops', 'while ($true) { $fault = $false }');
  product = await startTestProduct({ runbooks: [folder] });
  await addLocalTarget(product);
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('a phase that does not end in its time blocks the job, which is not tried again', async () => {
  const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'loops',
    target: 'box',
    parameters: { directory: '/tmp', names: ['a'] },
    reason: 'story',
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  const ended = await product.until(body.id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
  expect(ended).toMatchObject({ state: 'blocked', code: 'phase-overran', detail: expect.stringContaining('2000 ms') });
});
