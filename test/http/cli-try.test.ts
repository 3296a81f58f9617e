import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { anEndpoint, type Endpoint } from '../support/hosts.js';
import { admin, product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

const FOLDER = join(INSTALL_ROOT, 'examples/runbooks/write-example-file');
let endpoint: Endpoint;
let files: string;
beforeAll(async () => {
  endpoint = await anEndpoint();
  files = mkdtempSync('/tmp/fxy-');
  writeFileSync(join(files, 'fixpoint-a.txt'), 'old');
  const { host, port, user, hostKey } = endpoint.place();
  const added = await product.call('admin', 'POST', '/v1/targets', {
    name: 'pc-1',
    kind: 'pc',
    transport: { type: 'ssh', host, port, user, hostKey },
    // The second name is in no credentials file: it is never looked up.
    credentials: { detect: 'reader', apply: 'writer' },
    tier: 2,
    site: 'main',
    tags: [],
  });
  expect(added.status).toBe(201);
  const reader = {
    reference: `secret://file/${endpoint.identityFile}`,
    use: ['detect'],
    targets: ['pc-1'],
    tiers: [2],
  };
  writeFileSync(join(files, 'credentials.json'), JSON.stringify({ credentials: { reader } }), { mode: 0o600 });
});
afterAll(async () => {
  await endpoint?.stop();
  if (files) rmSync(files, { recursive: true, force: true });
});

const run = (who: 'admin' | 'helpdesk', ...words: string[]) =>
  command(
    {
      FIXPOINT_HOME: product.home,
      FIXPOINT_URL: product.url,
      FIXPOINT_TOKEN: product.tokens[who],
      FIXPOINT_CREDENTIALS: join(files, 'credentials.json'),
    },
    'runbook',
    'try',
    ...words,
  );
const given = () => [`directory=${files}`, 'names=fixpoint-a.txt', 'names=fixpoint-b.txt', 'text=new'];

async function stored() {
  const counts = ['jobs', 'audit_events', 'outbox', 'runbook_bundles'].map(
    (table) => `(SELECT count(*) FROM ${table})::int AS ${table}`,
  );
  return (await admin.query(`SELECT ${counts.join(', ')}`)).rows[0];
}

describe('fixpoint runbook try', () => {
  it('shows state and changes of a target, and stores and changes nothing', async () => {
    const before = await stored();
    const { code, text } = await run('admin', FOLDER, 'pc-1', ...given());
    expect(text).toContain('write-example-file on pc-1: the finding is present.');
    expect(text).toContain('"text": "old"');
    expect(text).toContain('Plan lists 2 changes:');
    expect(text).toContain(`- write-file: text of file:${files}/fixpoint-b.txt`);
    expect(text).toContain('Nothing was stored or changed.');
    expect(code).toBe(0);
    expect(await stored()).toEqual(before);
    expect(readdirSync(files).sort()).toEqual(['credentials.json', 'fixpoint-a.txt']);
    expect(readFileSync(join(files, 'fixpoint-a.txt'), 'utf8')).toBe('old');
  });

  it('is for administrators', async () => {
    const { code, text } = await run('helpdesk', FOLDER, 'pc-1', ...given());
    expect([code, text]).toEqual([1, expect.stringContaining('[not-allowed]')]);
  });

  it('refuses parameters that the API would refuse, with their paths', async () => {
    const { code, text } = await run('admin', FOLDER, 'pc-1', 'directory=relative', 'text=t');
    expect([code, text]).toEqual([1, expect.stringContaining('[invalid-parameters]')]);
    expect(text).toContain('/directory must match pattern');
    expect(text).toContain('/names must NOT have fewer than 1 items');
  });

  it('says with its code why Detect ended', async () => {
    const mine = join(files, 'mine', 'write-example-file');
    mkdirSync(join(files, 'mine'));
    expect((await command({ FIXPOINT_HOME: product.home }, 'runbook', 'new', `${mine}-2`)).code).toBe(0);
    const detect = join(`${mine}-2`, 'Detect.ps1');
    writeFileSync(detect, readFileSync(detect, 'utf8').replace('$fault = $false', "throw 'target-ambiguous'"));
    const { code, text } = await run('admin', `${mine}-2`, 'pc-1', ...given());
    expect([code, text]).toEqual([1, expect.stringContaining('[target-ambiguous]')]);
  });

  it('refuses a target of another kind, and a folder that cannot be loaded', async () => {
    const domain = join(INSTALL_ROOT, 'runbooks/update-ad-attribute');
    const other = await run('admin', domain, 'pc-1');
    expect([other.code, other.text]).toEqual([1, expect.stringContaining('runs on domain; pc-1 is of kind pc')]);
    const none = await run('admin', files, 'pc-1');
    expect([none.code, none.text]).toEqual([2, expect.stringContaining('is not a runbook that can be loaded')]);
  });
});
