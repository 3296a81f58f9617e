import { describe, expect, it } from '@jest/globals';
import { product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

const hostKey = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;
const pc = (name: string, letter: string, more: object = {}) => ({
  name,
  kind: 'pc',
  transport: { type: 'ssh', host: '127.0.0.1', port: 22, user: 'u', hostKey: hostKey(letter) },
  credentials: { detect: 'a', apply: 'b' },
  tier: 2,
  site: 's',
  tags: [],
  ...more,
});
const importAll = (targets: readonly unknown[], key?: string) =>
  product.call('admin', 'POST', '/v1/targets:import', { targets }, key === undefined ? {} : { 'idempotency-key': key });
const names = async () =>
  ((await product.call('admin', 'GET', '/v1/targets?limit=200')).body.items as { name: string }[]).map(
    ({ name }) => name,
  );

describe('POST /v1/targets:import', () => {
  it('adds all targets with an audit event each, once for each key', async () => {
    const targets = [pc('one', 'A'), pc('two', 'B', { settings: { userSession: 'task' } })];
    const { status, body } = await importAll(targets, 'import-1');
    expect([status, body.items.map(({ name }: { name: string }) => name)]).toEqual([201, ['one', 'two']]);
    expect((await importAll(targets, 'import-1')).body).toEqual(body);
    expect((await importAll([pc('three', 'C')], 'import-1')).body.code).toBe('idempotency-mismatch');
    const two = await product.call('admin', 'GET', '/v1/targets/two');
    expect(two.body).toMatchObject({ id: body.items[1].id, settings: { userSession: 'task' } });
    const audit = await product.call('admin', 'GET', '/v1/audit?limit=200');
    const created = (audit.body.items as { action: string; data: { targetName?: string } }[])
      .filter(({ action }) => action === 'target.created')
      .map(({ data }) => data.targetName);
    expect(created).toEqual(expect.arrayContaining(['one', 'two']));
    expect(created.filter((name) => name === 'one').length).toBe(1);
  });

  it('adds none when one is refused, and names every one that is', async () => {
    const before = await names();
    const { status, body } = await importAll([pc('four', 'D'), pc('one', 'E'), pc('five', 'A'), pc('one', 'B')]);
    // Within the import first: what the inventory has is known only when these are right.
    expect([status, body.code]).toEqual([400, 'import-refused']);
    expect(body.errors).toEqual([
      { path: '/targets/3/name', code: 'name-taken', message: 'Target 1 of the import has the same name.', index: 3 },
    ]);
    const again = await importAll([pc('four', 'D'), pc('one', 'E'), pc('five', 'A'), pc('six', 'F')]);
    expect(again.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
      ['/targets/1/name', 'name-taken'],
      ['/targets/2/transport', 'machine-taken'],
    ]);
    expect(await names()).toEqual(before);
  });

  it('names the transport that a kind may not have, and every path that a schema refuses', async () => {
    const before = await names();
    const { body } = await importAll([pc('four', 'D', { kind: 'domain' }), pc('five', 'D')]);
    expect(body.errors.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
      ['/targets/0/transport/type', 'transport-not-allowed'],
      ['/targets/1/transport', 'machine-taken'],
    ]);
    const malformed = await importAll([pc('four', 'D', { kind: 'linux' }), pc('a b', 'D', { tier: 7 })]);
    expect([malformed.status, malformed.body.code]).toEqual([400, 'invalid-request']);
    expect(malformed.body.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['/targets/0/kind', '/targets/1/name', '/targets/1/tier']),
    );
    expect((await importAll([])).status).toBe(400);
    expect(await names()).toEqual(before);
  });

  it('is closed to whoever may not edit targets', async () => {
    const { status } = await product.call('helpdesk', 'POST', '/v1/targets:import', { targets: [pc('x', 'X')] });
    expect(status).toBe(403);
  });
});

describe('a target by its name', () => {
  it('is read, changed and removed as by its id', async () => {
    const { body } = await product.call('admin', 'POST', '/v1/targets', pc('named', 'N'));
    expect((await product.call('admin', 'GET', '/v1/targets/named')).body.id).toBe(body.id);
    expect((await product.call('admin', 'PATCH', '/v1/targets/named', { site: 'x' })).body.site).toBe('x');
    expect((await product.call('admin', 'DELETE', '/v1/targets/named')).status).toBe(204);
    expect((await product.call('admin', 'GET', '/v1/targets/named')).status).toBe(404);
  });
});
