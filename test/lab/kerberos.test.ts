import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { createCredentials } from '../../src/adapters/secrets/index.js';
import { ticketTimes } from '../../src/adapters/secrets/kerberos/ticket-cache.js';
import { createTickets } from '../../src/adapters/secrets/kerberos/tickets.js';
import { sha256 } from '../../src/domain/digest.js';
import type { Target } from '../../src/domain/target.js';
import { testTarget } from '../../src/installation/target-test/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { runtimeDirectory } from '../../src/platform/runtime-directory.js';
import type { KerberosTicket } from '../../src/ports/powershell-host.js';
import { readConfig } from '../../src/processes/config.js';
import { BASE, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';
import { aHost } from '../support/hosts.js';
import { HANGS_MS } from '../support/patience.js';
import { formsOf, kinitBefore, putCredentials, recordedWay, type RecordedWay } from '../support/kerberos.js';

let at: DirectoryProduct;
let way: RecordedWay;
let guid: Readonly<Record<string, string>>;
const folder = mkdtempSync('/tmp/fxk-');
const MODULE = readFileSync(join(INSTALL_ROOT, 'runbooks/_modules/directory/directory.ps1'), 'utf8');
const script = (name: string, text: string) => ({ name, text, sha256: sha256(text) });
const secrets = () => ({
  reader: readFileSync(at.domain.passwordFiles.reader, 'utf8'),
  writer: readFileSync(at.domain.passwordFiles.writer, 'utf8'),
});
const flag = async (id: string) =>
  (await at.read(`(sAMAccountName=${id})`, 'msRTCSIP-UserEnabled'))[0]?.['msrtcsip-userenabled'];
const enable = (id: string, target = 'sealed') => at.plan('enable-sip-user', { users: [guid[id]] }, { target });

/** A target of the inventory; the reader and the writer are entries of those names with an ending. */
const sealed = (name: string, transport: object, ending = 'keytab') => ({
  name,
  kind: 'domain',
  transport,
  credentials: { detect: `reader-${ending}`, apply: `writer-${ending}` },
  tier: 1,
  site: 'lab',
  tags: [],
  settings: { topology: 'decommissioned', verifiedDomains: ['contoso.test'] },
});
const ldap = (...servers: string[]) => ({ type: 'ldap', servers, port: 389 });
const post = async (target: object) => {
  const { status, body } = await at.product.call('admin', 'POST', '/v1/targets', target);
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body as Target;
};
const entry = (who: 'reader' | 'writer', more: object) => ({
  reference: `secret://file${at.domain.keytabs[who]}`,
  principal: `svc-${who === 'reader' ? 'read' : 'write'}@${at.domain.realm}`,
  hosts: [way.address, at.domain.address],
  use: [who === 'reader' ? 'detect' : 'apply'],
  targets: ['sealed', 'by-password', 'unnamed', 'altered'],
  tiers: [1],
  ...more,
});
const byPassword = (who: 'reader' | 'writer', more: object = {}) =>
  entry(who, { reference: `secret://file${at.domain.passwordFiles[who]}`, secret: 'password', ...more });
const reset = () =>
  putCredentials(at, {
    'reader-keytab': entry('reader', {}),
    'writer-keytab': entry('writer', {}),
    'reader-password': byPassword('reader'),
    'writer-password': byPassword('writer'),
  });

beforeAll(async () => {
  at = await startDirectoryProduct('kerberos');
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  guid = await at.addUsers(['one', 'two', 'three'].map((id) => ({ id })));
  way = await recordedWay(at);
  reset();
  await post(sealed('sealed', ldap(way.address)));
  await post(sealed('by-password', ldap(way.address), 'password'));
});
afterAll(async () => {
  await way?.close();
  await at?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a directory that is reached with Kerberos', () => {
  it.each([
    ['a keytab', 'one', 'sealed'],
    ['a password that only the KDC proof is made of', 'two', 'by-password'],
  ])('is planned, changed, proved and rolled back with %s, and nothing of it crosses', async (_, id, target) => {
    way.forget();
    const job = await enable(id, target);
    expect(job).toMatchObject({ state: 'awaiting-approval', supplied: { server: way.address } });
    const done = await at.carryOut(job);
    expect([done.state, done.outcome, await flag(id)]).toEqual(['succeeded', 'fixed', ['TRUE']]);
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    expect(await flag(id)).toEqual(['FALSE']);
    for (const port of [389, 3268]) expect([port, way.connections(port) > 0]).toEqual([port, true]);
    expect([way.connections(636), way.connections(3269)]).toEqual([0, 0]);
    const crossed = way.bytes();
    for (const secret of Object.values(secrets()))
      for (const form of formsOf(secret)) expect(crossed.includes(form)).toBe(false);
    // Sealed: neither what was asked nor what was answered can be read.
    for (const word of ['msRTCSIP-UserEnabled', 'objectGUID', `sip:${id}@`]) expect(crossed.includes(word)).toBe(false);
    // The account is named in clear by Kerberos itself: the recording is of this sign-in.
    expect(crossed.includes('krbtgt') || crossed.includes(way.address)).toBe(true);
  });

  it('keeps tickets in files of the worker alone, and gives its engine no secret', () => {
    const tickets = join(runtimeDirectory(at.product.home), 'krb5');
    expect(statSync(tickets).mode & 0o777).toBe(0o700);
    const identities = readdirSync(tickets);
    expect(identities.length).toBeGreaterThanOrEqual(4);
    for (const one of identities) {
      expect(statSync(join(tickets, one)).mode & 0o777).toBe(0o700);
      for (const name of readdirSync(join(tickets, one)))
        expect([name, statSync(join(tickets, one, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    const engines = readdirSync('/proc').flatMap((pid) => environmentOf(pid));
    const ours = engines.filter((one) => identities.some((id) => one.includes(`KRB5CCNAME=FILE:${join(tickets, id)}`)));
    expect(ours.length).toBeGreaterThan(0);
    for (const one of ours) for (const secret of Object.values(secrets())) expect(one.includes(secret)).toBe(false);
  });

  it('passes each step of target test', async () => {
    const { items } = (await at.product.call('admin', 'GET', '/v1/targets?limit=200')).body;
    const found = items.find(({ name }: Target) => name === 'sealed') as Target;
    const read = readConfig({ FIXPOINT_HOME: at.product.home }, INSTALL_ROOT);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const checks = await testTarget(read.value, found, () => undefined);
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['name', 'port', 'credential (detect)', 'sign-in (apply)', 'clock']),
    );
  });
});

describe('a sign-in that Kerberos refuses', () => {
  const planWith = async (
    reader: object,
    transport: object = ldap(way.address),
    writer: object = entry('writer', {}),
  ) => {
    putCredentials(at, { 'reader-keytab': reader, 'writer-keytab': writer });
    await at.patchTarget('sealed', { transport });
    const job = await enable('three');
    await at.patchTarget('sealed', { transport: ldap(way.address) });
    reset();
    return job;
  };

  it('because the password is wrong', async () => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'not this one', { mode: 0o600 });
    const job = await planWith(byPassword('reader', { reference: `secret://file${wrong}` }));
    expect(job).toMatchObject({ state: 'blocked', code: 'kerberos-refused' });
    expect(job.detail).toContain('the KDC refused the password of svc-read@CONTOSO.TEST');
  });

  it('because the key is wrong, or of another account', async () => {
    const wrong = join(folder, 'wrong.keytab');
    writeFileSync(wrong, withZeroKeys(readFileSync(at.domain.keytabs.reader)), { mode: 0o600 });
    const refused = await planWith(entry('reader', { reference: `secret://file${wrong}` }));
    expect(refused).toMatchObject({ state: 'blocked', code: 'kerberos-refused' });
    expect(refused.detail).toContain('the KDC refused the key of svc-read@CONTOSO.TEST');
    const other = await planWith(entry('reader', { reference: `secret://file${at.domain.keytabs.writer}` }));
    expect(other).toMatchObject({ state: 'blocked', code: 'credential-unavailable' });
  });

  it('because the account is not there', async () => {
    const nobody = await planWith(byPassword('reader', { principal: `nobody@${at.domain.realm}` }));
    expect(nobody).toMatchObject({ state: 'blocked', code: 'kerberos-refused' });
    expect(nobody.detail).toContain('CONTOSO.TEST has no account nobody@CONTOSO.TEST');
  });

  it('because no KDC answers: the job waits', async () => {
    const job = await planWith(entry('reader', { kdcs: ['127.0.79.1'] }));
    expect(job).toMatchObject({ state: 'deferred', code: 'kdc-unreachable' });
    await at.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'seen' });
  });

  it('because the domain knows no server of that name, and that server gets nothing', async () => {
    const stranger = await recordedWay(at, false);
    try {
      const hosts = [stranger.address];
      const reader = entry('reader', { hosts, kdcs: [at.domain.address] });
      const job = await planWith(reader, ldap(stranger.address), entry('writer', { hosts }));
      expect(job).toMatchObject({ state: 'blocked', code: 'kerberos-server-unknown' });
      expect(stranger.bytes().includes('svc-read')).toBe(false);
    } finally {
      await stranger.close();
    }
  });
});

