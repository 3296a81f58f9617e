import { describe, expect, it } from '@jest/globals';
import { configText } from '../../../src/adapters/secrets/kerberos/config-text.js';
import { keytabProblem, principalsOf } from '../../../src/adapters/secrets/kerberos/keytab.js';
import { failureOf } from '../../../src/adapters/secrets/kerberos/kinit.js';
import { ticketTimes } from '../../../src/adapters/secrets/kerberos/ticket-cache.js';

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
const short = (text: string) => Buffer.concat([u16(text.length), Buffer.from(text)]);
const long = (text: string) => Buffer.concat([u32(text.length), Buffer.from(text)]);

/** An entry of a keytab, of zeroes where the keys would be. */
function keytabEntry(realm: string, ...components: string[]): Buffer {
  const body = Buffer.concat([
    u16(components.length),
    short(realm),
    ...components.map(short),
    u32(1),
    u32(0),
    u8(1),
    u16(18),
    short('\0'.repeat(32)),
  ]);
  return Buffer.concat([u32(body.length), body]);
}
const keytab = (...entries: Buffer[]) => Buffer.concat([u16(0x0502), ...entries]);
const hole = Buffer.concat([u32(-6), Buffer.alloc(6)]);

describe('a keytab', () => {
  it('names its principals, whatever was removed from it', () => {
    const bytes = keytab(
      keytabEntry('CORP', 'svc'),
      hole,
      keytabEntry('CORP', 'ldap', 'dc1'),
      keytabEntry('CORP', 'svc'),
    );
    expect(principalsOf(bytes)).toEqual(['svc@CORP', 'ldap/dc1@CORP']);
  });

  it.each<[string, Buffer, string | undefined]>([
    ['has keys of the principal', keytab(keytabEntry('CORP', 'svc')), undefined],
    ['has keys in another case', keytab(keytabEntry('CORP', 'SVC')), 'has keys of SVC@CORP only'],
    ['is empty', keytab(), 'has no keys'],
    ['is cut off', keytab(keytabEntry('CORP', 'svc')).subarray(0, 20), 'is no keytab'],
    ['is a password', Buffer.from('a password\n'), 'is no keytab'],
    ['has no bytes', Buffer.alloc(0), 'is no keytab'],
  ])('that %s', (_, bytes, problem) => {
    const said = keytabProblem(bytes, 'svc@CORP');
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });
});

const principal = (realm: string, ...components: string[]) =>
  Buffer.concat([u32(1), u32(components.length), long(realm), ...components.map(long)]);
const ticket = (server: Buffer, [authenticated, from, until]: readonly [number, number, number]) =>
  Buffer.concat([
    principal('CORP', 'svc'),
    server,
    u16(18),
    long('\0'.repeat(32)),
    u32(authenticated),
    u32(from),
    u32(until),
    u32(0),
    u8(0),
    u32(0),
    u32(1),
    u16(2),
    long('addr'),
    u32(0),
    long('the ticket'),
    u32(0),
  ]);
const cache = (...tickets: Buffer[]) =>
  Buffer.concat([u16(0x0504), short('header'), principal('CORP', 'svc'), ...tickets]);

describe('a credential cache', () => {
  const settings = ticket(principal('X-CACHECONF:', 'krb5_ccache_conf_data', 'pa_type'), [0, 0, 0]);

  it('has the times of the ticket that gets all others', () => {
    const bytes = cache(settings, ticket(principal('CORP', 'krbtgt', 'CORP'), [100, 200, 36_200]));
    expect(ticketTimes(bytes)).toEqual({ from: 200_000, until: 36_200_000 });
  });

  it.each<[string, Buffer]>([
    ['no such ticket', cache(settings, ticket(principal('CORP', 'ldap', 'dc1'), [1, 1, 9]))],
    ['nothing', cache()],
    ['half a ticket', cache(ticket(principal('CORP', 'krbtgt', 'CORP'), [1, 1, 9])).subarray(0, 60)],
    ['another format', Buffer.from('{"no":"cache"}')],
  ])('with %s has none', (_, bytes) => {
    expect(ticketTimes(bytes)).toBeUndefined();
  });
});

describe('what kinit says', () => {
  const byKeytab = { principal: 'svc@CORP', secret: { kind: 'keytab', path: '/k' } } as const;
  const byPassword = { principal: 'svc@CORP', secret: { kind: 'password', password: 'hunter2' } } as const;

  it.each([
    ['Preauthentication failed while getting initial credentials', 'kerberos-refused', 'password was changed'],
    ["Client 'svc@CORP' not found in Kerberos database while getting", 'kerberos-refused', 'no account svc@CORP'],
    ["Client's credentials have been revoked while getting", 'kerberos-refused', 'disabled, locked'],
    ['Password has expired while getting initial credentials', 'kerberos-refused', 'has expired'],
    ['KDC has no support for encryption type while getting', 'kerberos-refused', 'no AES key'],
    ['Clock skew too great while getting initial credentials', 'kerberos-skew', 'clocks'],
    ["Cannot contact any KDC for realm 'CORP' while getting", 'kdc-unreachable', 'port 88'],
    ["Cannot find KDC for realm 'CORP' while getting", 'kdc-unreachable', 'no KDC of CORP'],
    ['something new while getting', 'kerberos-refused', 'something new'],
  ])('"%s" is %s', (said, kind, why) => {
    expect(failureOf(`kinit: ${said}\n`, byKeytab)).toEqual({ kind, why: expect.stringContaining(why) });
  });

  it('never shows a password', () => {
    const { why } = failureOf('Password for svc@CORP: \nkinit: Preauthentication failed while\n', byPassword);
    expect(why).toBe('the KDC refused the password of svc@CORP');
  });
});

it('a configuration names its KDCs and looks nothing up', () => {
  const text = configText({
    name: 'CORP.EXAMPLE',
    kdcs: ['dc1.corp.example', '2001:db8::1'],
    hosts: ['DC1.corp.example', '10.0.0.1'],
  });
  expect(text).toContain('    kdc = dc1.corp.example\n    kdc = [2001:db8::1]\n  }');
  expect(text).toContain('[domain_realm]\n  dc1.corp.example = CORP.EXAMPLE\n');
  expect(text).not.toContain('10.0.0.1');
  for (const line of [
    'dns_lookup_kdc = false',
    'rdns = false',
    'dns_canonicalize_hostname = false',
    'kdc_timesync = 0',
  ])
    expect(text).toContain(line);
  expect(text).not.toMatch(/rc4|arcfour|des3/);
});
