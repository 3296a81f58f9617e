import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtCredentials } from '../../src/installation/doctor/credentials.js';

let home: string;
const before = { ...process.env };
beforeEach(() => {
  home = mkdtempSync('/tmp/fxd-');
  process.env.FIXPOINT_CREDENTIALS = join(home, 'credentials.json');
});
afterEach(() => {
  process.env = { ...before };
  rmSync(home, { recursive: true, force: true });
});

async function found(credentials: object) {
  const common = { reference: 'secret://env/A', use: ['detect'], targets: ['corp'], tiers: [1] };
  const entries = Object.entries(credentials).map(([name, entry]) => [name, { ...common, ...(entry as object) }]);
  const text = JSON.stringify({ credentials: Object.fromEntries(entries) });
  writeFileSync(join(home, 'credentials.json'), text, { mode: 0o600 });
  return (await lookAtCredentials()).map(({ code, severity, detail }) => `${severity}: ${code}: ${detail}`);
}

const hosts = ['dc1.corp.example'];
const authorities = ['a'.repeat(64)];

it('names the credentials that do not say where they may be used, and those whose password may not be sent', async () => {
  expect(
    await found({
      key: {},
      whole: { userName: 'svc', simpleBind: true, hosts, authorities },
      old: { userName: 'svc' },
      half: { userName: 'svc', simpleBind: true, hosts },
    }),
  ).toEqual([
    'note: credential-ends-missing: old',
    'note: credential-ends-missing: half',
    'wrong: credential-simple-bind: old',
  ]);
});

it('names the programs that Kerberos needs, where a credential needs them', async () => {
  process.env.PATH = home;
  expect(await found({ key: {} })).toEqual([]);
  const [missing, ...more] = await found({ svc: { principal: 'svc@CORP.EXAMPLE', hosts } });
  expect(missing).toMatch(/^wrong: kerberos-packages-missing: kinit and kvno \(krb5-user\).*, for svc$/);
  expect(more).toEqual([]);
  for (const name of ['kinit', 'kvno']) writeFileSync(join(home, name), '', { mode: 0o755 });
  expect((await found({ svc: { principal: 'svc@CORP.EXAMPLE', hosts } })).join()).not.toContain('kinit');
});

it('finds nothing where there is no file', async () => {
  expect(await lookAtCredentials()).toEqual([]);
});