describe('a ticket', () => {
  const credentialsOf = (
    options: { readonly path?: string; readonly config?: string; readonly entry?: object } = {},
  ) => {
    const home = mkdtempSync(join(folder, 'worker-'));
    const path = join(home, 'credentials.json');
    const reader = { ...entry('reader', {}), ...options.entry };
    writeFileSync(path, JSON.stringify({ credentials: { 'reader-keytab': reader } }), { mode: 0o600 });
    return createCredentials({
      path,
      runtimeDirectory: home,
      env: undefined,
      searchPath: options.path,
      values: createValueChecker(),
      mode: 'production',
      krb5Config: options.config,
    });
  };
  const target = () => ({ id: '1', ...sealed('sealed', ldap(way.address)) }) as unknown as Target;
  const ticketOf = async (credentials: ReturnType<typeof credentialsOf>) => {
    const access = await credentials.resolve(target(), 'detect');
    if (!access.ok || access.value.kind !== 'kerberos') throw new Error(JSON.stringify(access));
    return access.value;
  };

  it('is asked for once by all who want it at once, and kept', async () => {
    const credentials = credentialsOf();
    way.forget();
    const all = await Promise.all([ticketOf(credentials), ticketOf(credentials), ticketOf(credentials)]);
    const [first] = all;
    const made = statSync(first?.ticket.cache ?? '').mtimeMs;
    const asked = way.connections(88);
    expect(asked).toBeGreaterThan(0);
    await ticketOf(credentials);
    expect([way.connections(88), statSync(first?.ticket.cache ?? '').mtimeMs]).toEqual([asked, made]);
  });

  it('is replaced before its end', async () => {
    const made = await ticketOf(credentialsOf());
    const times = ticketTimes(readFileSync(made.ticket.cache));
    const home = mkdtempSync(join(folder, 'clock-'));
    let now = Date.now();
    const searchPath = process.env.PATH;
    const tickets = createTickets({ runtimeDirectory: home, searchPath, now: () => now });
    const keytab = { kind: 'keytab', path: at.domain.keytabs.reader } as const;
    const { principal } = made;
    const identity = { principal, reference: 'r', secret: keytab, kdcs: [way.address], hosts: [way.address] };
    const contents = async () => {
      const got = await tickets.get(identity);
      if (!got.ok) throw new Error(JSON.stringify(got));
      return readFileSync(got.value.cache).toString('hex');
    };
    const first = await contents();
    now = (times?.until ?? 0) - 31 * 60_000;
    expect(await contents()).toBe(first);
    now = (times?.until ?? 0) - 29 * 60_000;
    expect(await contents()).not.toBe(first);
  });

  it('that is missing or has ended signs in nowhere, and its code lets the job be tried again', async () => {
    const made = await ticketOf(credentialsOf());
    const config = join(folder, 'short.conf');
    const text = readFileSync(made.ticket.config, 'utf8');
    writeFileSync(config, text.replace('[libdefaults]\n', '[libdefaults]\n  ticket_lifetime = 5s\n'));
    const short = await ticketOf(credentialsOf({ config }));
    const ended = (ticketTimes(readFileSync(short.ticket.cache))?.until ?? 0) + 1000;
    while (Date.now() < ended) await new Promise((resolve) => setTimeout(resolve, 200));
    const { host, close } = aHost();
    try {
      const signIn = async (ticket: KerberosTicket) => {
        const opened = await host.open({ kind: 'local', ticket });
        if (!opened.ok) throw new Error(JSON.stringify(opened.error));
        const text = `[CmdletBinding()] param([string]$Server, [object]$Connection)
          $null = Connect-Directory -Server $Server -Connection $Connection -Credential $null
          'signed in'`;
        const ran = await opened.value.runPhase({
          script: script('sign-in', text),
          modules: [script('directory', MODULE)],
          parameters: { Server: way.address },
          connection: { servers: [way.address], port: 389, signIn: 'kerberos' },
          timeoutMs: HANGS_MS,
        });
        await opened.value.close();
        return ran.ok ? ran.output : ran.failure.kind === 'reported' ? ran.failure.code : ran.failure.kind;
      };
      expect(await signIn(made.ticket)).toEqual(['signed in']);
      expect(await signIn({ ...made.ticket, cache: join(folder, 'no-cache') })).toBe('kerberos-ticket-expired');
      expect(await signIn(short.ticket)).toBe('kerberos-ticket-expired');
    } finally {
      await close();
    }
  });

  it('is got with a password that is neither an argument nor in the environment of a program', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    kinitBefore(bin, `{ cat /proc/$$/cmdline; cat /proc/$$/environ; } > ${bin}/seen; exec KINIT "$@"`);
    const entryOf = byPassword('reader');
    await ticketOf(credentialsOf({ path: `${bin}:/usr/bin:/bin`, entry: entryOf }));
    const seen = readFileSync(join(bin, 'seen'));
    expect(seen.includes('svc-read@CONTOSO.TEST')).toBe(true);
    for (const form of formsOf(secrets().reader)) expect(seen.includes(form)).toBe(false);
  });

  it('is refused where the clocks differ by more than five minutes', async () => {
    const bin = mkdtempSync(join(folder, 'late-'));
    kinitBefore(bin, 'exec faketime -f +10m KINIT "$@"');
    const access = await credentialsOf({ path: `${bin}:/usr/bin:/bin` }).resolve(target(), 'detect');
    expect(access).toMatchObject({ ok: false, error: { kind: 'kerberos-skew' } });
  });

  it('cannot be got where kinit is not installed', async () => {
    const access = await credentialsOf({ path: folder }).resolve(target(), 'detect');
    expect(access).toMatchObject({ ok: false, error: { kind: 'kerberos-missing' } });
  });
});

