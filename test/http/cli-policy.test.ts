import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { lookAtFiles } from '../../src/installation/doctor/machine.js';
import { readConfig } from '../../src/processes/config.js';
import { command } from '../support/command-line.js';
import { localTarget } from '../support/local-target.js';
import { policyOfGuide } from '../support/policy-guide.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import { storeNothing } from '../support/stored-runbook.js';

let product: TestProduct;
const file = () => join(product.home, 'policy.json');
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  const admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
  await storeNothing(admin);
  await admin.end();
  for (const site of ['north', 'south'])
    await product.call('admin', 'POST', '/v1/targets', { ...localTarget(site), site, tags: ['register'] });
});
afterAll(() => product?.stop());
const run = (...words: string[]) =>
  command(
    { FIXPOINT_HOME: product.home, FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.operator },
    ...words,
  );

describe('fixpoint policy, without a file', () => {
  it('shows the built-in policy with its digest', async () => {
    const { code, text } = await run('policy', 'show');
    expect([code, text]).toEqual([0, expect.stringContaining('built in: there is no policy file')]);
    expect(text).toContain(BUILT_IN_RIGHTS.digest);
    expect(text).toContain('cancel-own: allow cancel to helpdesk\n    own requests only');
  });

  it.each<[string[], number, RegExp]>([
    [
      ['helpdesk', 'freeze'],
      1,
      /^No: The helpdesk \(helpdesk\) may not freeze\.\nrule +no rule allows\nwhy +needs one of the roles operator, admin/,
    ],
    [['operator', 'freeze'], 0, /^Yes: The operator \(operator\) may freeze\.\nrules operate\n/],
    [
      ['helpdesk', 'submit'],
      0,
      /^It depends: .* at least somewhere\.\nrules ask\nwhy +not said: target, runbook\. Name them with --target and --runbook\./,
    ],
    [['auditor', 'submit', '--target', 'north'], 1, /needs one of the roles helpdesk, operator, admin/],
  ])('explains %j', async ([person = '', action = '', ...more], code, text) => {
    const ran = await run('policy', 'explain', '--person', person, '--action', action, ...more);
    expect([ran.code, ran.text]).toEqual([code, expect.stringMatching(text)]);
  });

  it('names the people and actions that there are not', async () => {
    expect(await run('policy', 'explain', '--person', 'bob', '--action', 'submit')).toMatchObject({
      code: 2,
      text: expect.stringContaining('There is no person bob'),
    });
    expect(await run('policy', 'explain', '--person', 'admin', '--action', 'fly')).toMatchObject({
      code: 2,
      text: expect.stringContaining('There is no action fly: submit, plan'),
    });
  });
});

describe('fixpoint policy, with the file of the guide', () => {
  beforeAll(() => writeFileSync(file(), policyOfGuide()));
  afterAll(() => rmSync(file(), { force: true }));

  it('checks it and shows it', async () => {
    expect(await run('policy', 'check', file())).toEqual({ code: 0, text: `${file()} is fine: 13 rules.\n` });
    expect((await run('policy', 'show')).text).toContain(
      'registers-two: require 2 approvals\n    target tags: register',
    );
    expect(JSON.parse((await run('--json', 'policy', 'show')).text)).toMatchObject({ from: file() });
  });

  it('explains by which rule somebody may, or may not, do something', async () => {
    const explain = (person: string, action: string, target: string, ...more: string[]) =>
      run('policy', 'explain', ...['--person', person, '--action', action, '--target', target], ...more);
    const nothing = ['--runbook', 'nothing'];
    expect(await explain('helpdesk', 'submit', 'north', ...nothing)).toEqual({
      code: 0,
      text: 'Yes: The helpdesk (helpdesk) may submit with nothing on north.\nrules north-asks\n',
    });
    expect((await explain('helpdesk', 'submit', 'south', ...nothing)).text).toMatch(
      /^No:.*\nrule +no rule allows\n.*do not cover/,
    );
    expect((await explain('approver', 'decide', 'north', ...nothing)).text).toContain('needs 2 approvals at least');
    expect((await explain('approver', 'decide', 'north', ...nothing, '--own')).text).toMatch(
      /rule +built-in:own-request/,
    );
  });
});

describe('a policy file with a mistake', () => {
  beforeAll(() => writeFileSync(file(), '{ "rules": [{ "id": "a", "effect": "allow", "actions": ["fly"] }] }'));
  afterAll(() => rmSync(file(), { force: true }));

  it.each([[['check', 'FILE']], [['show']], [['explain', '--person', 'admin', '--action', 'freeze']]])(
    'is named by policy %j',
    async (words) => {
      const ran = await run('policy', ...words.map((word) => (word === 'FILE' ? file() : word)));
      expect([ran.code, ran.text]).toEqual([
        1,
        expect.stringContaining('/rules/0/actions/0 must be one of submit, plan'),
      ]);
      expect(ran.text).toContain('[policy-unusable]');
    },
  );

  it('is a finding of the doctor', async () => {
    const read = readConfig({ FIXPOINT_HOME: product.home }, product.home);
    if (!read.ok) throw new Error('no settings');
    const found = await lookAtFiles(read.value);
    expect(found).toContainEqual(expect.objectContaining({ code: 'policy-unusable', severity: 'wrong' }));
  });

  it('does not stop a change of the people', async () => {
    expect((await run('person', 'set', 'helpdesk2', '--name', 'Another')).code).toBe(0);
  });
});
