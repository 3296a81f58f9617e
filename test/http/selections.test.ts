import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, product, withProduct } from '../support/jobs.js';
import { command } from '../support/command-line.js';
import { localTarget } from '../support/local-target.js';
import type { Who } from '../support/people.js';
import { policyOfGuide } from '../support/policy-guide.js';
import { shownRollout } from '../support/shown-rollout.js';

withProduct();

const call = (who: Who, method: string, path: string, body?: object, headers?: Record<string, string>) =>
  product.call(who, method, `/v1/selections${path}`, body, headers);
const addTarget = async (name: string, site: string) =>
  product.call('admin', 'POST', '/v1/targets', { ...localTarget(name), site });
const targetsOf = async (name: string) =>
  (await call('helpdesk', 'GET', `/${name}/targets`)).body.items.map(({ name: target }: any) => target);
const over = (path: string, selection: string, expected: number, more: object = {}) =>
  product.call('operator', 'POST', path, {
    ...{ runbook: 'set-file-text', reason: 'test', selection, expect: expected },
    parameters: { directory: newFolder(), names: ['a'], text: 'x' },
    ...more,
  });
const run = (who: Who, ...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], FIXPOINT_HOME: product.home }, ...words);

beforeAll(async () => {
  for (const name of ['north-1', 'north-2']) await addTarget(name, 'north');
  await addTarget('south-1', 'south');
});

describe('a selection', () => {
  it('means the targets that its filter fits when it is looked at', async () => {
    const made = await call('operator', 'POST', '', { name: 'north', select: { sites: ['north'] } });
    expect([made.status, made.body]).toEqual([
      201,
      { id: expect.any(String), name: 'north', select: { sites: ['north'] } },
    ]);
    expect(made.headers.get('location')).toBe(`/v1/selections/${made.body.id}`);
    expect(await targetsOf('north')).toEqual(['north-1', 'north-2']);
    await addTarget('north-3', 'north');
    expect(await targetsOf(made.body.id)).toEqual(['north-1', 'north-2', 'north-3']);
    expect((await call('auditor', 'GET', '')).body.items.map(({ name }: any) => name)).toEqual(['north']);
  });

  it('has a name of its own, a condition, and is changed by whoever has the right', async () => {
    const again = { name: 'north', select: { sites: ['x'] } };
    expect((await call('operator', 'POST', '', again)).body.code).toBe('selection-name-taken');
    for (const select of [{}, { sites: [] }]) {
      const refused = await call('operator', 'POST', '', { name: 'everything', select });
      expect([refused.status, refused.body.code]).toEqual([400, 'selection-unbounded']);
    }
    expect((await call('helpdesk', 'POST', '', { name: 'mine', select: { sites: ['x'] } })).status).toBe(403);
    expect((await call('operator', 'GET', '/nowhere')).body.code).toBe('selection-not-found');
  });

  it('is not changed over what somebody else wrote meanwhile', async () => {
    const { headers } = await call('operator', 'GET', '/north');
    const wish = (site: string) => ({ name: 'north', select: { sites: [site] } });
    const match = { 'if-match': headers.get('etag') ?? '' };
    expect((await call('operator', 'PATCH', '/north', wish('south'), match)).status).toBe(200);
    expect((await call('admin', 'PATCH', '/north', wish('north'), match)).status).toBe(412);
    expect(await targetsOf('north')).toEqual(['south-1']);
    expect((await call('admin', 'DELETE', '/north', undefined, match)).status).toBe(412);
  });

  it('is frozen in a rollout and in a scan when they are submitted', async () => {
    const unknown = await over('/v1/rollouts', 'nowhere', 1);
    expect([unknown.status, unknown.body.code, unknown.body.detail]).toEqual([
      404,
      'selection-not-found',
      'There is no selection nowhere.',
    ]);
    expect((await over('/v1/rollouts', 'north', 2)).body).toMatchObject({ code: 'count-mismatch' });
    const both = await over('/v1/rollouts', 'north', 1, { select: { sites: ['south'] } });
    expect([both.status, both.body.code]).toEqual([400, 'selection-unclear']);
    const rollout = await over('/v1/rollouts', 'north', 1);
    const scan = await over('/v1/scans', 'north', 1);
    expect([rollout.status, scan.status]).toEqual([201, 201]);
    await addTarget('south-2', 'south');
    expect((await call('operator', 'DELETE', '/north')).status).toBe(204);
    expect((await shownRollout(rollout.body.id)).items.map(({ target }: any) => target)).toEqual(['south-1']);
  });

  it('is not found by a name that is the id of another', async () => {
    const { id } = (await call('operator', 'POST', '', { name: 'first', select: { names: ['north-1'] } })).body;
    const other = await call('operator', 'POST', '', { name: id, select: { sites: ['south'] } });
    expect([other.status, await targetsOf(id), await targetsOf(other.body.id)]).toEqual([
      ...[201, ['north-1'], ['south-1', 'south-2']],
    ]);
  });

  it('shows each person those targets that they may see', async () => {
    const policy = join(product.home, 'policy.json');
    await call('operator', 'POST', '', { name: 'both', select: { sites: ['north', 'south'] } });
    writeFileSync(policy, policyOfGuide());
    // The guide's helpdesk sees the site `north`, its operators everything.
    const seen = await targetsOf('both');
    const all = (await call('operator', 'GET', '/both/targets')).body.items.length;
    rmSync(policy);
    expect([seen, all]).toEqual([['north-1', 'north-2', 'north-3'], 5]);
  });

  it('is kept, shown, used and removed by the command line', async () => {
    expect((await run('operator', 'selection', 'add', 'all')).code).toBe(2);
    const added = await run(
      'operator',
      'selection',
      'add',
      'servers',
      '--site',
      'north',
      '--kind',
      'server',
      '--tier',
      '2',
    );
    expect([added.code, added.text]).toEqual([0, expect.stringContaining('  sites: north')]);
    expect((await run('helpdesk', 'selection', 'show', 'servers')).text).toMatch(
      /3 targets now\n {2}north-1\n {2}north-2/,
    );
    await run('operator', 'selection', 'edit', 'servers', '--name', 'north-2');
    expect((await run('helpdesk', 'selection', 'list')).text).toMatch(/servers +names: north-2/);
    const words = ['set-file-text', `directory=${newFolder()}`, 'names=a', 'text=x', '--expect', '1', '--reason', 'x'];
    const two = await run('operator', 'scan', 'submit', ...words, '--selection', 'servers', '--site', 'north');
    expect([two.code, two.text]).toEqual([2, expect.stringContaining('Name only one of --table, --selection')]);
    expect((await run('operator', 'scan', 'submit', ...words, '--selection', 'servers')).code).toBe(0);
    expect((await run('operator', 'selection', 'remove', 'servers')).text).toContain('servers was removed.');
    const { body } = await product.call('auditor', 'GET', '/v1/audit?action=selection.deleted');
    expect(body.items.map(({ data }: any) => data.name)).toEqual(['north', 'servers']);
  });
});
