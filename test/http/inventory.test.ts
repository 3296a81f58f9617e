import { describe, expect, it } from '@jest/globals';
import { product, submit, target, withProduct } from '../support/requests.js';

withProduct();

describe('the inventory', () => {
  const pc = (more: object = {}) => ({
    name: 'pc-x',
    kind: 'pc',
    transport: { type: 'ssh', host: '127.0.0.1', port: 22, user: 'u', hostKey: `ssh-ed25519 ${'A'.repeat(68)}` },
    credentials: { detect: 'a', apply: 'b' },
    tier: 2,
    site: 's',
    tags: [],
    ...more,
  });

  it('keeps names and machines unique, and kinds consistent with transports', async () => {
    expect((await product.call('admin', 'POST', '/v1/targets', pc())).status).toBe(201);
    expect((await product.call('admin', 'POST', '/v1/targets', pc())).body.code).toBe('name-taken');
    expect((await product.call('admin', 'POST', '/v1/targets', pc({ name: 'pc-y' }))).body.code).toBe('machine-taken');
    expect((await product.call('admin', 'POST', '/v1/targets', pc({ name: 'pc-z', kind: 'domain' }))).body.code).toBe(
      'transport-not-allowed',
    );
    for (const host of ['-oProxyCommand=x', 'a b', '$(id)', ''])
      expect(
        (
          await product.call(
            'admin',
            'POST',
            '/v1/targets',
            pc({ name: 'pc-z', transport: { ...pc().transport, host } }),
          )
        ).status,
      ).toBe(400);
  });

  const winrm = (more: object = {}) => pc({ transport: { type: 'winrm', auth: 'kerberos', port: 5985, ...more } });
  it.each<[string, object, string]>([
    ['Basic without TLS', { host: 'a.example', auth: 'basic' }, 'TLS alone'],
    ['a certificate without TLS', { host: 'a.example', auth: 'certificate' }, 'TLS alone'],
    ['Kerberos to an address', { host: '192.0.2.7' }, 'Kerberos proves names'],
    ['Kerberos to an IPv6 address', { host: '2001:db8::7', auth: 'negotiate' }, 'Kerberos proves names'],
    ['a short name', { host: 'pc-17' }, 'a short one'],
    ['the SPN of another machine', { host: 'a.example', spn: 'host/b.example' }, 'is of another machine'],
    ['a number that is an address', { host: '0xa000011', auth: 'ntlm' }, 'as four numbers'],
    ['an address with leading zeros', { host: '010.0.0.17', auth: 'ntlm' }, 'as four numbers'],
    ['an address of three numbers', { host: '10.0.17', auth: 'ntlm' }, 'as four numbers'],
    ['an IPv4 address as IPv6', { host: '::ffff:10.0.0.17', auth: 'ntlm' }, 'as an IPv4 address'],
    ['an address with a zone', { host: 'fe80::1%eth0', auth: 'ntlm' }, 'no zone'],
    ['a name with an empty part', { host: 'a..b' }, 'no empty part'],
    [
      'an authority for an address',
      { host: '192.0.2.7', auth: 'ntlm', tls: { pinned: 'authority', fingerprint: 'a'.repeat(64) } },
      'an authority proves names',
    ],
  ])('refuses over WinRM %s', async (_, transport, why) => {
    const { status, body } = await product.call('admin', 'POST', '/v1/targets', winrm(transport));
    expect([status, body.code, body.detail]).toEqual([400, 'transport-unfit', expect.stringContaining(why)]);
  });

  it('has a machine once, whatever the case of its name over WinRM', async () => {
    const add = (name: string, host: string) =>
      product.call('admin', 'POST', '/v1/targets', { ...winrm({ host }), name });
    expect((await add('w-1', 'W1.corp.example')).status).toBe(201);
    expect((await add('w-2', 'w1.CORP.example')).body.code).toBe('machine-taken');
    const at = { auth: 'ntlm', host: '2001:db8:0:0::17' };
    expect((await product.call('admin', 'POST', '/v1/targets', { ...winrm(at), name: 'w-6' })).status).toBe(201);
    const again = { ...winrm({ ...at, host: '2001:DB8::17' }), name: 'w-7' };
    expect((await product.call('admin', 'POST', '/v1/targets', again)).body.code).toBe('machine-taken');
    const byAddress = { ...winrm({ host: '192.0.2.7', spn: 'host/W1.corp.example' }), name: 'w-8' };
    expect((await product.call('admin', 'POST', '/v1/targets', byAddress)).body.code).toBe('machine-taken');
    const { id } = (await add('w-3', 'w3.corp.example')).body;
    const transport = { ...winrm({ host: 'w1.corp.example' }).transport };
    expect((await product.call('admin', 'PATCH', `/v1/targets/${id}`, { transport })).body.code).toBe('machine-taken');
    const unsafe = { ...transport, auth: 'basic' };
    expect((await product.call('admin', 'PATCH', `/v1/targets/${id}`, { transport: unsafe })).body.code).toBe(
      'transport-unfit',
    );
  });

  it.each<[string, object]>([
    ['an unknown sign-in', { auth: 'credssp' }],
    ['the SPN of another kind of service', { spn: 'cifs/b.example' }],
    ['an SPN that is a line', { spn: 'host/a\nb' }],
    ['a configuration with a path', { configurationName: '../x' }],
    ['a fingerprint of SHA-1', { tls: { pinned: 'certificate', fingerprint: 'a'.repeat(40) } }],
    ['TLS without a proof', { tls: {} }],
    ['trust switched off', { tls: { pinned: 'nothing', fingerprint: 'a'.repeat(64) } }],
    ['a member that is none', { delegate: true }],
    ['a host with a path', { host: 'a/wsman' }],
  ])('does not take over WinRM %s', async (_, more) => {
    const { status, body } = await product.call('admin', 'POST', '/v1/targets', winrm({ host: 'b.example', ...more }));
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it('guards against a lost update', async () => {
    const etag = (await product.call('admin', 'GET', `/v1/targets/${target}`)).headers.get('etag') ?? '';
    expect(
      (await product.call('admin', 'PATCH', `/v1/targets/${target}`, { site: 'one' }, { 'if-match': etag })).status,
    ).toBe(200);
    expect(
      (await product.call('admin', 'PATCH', `/v1/targets/${target}`, { site: 'two' }, { 'if-match': etag })).body.code,
    ).toBe('etag-mismatch');
  });

  it('changes only what a patch names', async () => {
    const before = (await product.call('admin', 'PATCH', `/v1/targets/${target}`, { tags: ['kept'] })).body;
    const { body } = await product.call('admin', 'PATCH', `/v1/targets/${target}`, { site: 'three' });
    expect(body).toEqual({ ...before, site: 'three' });
    await product.call('admin', 'PATCH', `/v1/targets/${target}`, { tags: [] });
  });

  it('closes tier 0 to the helpdesk', async () => {
    await product.call('admin', 'PATCH', `/v1/targets/${target}`, { tier: 0 });
    expect((await submit()).status).toBe(403);
    await product.call('admin', 'PATCH', `/v1/targets/${target}`, { tier: 2 });
  });
});
