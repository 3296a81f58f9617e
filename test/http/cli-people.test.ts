import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookAtFiles } from '../../src/installation/doctor/machine.js';
import { readConfig } from '../../src/processes/config.js';
import { command } from '../support/command-line.js';
import { startTestProduct, type TestProduct } from '../support/product.js';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  // One administrator, who is the last one.
  const one = people().filter(({ id }) => id !== 'admin2');
  writeFileSync(join(product.home, 'people.json'), JSON.stringify({ people: one }));
});
afterAll(() => product.stop());

const run = (...words: string[]) =>
  command({ FIXPOINT_HOME: product.home, FIXPOINT_API_DATABASE_URL: product.urls.api }, ...words);
const people = () =>
  (JSON.parse(readFileSync(join(product.home, 'people.json'), 'utf8')) as { people: { id: string }[] }).people;
const me = async (token: string) =>
  (await fetch(`${product.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const issue = async (...words: string[]) => (await run('token', 'issue', ...words)).text.trim();

describe('fixpoint person', () => {
  it('adds a person once, changes them and removes them with their tokens', async () => {
    expect(await run('person', 'add', 'ann', 'Ann', 'helpdesk')).toEqual({ code: 0, text: 'Ann (ann): helpdesk\n' });
    expect((await run('person', 'add', 'ann', 'Another', 'admin')).text).toContain('Ann has the id ann already');
    const [first, second] = [await issue('ann'), await issue('ann', '--service')];
    expect([await me(first), await me(second)]).toEqual([200, 200]);
    expect((await run('person', 'set', 'ann', '--roles', 'helpdesk', 'approver')).text).toBe(
      'Ann (ann): helpdesk, approver\n',
    );
    expect((await run('person', 'set', 'ann', '--name', 'Ann B.')).text).toBe('Ann B. (ann): helpdesk, approver\n');
    expect((await run('person', 'remove', 'ann')).text).toBe('Ann B. (ann) was removed; 2 tokens were revoked.\n');
    expect(await me(first)).toBe(401);
    await run('person', 'add', 'ann', 'Ann', 'helpdesk');
    expect([await me(first), await me(second)]).toEqual([401, 401]);
    expect((await run('person', 'remove', 'ann')).code).toBe(0);
  });

  it.each<[string, string[], string]>([
    ['an unknown role', ['add', 'bob', 'Bob', 'boss'], 'Unknown role boss.'],
    ['an id of another form', ['add', 'Bob', 'Bob', 'admin'], 'Bob is no id'],
    ['an empty name', ['add', 'bob', ' ', 'admin'], 'The argument <name> is empty.'],
    ['a person who is not there', ['set', 'bob', '--roles', 'admin'], 'There is no person bob. There are: helpdesk,'],
    ['nobody to remove', ['remove', 'bob'], 'There is no person bob.'],
    ['nothing to change', ['set', 'helpdesk'], 'Say what to change'],
  ])('refuses %s, and writes nothing', async (_, words, message) => {
    const before = people();
    const { code, text } = await run('person', ...words);
    expect(code).not.toBe(0);
    expect(text).toContain(message);
    expect(people()).toEqual(before);
  });
});

describe('the last person of a role', () => {
  it.each<[string[], string[]]>([
    [
      ['remove', 'operator'],
      ['Nobody has the role operator then.', 'Nobody can resolve jobs that need attention.', '--yes'],
    ],
    [
      ['set', 'admin', '--roles', 'helpdesk'],
      ['Nobody has the role admin then.', '--yes'],
    ],
    [
      ['set', 'auditor', '--roles', 'helpdesk', 'operator'],
      ['Nobody has the role auditor then.', '--yes'],
    ],
  ])('is not lost without a question: %j', async (words, said) => {
    const before = people();
    const { code, text } = await run('person', ...words);
    expect(code).toBe(2);
    for (const part of said) expect(text).toContain(part);
    expect(people()).toEqual(before);
    expect((await run('person', ...words, '--yes')).code).toBe(0);
    writeFileSync(join(product.home, 'people.json'), JSON.stringify({ people: before }));
  });

  it('is asked about only where a role is lost', async () => {
    expect((await run('person', 'set', 'both', '--roles', 'helpdesk')).code).toBe(0);
    expect((await run('person', 'set', 'admin', '--name', 'Another')).code).toBe(0);
  });

  it('doctor names the roles that nobody has', async () => {
    const read = readConfig({ FIXPOINT_HOME: product.home }, product.home);
    if (!read.ok) throw new Error('no settings');
    expect(await lookAtFiles(read.value)).toEqual([]);
    const before = people();
    const path = join(product.home, 'people.json');
    const left = before.filter(({ id }) => !['admin', 'operator'].includes(id));
    writeFileSync(path, JSON.stringify({ people: left }));
    expect((await lookAtFiles(read.value)).map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      `role-unheld admin, in ${path}`,
      `role-unheld operator, in ${path}`,
    ]);
    writeFileSync(path, JSON.stringify({ people: before }));
  });
});

describe('fixpoint token', () => {
  it('lists tokens without secrets, and revokes one or all of a person', async () => {
    const token = await issue('helpdesk2');
    // A secret may hold an underscore itself.
    const [, id = '', secret = ''] = /^fxp_([0-9a-f]+)_(.+)$/.exec(token) ?? [];
    expect(secret.length).toBeGreaterThan(20);
    const listed = await run('token', 'list', '--person', 'helpdesk2');
    expect(listed.text).toMatch(new RegExp(`^The helpdesk2 \\(helpdesk2\\)\n  ${id}  personal  valid`, 'm'));
    expect(Math.max(...listed.text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(listed.text).not.toContain(secret);
    expect((await run('token', 'revoke', id)).text).toBe(`${id} of The helpdesk2 (helpdesk2) was revoked.\n`);
    expect(await me(token)).toBe(401);
    expect((await run('token', 'revoke', id)).text).toContain('No token was revoked');
    expect((await run('token', 'list', '--person', 'helpdesk2')).text).toContain('revoked');

    const others = [await issue('helpdesk2'), await issue('helpdesk2')];
    expect((await run('token', 'revoke', '--person', 'helpdesk2')).text.trim().split('\n').length).toBeGreaterThan(1);
    for (const other of others) expect(await me(other)).toBe(401);
  });

  it('writes each revocation to the audit log, with the token and its person', async () => {
    const [, id = ''] = (await issue('auditor')).split('_');
    await run('token', 'revoke', id);
    const { body } = await product.call('admin', 'GET', '/v1/audit?limit=200');
    const events = (body.items as { action: string; data: { token?: string } }[]).filter(
      ({ data }) => data?.token === id,
    );
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['token.issued', 'token.revoked']));
  });

  it.each<[string[], string]>([
    [['revoke'], 'Name a token, or a person'],
    [['revoke', '0123456789abcdef', '--person', 'admin'], 'Name a token, or a person'],
    [['revoke', '0123456789abcdef'], 'There is no token with this id.'],
    [['revoke', '--person', 'nobody'], 'nobody has no token.'],
  ])('refuses %j', async (words, message) => {
    const { code, text } = await run('token', ...words);
    expect([code > 0, text]).toEqual([true, expect.stringContaining(message)]);
  });
});
