import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSink } from '../../../src/adapters/checkpoints/index.js';
import { createPeopleFile } from '../../../src/adapters/identity/people-file.js';
import { createPolicyFile } from '../../../src/adapters/identity/policy-file.js';
import { openGrantSigner, openGrantVerifier } from '../../../src/adapters/keys/index.js';
import { createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import {
  createCredentials,
  openSecret,
  readCredentialsFile,
  type CredentialEntry,
} from '../../../src/adapters/secrets/index.js';
import { readOwnFile, readOwnFileSync } from '../../../src/platform/read-own-file.js';

const home = mkdtempSync('/tmp/fx-files-');
const values = createValueChecker();
let made = 0;
const fresh = () => join(home, `file-${(made += 1)}`);

/** Files that hold a reader for ever, or whatever memory it has, when they are read like any other. */
const NO_FILES = {
  'a FIFO': () => {
    const path = fresh();
    execFileSync('mkfifo', ['-m', '600', path]);
    return path;
  },
  'an endless device': () => {
    const path = fresh();
    symlinkSync('/dev/zero', path);
    return path;
  },
  'a folder': () => {
    const path = fresh();
    mkdirSync(path, { mode: 0o700 });
    return path;
  },
};

const holding = (bytes: string | number, mode = 0o600) => {
  const path = fresh();
  writeFileSync(path, typeof bytes === 'number' ? ' '.repeat(bytes) : bytes, { mode });
  return path;
};

/** Every reader of a file of the installation; each answers why it did not read. */
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a password': async (path) => {
    const entry: CredentialEntry = {
      reference: `secret://file${path}`,
      userName: 'svc',
      use: [],
      targets: [],
      tiers: [],
    };
    const opened = await openSecret('svc', entry, {});
    return opened.ok ? 'read' : (opened.error as { why: string }).why;
  },
  'the credentials file': async (path) => {
    const read = await readCredentialsFile(path, values);
    return read.ok ? 'read' : read.error;
  },
  'the people file': (path) => createPeopleFile(path).read(),
  'the policy file': (path) => createPolicyFile(path, values).read(),
  'the private key of grants': openGrantSigner,
  'the public keys of grants': openGrantVerifier,
  'the checkpoints': (path) => fileSink(path).kept(),
  'what a command reads': (path) => Promise.resolve().then(() => readOwnFileSync(path)),
};

const said = (reader: string, path: string): Promise<unknown> =>
  (READERS[reader] as (path: string) => Promise<unknown>)(path).catch((error: Error) => error.message);

describe.each(Object.keys(READERS))('%s', (reader) => {
  it.each(Object.entries(NO_FILES))('is not read from %s', async (_, make) => {
    expect(await said(reader, make())).toMatch(/is (not a regular file|a folder)/);
  });
});

it.each([
  ['a password', 64],
  ['the private key of grants', 64],
  ['the credentials file', 1024],
  ['the people file', 1024],
  ['what a command reads', 1024],
] as const)('%s has at most %i KiB', async (reader, most) => {
  expect(await said(reader, holding(most * 1024 + 1))).toContain(`is larger than ${most} KiB`);
  expect(await said(reader, holding(most * 1024))).not.toContain('is larger than');
});

it.each(['a password', 'the credentials file', 'the private key of grants'])(
  '%s is closed to others',
  async (reader) => {
    expect(await said(reader, holding('{}', 0o640))).toContain('is readable by others: chmod 600 it');
  },
);

it('a secret may be a symbolic link, as mounted secrets are', async () => {
  const path = fresh();
  symlinkSync(holding('hunter2\n'), path);
  expect(await said('a password', path)).toBe('read');
  expect(await readOwnFile(path)).toBe('hunter2\n');
});

it('a certificate file that holds none does not hide the next one, and a FIFO holds up nobody', async () => {
  const [key, pem] = [fresh(), fresh()];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=test', '-keyout', key, '-out', pem],
    { stdio: 'ignore' },
  );
  const shown = execFileSync('openssl', ['x509', '-in', pem, '-noout', '-fingerprint', '-sha256'], {
    encoding: 'utf8',
  });
  const fingerprint = shown.trim().split('=')[1]?.replaceAll(':', '').toLowerCase() ?? '';
  const trustedCas = [holding('no certificate'), NO_FILES['a FIFO'](), pem];
  const path = holding(JSON.stringify({ credentials: {}, trustedCas }));
  const credentials = createCredentials({ path, runtimeDirectory: home, env: {}, values, mode: 'development' });
  expect(await credentials.caDirectory(fingerprint)).toEqual({ ok: true, value: join(home, 'ca', fingerprint) });
});
