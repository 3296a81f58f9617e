import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { command } from '../support/command-line.js';
import { admin, product, withProduct } from '../support/jobs.js';
import { localTarget } from '../support/local-target.js';
import type { Who } from '../support/people.js';

/** The inventory and the policy in production, by the command line of two people with their own keys. */
withProduct({ env: { FIXPOINT_MODE: 'production' } });

let folder: string;
let passphrase: string;
const as = (who: Who, ...words: string[]) =>
  command(
    {
      ...{ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], XDG_CONFIG_HOME: join(folder, who) },
      ...{ FIXPOINT_HOME: product.home, FIXPOINT_API_DATABASE_URL: product.urls.api, FIXPOINT_MODE: 'production' },
    },
    ...words,
  );
const signed = (who: Who, ...words: string[]) => as(who, ...words, '--passphrase-file', passphrase);
const idIn = (text: string) => /confirm (\S+)/.exec(text)?.[1] ?? '';
const digestIn = (text: string) => /digest +([0-9a-f]{64})/.exec(text)?.[1] ?? '';

/** Reads what a command shows, then names its digest, as a script does. */
async function read(who: Who, ...words: string[]) {
  const shown = await signed(who, ...words);
  const done = await signed(who, ...words, '--digest', digestIn(shown.text));
  return { shown, done };
}

beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxe-');
  passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery\n', { mode: 0o600 });
  for (const who of ['admin', 'admin2'] as const) {
    await signed(who, 'key', 'new');
    const asked = await signed(who, 'key', 'add');
    const kid = /\b[0-9a-f]{32}\b/.exec(asked.text)?.[0] ?? '';
    const by = who === 'admin' ? as(who, 'key', 'confirm', idIn(asked.text), '--first', '--kid', kid) : undefined;
    const made = await (by ?? signed('admin', 'key', 'confirm', idIn(asked.text), '--kid', kid));
    expect(made.text).toContain('registered');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('fixpoint target', () => {
  const one = JSON.stringify(localTarget('desk'));

  it('asks for a target with a reason, shows it, and lets another person confirm it', async () => {
    const early = await signed('admin', 'target', 'add', one);
    expect([early.code, early.text]).toEqual([2, expect.stringContaining('Say why with --reason.')]);
    const { shown, done } = await read('admin', 'target', 'add', one, '--reason', 'new desk');
    expect(shown.text).toContain('+  "name": "desk"');
    expect([done.code, done.text]).toEqual([0, expect.stringContaining('fixpoint target confirm ')]);
    const request = idIn(done.text);
    expect((await as('admin2', 'target', 'requests')).text).toMatch(/open +admit-targets +desk/);
    const own = await signed('admin', 'target', 'confirm', request, '--reason', 'x', '--digest', digestIn(shown.text));
    expect([own.code, own.text]).toEqual([1, expect.stringContaining('[own-request]')]);
    const confirmed = await read('admin2', 'target', 'confirm', request, '--reason', 'compared');
    expect(confirmed.shown.text).toContain('+  "name": "desk"');
    expect([confirmed.done.code, confirmed.done.text]).toEqual([0, expect.stringContaining('It is in force.')]);
    expect((await as('admin', 'target', 'show', 'desk')).text).toContain('Target desk');
  });

  it('shows what a change changes, and what somebody changed in the database', async () => {
    const edit = await read('admin2', 'target', 'edit', 'desk', '--site', 'south', '--reason', 'moved');
    expect(edit.shown.text).toContain('-  "site": "test"');
    expect(edit.shown.text).toContain('+  "site": "south"');
    const done = await read('admin', 'target', 'confirm', idIn(edit.done.text), '--reason', 'yes');
    expect(done.done.text).toContain('It is in force.');

    await admin.query(`UPDATE targets SET body = replace(body, '"tier":2', '"tier":1') WHERE name = 'desk'`);
    const { shown } = await read('admin', 'target', 'admit', 'desk', '--reason', 'look');
    expect(shown.text).toContain('-  "tier": 2');
    expect(shown.text).toContain('+  "tier": 1');
  });

  it('removes a target with one signature', async () => {
    const { code, text } = await signed('admin', 'target', 'remove', 'desk', '--yes', '--reason', 'scrapped');
    expect([code, text]).toEqual([0, expect.stringContaining('It was removed.')]);
    expect((await as('admin', 'target', 'show', 'desk')).text).toContain('[target-not-found]');
  });

  it('imports a file as one request', async () => {
    const file = join(folder, 'many.json');
    const many = [1, 2, 3].map((i) => localTarget(`many-${i}`));
    writeFileSync(file, JSON.stringify(many));
    const { done } = await read('admin', 'target', 'import', file, '--reason', 'second floor');
    expect(done.text).toContain('admit-targets 3 targets');
    const confirmed = await read('admin2', 'target', 'confirm', idIn(done.text), '--reason', 'yes');
    expect(confirmed.done.text).toContain('It is in force.');
    expect((await as('admin', 'target', 'list')).text).toMatch(/many-1[^]*many-2[^]*many-3/);
  });
});

it('fixpoint policy asks for a policy, shows the rules that differ, and names the file that does not count', async () => {
  const file = join(product.home, 'policy.json');
  const rule = { id: 'more', effect: 'allow', actions: ['freeze'], roles: ['helpdesk'] };
  writeFileSync(file, JSON.stringify({ rules: [...DEFAULT_POLICY.rules, rule] }));
  expect((await as('admin', 'policy', 'show')).text).toContain('policy  built in: nobody admitted another');
  const { shown, done } = await read('admin', 'policy', 'admit', file, '--reason', 'more');
  expect(shown.text).toContain('+      "id": "more"');
  expect(done.text).toContain('fixpoint policy confirm ');
  const confirmed = await read('admin2', 'policy', 'confirm', idIn(done.text), '--reason', 'read');
  expect(confirmed.done.text).toContain('It is in force.');
  expect((await as('admin', 'policy', 'show')).text).toContain('policy  admitted by two people');
});
