import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { ensureKeyPair } from '../../../lab/sshd.js';
import { sha256 } from '../../../src/domain/digest.js';
import { createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import { createCredentials } from '../../../src/adapters/secrets/index.js';
import type { Target } from '../../../src/domain/target.js';
import { aHost, anEndpoint, type Endpoint } from '../../support/hosts.js';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await anEndpoint();
});
afterAll(() => endpoint?.stop());

/** Opens a session with a fresh engine, over a connection of its own. */
async function openWith(identityFile: string, path = process.env.PATH) {
  const { PATH } = process.env;
  process.env.PATH = path;
  const own = aHost();
  try {
    const opened = await own.host.open({ ...endpoint.place(), identityFile, masterKey: sha256(identityFile) });
    if (opened.ok) await opened.value.close();
    return opened;
  } finally {
    process.env.PATH = PATH;
    await own.close();
  }
}

/** A program that stands in for ssh and says these words. */
function sshThatSays(words: string): string {
  const folder = join(endpoint.directory, sha256(words).slice(0, 8));
  mkdirSync(folder);
  writeFileSync(join(folder, 'words'), `${words}\n`);
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\ncat "${folder}/words" >&2\nexit 255\n`, { mode: 0o755 });
  return `${folder}:${process.env.PATH}`;
}

describe('a key file', () => {
  it.each(['my keys', 'pc%t', 'a"b', "it's", 'back\\slash', '#1', 'tab\there', '$HOME'])(
    'is used from a folder of the name %j',
    async (folder) => {
      await mkdir(join(endpoint.directory, folder));
      const identityFile = join(endpoint.directory, folder, 'key');
      await copyFile(endpoint.identityFile, identityFile);
      expect(await openWith(identityFile)).toMatchObject({ ok: true });
    },
  );

  it('that ssh cannot load is a fault of the credential', async () => {
    const identityFile = join(endpoint.directory, 'broken');
    await writeFile(identityFile, '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', {
      mode: 0o600,
    });
    const error = { kind: 'refused', code: 'credential-unavailable' };
    expect(await openWith(identityFile)).toMatchObject({ ok: false, error });
  });
});

describe('a fault of the installation is refused with a code of its own', () => {
  it.each([
    'unix_listener: path "/x/control.abcdefghijklmnopqrst" too long for Unix domain socket',
    "ControlPath too long ('/x/control' >= 108 bytes)",
    'command-line: line 0: Bad configuration option: nosuch',
    'vdollar_percent_expand: unknown key %t',
    'unix_listener: cannot bind to path /x/control: No such file or directory',
  ])('ssh says %s', async (words) => {
    const error = { kind: 'refused', code: 'ssh-unusable', detail: expect.stringContaining(words) };
    expect(await openWith(endpoint.identityFile, sshThatSays(words))).toMatchObject({ ok: false, error });
  });

  it('there is no ssh', async () => {
    const nowhere = join(endpoint.directory, 'nowhere');
    const error = { kind: 'refused', code: 'ssh-unusable', detail: expect.stringContaining('could not be started') };
    expect(await openWith(endpoint.identityFile, nowhere)).toMatchObject({ ok: false, error });
  });
});

describe('the key file of a credential, before ssh sees it', () => {
  const keygen = (path: string, ...words: string[]) =>
    execFileSync('ssh-keygen', ['-q', '-f', path, '-N', 'a passphrase', ...words]);
  const resolve = async (file: string) => {
    const path = join(endpoint.directory, 'credentials.json');
    const reader = { reference: `secret://file${file}`, use: ['detect'], targets: ['box'], tiers: [2] };
    await writeFile(path, JSON.stringify({ credentials: { reader } }), { mode: 0o600 });
    const target = { name: 'box', tier: 2, transport: { type: 'ssh' }, credentials: { detect: 'reader' } };
    const credentials = createCredentials({
      path,
      runtimeDirectory: endpoint.directory,
      env: {},
      values: createValueChecker(),
      mode: 'development',
    });
    return credentials.resolve(target as unknown as Target, 'detect');
  };
  const unavailable = (why: string) => ({
    ok: false,
    error: { kind: 'credential-unavailable', name: 'reader', why: expect.stringContaining(why) },
  });
  const fileWith = async (name: string, text: string) => {
    const path = join(endpoint.directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };

  it.each([
    ['OpenSSH', ['-t', 'ed25519']],
    ['PEM', ['-t', 'rsa', '-m', 'PEM']],
    ['PKCS #8', ['-t', 'ecdsa', '-m', 'PKCS8']],
  ])('has a passphrase: %s', async (format, words) => {
    const path = join(endpoint.directory, `locked ${format.slice(0, 4)}`);
    keygen(path, ...words);
    expect(await resolve(path)).toMatchObject(unavailable('has a passphrase'));
    execFileSync('ssh-keygen', ['-q', '-p', '-P', 'a passphrase', '-N', '', '-f', path]);
    expect(await resolve(path)).toMatchObject({ ok: true, value: { kind: 'ssh', identityFile: path } });
  });

  it('is missing, a folder, a public key, a key of PuTTY, empty, something else, or at a path that ssh cannot take', async () => {
    await ensureKeyPair(join(endpoint.directory, 'pair'));
    const publicKey = execFileSync('cat', [join(endpoint.directory, 'pair.pub')], { encoding: 'utf8' });
    mkdirSync(join(endpoint.directory, 'folder'), { mode: 0o700 });
    mkdirSync(join(endpoint.directory, '${x}'));
    await copyFile(endpoint.identityFile, join(endpoint.directory, '${x}', 'key'));
    expect(await resolve(join(endpoint.directory, 'no such'))).toMatchObject(unavailable('is missing'));
    expect(await resolve(join(endpoint.directory, 'folder'))).toMatchObject(unavailable('is a folder'));
    expect(await resolve(await fileWith('public', publicKey))).toMatchObject(unavailable('holds a public key'));
    expect(await resolve(await fileWith('k.ppk', 'PuTTY-User-Key-File-3: x'))).toMatchObject(unavailable('PuTTY'));
    expect(await resolve(await fileWith('empty', '\n'))).toMatchObject(unavailable('is empty'));
    expect(await resolve(await fileWith('else', 'a password'))).toMatchObject(unavailable('is not a private key'));
    expect(await resolve(join(endpoint.directory, '${x}', 'key'))).toMatchObject(unavailable('"${"'));
  });
});
