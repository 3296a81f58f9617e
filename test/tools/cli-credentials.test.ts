import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/fxc-');
  // As after a first start.
  mkdirSync(join(home, 'keys'));
  writeFileSync(join(home, 'keys', 'grant-public.json'), '{}');
  path = join(home, 'credentials.json');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (...words: string[]) => command({ FIXPOINT_HOME: home }, 'credential', ...words);
const file = () => JSON.parse(readFileSync(path, 'utf8')) as { credentials: Record<string, unknown> };
/** A keytab with one key, of zeroes. */
function keytabOf(realm: string, account: string): Buffer {
  const text = (of: string) => Buffer.concat([Buffer.from([0, of.length]), Buffer.from(of)]);
  const names = Buffer.concat([Buffer.from([0, 1]), text(realm), text(account), Buffer.from([0, 0, 0, 1])]);
  const key = Buffer.concat([Buffer.alloc(4), Buffer.from([1, 0, 18]), text('\0'.repeat(32))]);
  return Buffer.concat([Buffer.from([5, 2, 0, 0, 0, names.length + key.length]), names, key]);
}
const modeOf = (of: string) => statSync(of).mode & 0o777;

describe('fixpoint credential', () => {
  it('makes a key, names it in a file of mode 0600 whatever the umask, and prints its public half', async () => {
    const umask = process.umask(0);
    try {
      const { code, text } = await run('add', 'server-1-key', '--generate-key', '--target', 'server-1');
      expect(code).toBe(0);
      expect(text).toContain('server-1-key may be used to detect and apply on server-1 (tier 2).');
      expect(text).toMatch(/^ssh-ed25519 \S+ fixpoint-server-1-key$/m);
    } finally {
      process.umask(umask);
    }
    const key = join(home, 'secrets/server-1-key');
    expect([modeOf(path), modeOf(key), modeOf(join(home, 'secrets'))]).toEqual([0o600, 0o600, 0o700]);
    expect(file().credentials).toEqual({
      'server-1-key': {
        reference: `secret://file${key}`,
        use: ['detect', 'apply'],
        targets: ['server-1'],
        tiers: [2],
      },
    });
    expect(await run('check')).toEqual({ code: 0, text: `server-1-key: can be used (${key})\n` });
  });

  it('lists what each credential is for, and never a secret', async () => {
    const password = join(home, 'pw');
    writeFileSync(password, 'very-secret-word', { mode: 0o600 });
    const words = [
      '--password-file',
      password,
      '--user',
      'CN=reader',
      '--simple-bind',
      '--use',
      'detect',
      '--tier',
      '0',
      '--target',
      'corp',
    ];
    expect((await run('add', 'reader', ...words)).code).toBe(0);
    const { text } = await run('list');
    expect(text).toMatch(/reader +password of CN=reader, simple bind +detect +0 +corp/);
    for (const said of [
      text,
      (await command({ FIXPOINT_HOME: home }, '--json', 'credential', 'list')).text,
      (await run('check')).text,
    ])
      expect(said).not.toContain('very-secret-word');
    expect(readFileSync(path, 'utf8')).not.toContain('very-secret-word');
  });

  it('neither replaces nor overwrites anything by accident', async () => {
    await run('add', 'a', '--generate-key', '--target', 't');
    const before = readFileSync(path, 'utf8');
    const key = readFileSync(join(home, 'secrets/a'), 'utf8');
    expect(await run('add', 'a', '--generate-key', '--target', 't')).toEqual({
      code: 1,
      text: expect.stringContaining('There is a credential a already.'),
    });
    expect((await run('add', 'a', '--generate-key', '--target', 't', '--replace')).text).toContain('exists already');
    expect([readFileSync(path, 'utf8'), readFileSync(join(home, 'secrets/a'), 'utf8')]).toEqual([before, key]);
  });

  it.each<[string, string[], string]>([
    ['no secret', [], 'Name the secret with one of'],
    ['two secrets', ['--generate-key', '--password-env', 'X'], 'Name the secret with one of'],
    ['a password of nobody', ['--password-env', 'READER'], 'Add --principal'],
    ['a password of two', ['--password-env', 'X', '--user', 'x', '--principal', 'x@X'], 'Choose --user or --principal'],
    ['a key with a principal', ['--generate-key', '--principal', 'x@X'], '--principal belongs to a keytab'],
    ['a keytab that is sent', ['--keytab', 'k', '--simple-bind'], 'belong to a password'],
    [
      'a simple bind of Kerberos',
      ['--password-env', 'X', '--principal', 'x@X', '--simple-bind'],
      '--simple-bind, --ntlm and --basic belong to --user',
    ],
    [
      'a KDC of a password that is sent',
      ['--password-env', 'X', '--user', 'x', '--simple-bind', '--kdc', 'k'],
      '--kdc',
    ],
    ['a key with an account', ['--generate-key', '--user', 'x'], '--user belongs to a password'],
    ['another use', ['--generate-key', '--use', 'verify'], '--use is detect or apply, not verify.'],
    ['another tier', ['--generate-key', '--tier', '3'], '--tier is 0, 1 or 2, not 3.'],
  ])('refuses %s, and writes nothing', async (_, words, message) => {
    expect(await run('add', 'a', ...words, '--target', 't')).toEqual({
      code: 2,
      text: expect.stringContaining(message),
    });
    expect(existsSync(path)).toBe(false);
  });

  it('refuses a name, a target or a variable of another form, and writes nothing', async () => {
    expect((await run('add', '../a', '--generate-key', '--target', 't')).code).toBe(2);
    expect((await run('add', 'a', '--generate-key', '--target', 'a b')).text).toContain('a b is no name');
    const lower = await run('add', 'a', '--password-env', 'lower', '--user', 'u', '--simple-bind', '--target', 't');
    expect(lower).toEqual({ code: 1, text: expect.stringContaining('Nothing was written.') });
    expect([existsSync(path), existsSync(join(home, 'secrets'))]).toEqual([false, false]);
  });

  it('says what is wrong with a secret, and where it is', async () => {
    const ruin = (name: string, change: (path: string) => void) => {
      change(join(home, 'secrets', name));
      return name;
    };
    for (const name of ['gone', 'open', 'text', 'cut']) await run('add', name, '--generate-key', '--target', 't');
    ruin('gone', (of) => rmSync(of));
    ruin('open', (of) => chmodSync(of, 0o644));
    ruin('text', (of) => writeFileSync(of, 'no key'));
    ruin('cut', (of) =>
      writeFileSync(of, `${readFileSync(of, 'utf8').slice(0, 200)}\n-----END OPENSSH PRIVATE KEY-----\n`),
    );
    await run('add', 'unset', '--password-env', 'FIXPOINT_TEST_UNSET', '--user', 'u', '--simple-bind', '--target', 't');
    const { code, text: said } = await run('check');
    expect(code).toBe(1);
    expect(said).toContain(`gone: cannot be used: its file is missing (${join(home, 'secrets/gone')})`);
    expect(said).toContain('open: cannot be used: its file is readable by others: chmod 600 it');
    expect(said).toContain('text: cannot be used: its key file is not a private key');
    expect(said).toContain('cut: cannot be used: ssh cannot load its key file');
    expect(said).toContain('unset: cannot be used: its environment variable is not set\n');
  });

  describe('a secret that cannot be used', () => {
    const made = () => {
      const key = join(home, 'key');
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', key]);
      mkdirSync(join(home, 'folder'));
      writeFileSync(join(home, 'empty'), '', { mode: 0o600 });
      writeFileSync(join(home, 'text'), 'no key', { mode: 0o600 });
      writeFileSync(join(home, 'open'), 'x', { mode: 0o644 });
      chmodSync(`${key}.pub`, 0o600);
    };

    it.each<[string, string, string]>([
      ['--key', 'folder', 'is a folder'],
      ['--key', 'none', 'its file is missing'],
      ['--key', 'key.pub', 'holds a public key'],
      ['--key', 'empty', 'is empty'],
      ['--key', 'text', 'is not a private key'],
      ['--key', 'key', 'has a passphrase'],
      ['--password-file', 'open', 'readable by others'],
      ['--password-file', 'folder', 'is a folder'],
      ['--password-file', 'empty', 'is empty'],
    ])('is refused (%s %s), named by its path, and the old entry stays', async (option, name, message) => {
      made();
      await run('add', 'a', '--generate-key', '--target', 't1', '--tier', '1');
      const before = readFileSync(path, 'utf8');
      const user = option === '--key' ? [] : ['--user', 'u', '--simple-bind'];
      const { code, text } = await run('add', 'a', option, join(home, name), ...user, '--target', 't2', '--replace');
      expect([code, text]).toEqual([1, expect.stringContaining(message)]);
      expect(text).toContain(join(home, name));
      expect(text).not.toContain('chmod 600 /');
      expect(readFileSync(path, 'utf8')).toBe(before);
    });
  });

  it('a replaced credential keeps what no option names', async () => {
    const words = ['--password-env', 'OLD_PW', '--user', 'CN=x', '--simple-bind', '--target', 't1', '--target', 't2'];
    await run('add', 'a', ...words, '--tier', '1', '--use', 'detect');
    expect((await run('add', 'a', '--password-env', 'NEW_PW', '--replace')).code).toBe(0);
    const kept = { userName: 'CN=x', simpleBind: true, use: ['detect'], targets: ['t1', 't2'], tiers: [1] };
    expect(file().credentials).toEqual({ a: { reference: 'secret://env/NEW_PW', ...kept } });
  });

  it('refuses a password that would be sent, until that is allowed', async () => {
    const words = ['--password-env', 'READER_PW', '--user', 'CN=x', '--target', 'corp'];
    const refused = await run('add', 'a', ...words);
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('nobody allowed that')]);
    expect(existsSync(path)).toBe(false);
    const entry = { reference: 'secret://env/A', userName: 'CN=x', use: ['detect'], targets: ['corp'], tiers: [1] };
    writeFileSync(path, JSON.stringify({ credentials: { a: entry } }), { mode: 0o600 });
    expect((await run('list')).text).toMatch(/password of CN=x +detect/);
    expect((await run('allow', 'a', 'corp', '--simple-bind')).code).toBe(0);
    expect(file().credentials.a).toEqual({ ...entry, simpleBind: true });
    expect((await run('list')).text).toMatch(/password of CN=x, simple bind +detect/);
  });

  it('adds a keytab with its principal, its KDCs, hosts and authorities', async () => {
    const keytab = join(home, 'svc.keytab');
    writeFileSync(keytab, keytabOf('CORP.EXAMPLE', 'svc'), { mode: 0o600 });
    const ends = ['--host', 'dc1.corp.example', '--authority', 'a'.repeat(64)];
    const words = ['--keytab', keytab, '--kdc', 'kdc.corp.example', ...ends, '--target', 'corp', '--tier', '1'];
    expect((await run('add', 'svc', ...words)).text).toContain('Hosts: dc1.corp.example.');
    expect(file().credentials).toEqual({
      svc: {
        reference: `secret://file${keytab}`,
        principal: 'svc@CORP.EXAMPLE',
        kdcs: ['kdc.corp.example'],
        hosts: ['dc1.corp.example'],
        authorities: ['a'.repeat(64)],
        use: ['detect', 'apply'],
        targets: ['corp'],
        tiers: [1],
      },
    });
    expect((await run('list')).text).toMatch(
      /Kerberos, svc@CORP.EXAMPLE +detect, apply +1 +corp +dc1.corp.example +aaaa/,
    );
    expect((await run('check')).text).toContain('svc: can be used');
    const other = await run('add', 'x', '--keytab', keytab, '--principal', 'x@CORP.EXAMPLE', '--target', 'corp');
    expect(other.text).toContain('has keys of svc@CORP.EXAMPLE only');
    const password = ['--password-env', 'SVC_PW', '--principal', 'svc@CORP.EXAMPLE', '--target', 'corp'];
    expect((await run('add', 'pw', ...password)).text).toContain('Note: it names no hosts');
    expect(file().credentials.pw).toMatchObject({ principal: 'svc@CORP.EXAMPLE', secret: 'password' });
  });

  it('a new credential needs a target', async () => {
    for (const words of [['--generate-key'], ['--password-env', 'PW', '--user', 'u']])
      expect(await run('add', 'a', ...words)).toEqual({ code: 2, text: expect.stringContaining('--target <name>') });
    expect([existsSync(path), existsSync(join(home, 'secrets'))]).toEqual([false, false]);
  });

  const KEY_FORMS: readonly (readonly [string, (key: string) => string | Buffer, string])[] = [
    ['crlf', (key) => key.replaceAll('\n', '\r\n'), 'line ends of Windows'],
    ['mark', (key) => `\uFEFF${key}`, 'begins with a byte order mark'],
    ['open-end', (key) => key.trimEnd(), 'the last line of its key file has no line end'],
    ['cut', (key) => key.split('\n').toSpliced(2, 1).join('\n'), 'ssh cannot load its key file'],
  ];

  /** A key is refused in such a form when it is added: these were changed afterwards. */
  async function addedThenChanged(forms: typeof KEY_FORMS): Promise<void> {
    const key = join(home, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    for (const [name, change, why] of forms) {
      const file = join(home, name);
      const write = (text: string | Buffer) => writeFileSync(file, text, { mode: 0o600 });
      write(change(readFileSync(key, 'utf8')));
      const added = await run('add', name, '--key', file, '--target', 't');
      if (name !== 'whole') expect(added).toEqual({ code: 1, text: expect.stringMatching(why) });
      write(readFileSync(key));
      if (name !== 'whole') await run('add', name, '--key', file, '--target', 't');
      write(change(readFileSync(key, 'utf8')));
    }
  }

  it('finds a key that ssh cannot load, although it looks like one', async () => {
    await addedThenChanged(KEY_FORMS);
    const { text } = await run('check');
    for (const [name, , why] of KEY_FORMS) expect(text).toMatch(new RegExp(`^${name}: cannot be used: .*${why}`, 'm'));
  });

  it('judges the form of a key where ssh-keygen is not installed', async () => {
    const forms = [['whole', (text: string) => text, 'can be used'] as const, ...KEY_FORMS.slice(0, 3)];
    await addedThenChanged(forms);
    const { text } = await command({ FIXPOINT_HOME: home, PATH: home }, 'credential', 'check');
    for (const [name, , why] of forms) expect(text).toMatch(new RegExp(`^${name}: .*${why}`, 'm'));
  });

  it.each<[string, Buffer, string]>([
    ['a byte order mark', Buffer.from('\uFEFFsecret\n'), 'begins with a byte order mark'],
    ['UTF-16', Buffer.from('\uFEFFsecret\n', 'utf16le'), 'is UTF-16'],
    ['UTF-16 without a mark', Buffer.from('secret\n', 'utf16le'), 'has NUL characters'],
    ['Latin-1', Buffer.from('pässword\n', 'latin1'), 'is not UTF-8 text'],
  ])('refuses a password file with %s', async (_, bytes, why) => {
    const password = join(home, 'pw');
    const add = () => run('add', 'pw', '--password-file', password, '--user', 'u', '--simple-bind', '--target', 't');
    writeFileSync(password, bytes, { mode: 0o600 });
    expect(await add()).toEqual({ code: 1, text: expect.stringContaining(why) });
    writeFileSync(password, 'secret\n', { mode: 0o600 });
    expect((await add()).code).toBe(0);
    writeFileSync(password, bytes, { mode: 0o600 });
    expect(await run('check')).toEqual({
      code: 1,
      text: expect.stringMatching(new RegExp(`^pw: cannot be used: its file ${why}`)),
    });
  });

  it('adds targets to a credential, and removes it without its secret', async () => {
    await run('add', 'a', '--generate-key', '--target', 't1');
    expect((await run('allow', 'a', 't2', 't1')).text).toBe('a may be used on t1, t2.\n');
    expect((await run('remove', 'a')).text).toContain(`Its secret is still at ${join(home, 'secrets/a')}.`);
    expect(file().credentials).toEqual({});
    expect(existsSync(join(home, 'secrets/a'))).toBe(true);
    for (const words of [
      ['allow', 'a', 't'],
      ['remove', 'a'],
      ['check', 'a'],
    ])
      expect(await run(...words)).toEqual({ code: 1, text: expect.stringContaining('There is no credential a.') });
  });

  it.each([
    ['no JSON', '{'],
    ['no credentials', '{}'],
    [
      'a member that is not known',
      '{"credentials":{"a":{"reference":"secret://env/A","use":["detect"],"targets":["t"],"tiers":[2],"secret":"x"}}}',
    ],
  ])('a file with a mistake (%s) is named, and stays as it is', async (_, text) => {
    writeFileSync(path, text, { mode: 0o600 });
    for (const words of [['list'], ['check'], ['add', 'b', '--generate-key', '--target', 't']])
      expect(await run(...words)).toEqual({ code: 1, text: expect.stringContaining(path) });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
