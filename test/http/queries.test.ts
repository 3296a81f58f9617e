import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localTarget } from '../support/local-target.js';
import { isProblem, product, submit, withProduct } from '../support/requests.js';

withProduct();

it('an id of the right length that is none is not found, and is no cursor', async () => {
  const dashes = '-'.repeat(36);
  expect((await product.call('helpdesk', 'GET', `/v1/jobs/${dashes}`)).status).toBe(404);
  for (const query of [`target=${dashes}`, `cursor=${Buffer.from(dashes).toString('base64url')}`]) {
    const answer = await product.call('helpdesk', 'GET', `/v1/jobs?${query}`);
    expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid-query']);
  }
});

it('the list of jobs is filtered by the first characters of an id and by the name of a target', async () => {
  const { body } = await submit();
  const listed = async (query: string) =>
    (await product.call('helpdesk', 'GET', `/v1/jobs?${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await listed(`id=${body.id}`)).toEqual([body.id]);
  expect(await listed(`id=${(body.id as string).slice(0, 18)}&limit=200`)).toContain(body.id);
  expect(await listed('id=ffff-')).toEqual([]);
  expect(await listed('target=box&limit=200')).toContain(body.id);
  expect(await listed('ticket=none')).toEqual([]);
});

it.each([
  ['/v1/jobs', 'target=no-such', '/target'],
  ['/v1/jobs', 'runbook=no-such', '/runbook'],
  ['/v1/jobs', 'requester=no-such', '/requester'],
  ['/v1/audit', 'target=no-such', '/target'],
  ['/v1/audit', 'runbook=no-such&format=csv', '/runbook'],
  ['/v1/audit', 'person=no-such&format=jsonl', '/person'],
  ['/v1/audit', 'action=job.reject', '/action'],
])('%s refuses a name that nobody and nothing has or had: %s', async (path, query, member) => {
  const { status, body } = await product.call('admin', 'GET', `${path}?${query}`);
  expect([status, body.code, body.errors]).toEqual([
    400,
    'invalid-query',
    [expect.objectContaining({ path: member, message: expect.stringMatching(/no-such|job\.rejected/) })],
  ]);
});

it('a name that is known and fits nothing gives an empty list; nobody is shown who else there is', async () => {
  const items = async (who: 'admin' | 'helpdesk', query: string) =>
    (await product.call(who, 'GET', query)).body.items as { requester: { id: string } }[];
  expect(await items('admin', '/v1/jobs?requester=auditor')).toEqual([]);
  expect(await items('helpdesk', '/v1/jobs?requester=helpdesk2')).toEqual([]);
  expect(await items('helpdesk', '/v1/jobs?requester=no-such')).toEqual([]);
  expect(await items('helpdesk', '/v1/audit?person=no-such')).toEqual([]);
});

it('a target and a person that were removed are still found by the names that they had', async () => {
  const named = (name: string) => product.call('admin', 'GET', `/v1/targets/${name}`);
  const { body: made } = await product.call('admin', 'POST', '/v1/targets', localTarget('old-box'));
  const job = await submit({ target: 'old-box' });
  await product.call('admin', 'PATCH', `/v1/targets/${made.id}`, { name: 'new-box' });
  await product.call('admin', 'DELETE', `/v1/targets/${made.id}`);
  expect((await named('new-box')).status).toBe(404);
  const listed = await product.call('admin', 'GET', '/v1/jobs?target=old-box');
  expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([job.body.id]);
  const actions = async (query: string) =>
    (await product.call('admin', 'GET', `/v1/audit?limit=500&${query}`)).body.items.map(
      ({ action }: { action: string }) => action,
    );
  expect(await actions('target=old-box')).toEqual(expect.arrayContaining(['target.created', 'job.submitted']));
  expect(await actions('target=new-box')).toEqual(['target.changed', 'target.deleted']);
  expect(await actions(`target=${made.id}`)).toEqual(
    expect.arrayContaining(['target.created', 'target.changed', 'target.deleted', 'job.submitted']),
  );

  const path = join(product.home, 'people.json');
  const before = readFileSync(path, 'utf8');
  const { people } = JSON.parse(before) as { people: { id: string }[] };
  writeFileSync(path, JSON.stringify({ people: people.filter(({ id }) => id !== 'helpdesk') }));
  try {
    expect(await actions('person=helpdesk')).toContain('job.submitted');
    expect(await actions(`person=${encodeURIComponent('the HELPDESK')}`)).toContain('job.submitted');
  } finally {
    writeFileSync(path, before);
  }
});

describe('a query that is not as documented', () => {
  it('is refused with every invalid path and the allowed values', async () => {
    const answer = await product.call('admin', 'GET', '/v1/jobs?state=done&limit=0&page=2&from=yesterday');
    const { code, errors } = isProblem(answer) as { code: string; errors: { path: string; message: string }[] };
    expect([answer.status, code]).toEqual([400, 'invalid-query']);
    expect([...new Set(errors.map(({ path }) => path))].sort()).toEqual(['/from', '/limit', '/page', '/state']);
    expect(errors.find(({ path }) => path === '/state')?.message).toContain('awaiting-approval');
  });

  it.each([
    '/v1/jobs?cursor=bm9uZQ',
    '/v1/me?x=1',
    '/v1/targets?limit=x',
    '/v1/audit?limit=501',
    '/v1/jobs?limit=1&limit=2',
  ])('%s', async (path) => {
    const answer = await product.call('admin', 'GET', path);
    expect([answer.status, isProblem(answer).code]).toEqual([400, 'invalid-query']);
  });

  it('is refused with the invalid member of a union and the allowed kinds', async () => {
    const post = async (transport: object) => {
      const target = {
        name: 'pc-u',
        kind: 'pc',
        credentials: { detect: 'a', apply: 'b' },
        tier: 2,
        site: 's',
        tags: [],
      };
      const answer = await product.call('admin', 'POST', '/v1/targets', { ...target, transport });
      return isProblem(answer).errors.map((error: { path: string; message: string }) => [error.path, error.message]);
    };
    expect(
      await post({ type: 'ssh', host: 'h', port: 0, user: 'u', hostKey: `ssh-ed25519 ${'A'.repeat(68)}` }),
    ).toEqual([['/transport/port', 'must be >= 1']]);
    expect(await post({ type: 'telnet' })).toEqual([
      ['/transport/type', 'must be one of ssh, ldaps, ldap, winrm, local'],
    ]);
    expect(await post({ type: 'ldaps', servers: ['d'], port: 636, caFingerprint: 'x', host: 'h' })).toHaveLength(2);
  });
});