describe('a target that was altered', () => {
  const ldaps = (server: string, caFingerprint: string) => ({
    type: 'ldaps',
    servers: [server],
    port: 636,
    caFingerprint,
  });

  it.each<[string, () => object, string]>([
    ['to another host, with Kerberos', () => ldap('127.0.79.2'), 'keytab'],
    ['to another host, with a password', () => ldaps('127.0.79.2', at.domain.caFingerprint), 'bound'],
    ['to another authority, with a password', () => ldaps(way.address, '0'.repeat(64)), 'bound'],
  ])('%s is blocked, and nothing is opened', async (_, transport, ending) => {
    const { hosts } = entry('reader', {});
    const bound = { simpleBind: true, principal: undefined, authorities: [at.domain.caFingerprint], hosts };
    putCredentials(at, {
      'reader-bound': byPassword('reader', { ...bound, userName: 'svc-read@contoso.test', secret: undefined }),
      'writer-bound': byPassword('writer', { ...bound, userName: 'svc-write@contoso.test', secret: undefined }),
    });
    const { id } = await post(sealed('altered', transport(), ending));
    way.forget();
    const job = await enable('three', 'altered');
    expect(job).toMatchObject({ state: 'blocked', code: 'credential-out-of-scope' });
    for (const port of [88, 389, 636]) expect([port, way.connections(port)]).toEqual([port, 0]);
    await at.product.call('admin', 'DELETE', `/v1/targets/${id}`);
  });

  it('sends no password that nobody allowed to be sent', async () => {
    const plain = (who: 'reader' | 'writer', name: string) =>
      byPassword(who, {
        principal: undefined,
        secret: undefined,
        userName: name,
        authorities: [at.domain.caFingerprint],
      });
    putCredentials(at, {
      'reader-plain': plain('reader', 'svc-read@contoso.test'),
      'writer-plain': plain('writer', 'svc-write@contoso.test'),
    });
    await post(sealed('unnamed', ldaps(way.address, at.domain.caFingerprint), 'plain'));
    way.forget();
    expect(await enable('three', 'unnamed')).toMatchObject({ state: 'blocked', code: 'simple-bind-refused' });
    expect([way.connections(389), way.connections(636), way.bytes().length]).toEqual([0, 0, 0]);
  });
});

function environmentOf(pid: string): readonly Buffer[] {
  if (!/^\d+$/.test(pid)) return [];
  try {
    return [readFileSync(`/proc/${pid}/environ`)];
  } catch {
    // It has ended.
    return [];
  }
}

/** The same keytab with keys of zeroes. */
function withZeroKeys(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 2; at + 4 <= copy.length;) {
    const size = Math.abs(copy.readInt32BE(at));
    if (size === 0) break;
    let inside = at + 4;
    const parts = copy.readUInt16BE(inside);
    inside += 2;
    for (let i = 0; i <= parts; i++) inside += 2 + copy.readUInt16BE(inside);
    // Name type, time, version and the type of the key, before its length.
    inside += 4 + 4 + 1 + 2;
    const length = copy.readUInt16BE(inside);
    copy.fill(0, inside + 2, inside + 2 + length);
    at += 4 + size;
  }
  return copy;
}
