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

  it('keeps names and host keys unique, and kinds consistent with transports', async () => {
    expect((await product.call('admin', 'POST', '/v1/targets', pc())).status).toBe(201);
    expect((await product.call('admin', 'POST', '/v1/targets', pc())).body.code).toBe('name-taken');
    expect((await product.call('admin', 'POST', '/v1/targets', pc({ name: 'pc-y' }))).body.code).toBe('host-key-taken');
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
