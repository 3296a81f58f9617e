import { afterAll, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { composeAuthority } from '../../src/processes/compose.js';
import { readConfig } from '../../src/processes/config.js';
import { loadCheckout } from '../../src/usecases/admission/load-checkout.js';
import { command } from '../support/command-line.js';
import { product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

const directory = mkdtempSync('/tmp/fxr-');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const list = () =>
  command(
    { FIXPOINT_HOME: product.home, FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.helpdesk },
    'runbook',
    'list',
  );

it('a folder that is refused is in the list with the reason, until it is correct', async () => {
  const folder = join(directory, 'write-example-file');
  const source = join(INSTALL_ROOT, 'examples/runbooks/write-example-file');
  cpSync(source, folder, { recursive: true });
  appendFileSync(join(folder, 'runbook.yaml'), 'steps: []\n');
  const env = { FIXPOINT_HOME: product.home, FIXPOINT_AUTHORITY_DATABASE_URL: product.urls.authority };
  const settings = readConfig(env, INSTALL_ROOT);
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  const { checkout, record } = await composeAuthority(settings.value, () => undefined);
  // What the gate says is not the question here.
  const folders = createRunbookFolders({ directories: [directory], host: { checkScripts: async () => [] } });
  const load = () =>
    loadCheckout(
      checkout,
      folders,
      () => Promise.resolve('0'.repeat(64)),
      () => undefined,
    );
  try {
    await Promise.all([load(), load()]);
    const { code, text } = await list();
    expect(code).toBe(0);
    expect(text).toContain(`write-example-file in ${directory} was refused:`);
    expect(text).toMatch(/ {2}write-example-file\/runbook\.yaml:\d+: \/steps is not known here \[manifest\]/);
    const wish = { runbook: 'write-example-file', target: 'x', parameters: {}, reason: 'test' };
    const why = expect.stringMatching(
      `The folder ${folder} was refused: .*/steps is not known here.* Run .fixpoint runbook check ${folder}`,
    );
    const refusal = { code: 'runbook-not-found', detail: why };
    expect((await product.call('helpdesk', 'POST', '/v1/jobs', wish)).body).toMatchObject(refusal);
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks/write-example-file')).body).toMatchObject(refusal);
    const batch = await product.call('helpdesk', 'POST', '/v1/jobs:batch', { requests: [wish] });
    expect(batch.body).toMatchObject({ errors: [{ code: 'runbook-not-found', message: why }] });
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks/nosuch')).body).toMatchObject({
      detail: 'List the runbooks: GET /v1/runbooks.',
    });
    cpSync(join(source, 'runbook.yaml'), join(folder, 'runbook.yaml'));
    await load();
    expect((await list()).text).not.toContain('refused');
  } finally {
    await record.close();
  }
});
