import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testTarget } from '../../src/installation/target-test/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { readConfig } from '../../src/processes/config.js';
import { BASE, dnOf, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';
import { command } from '../support/command-line.js';
import { until } from '../support/patience.js';

const CROWD = 23;
let at: DirectoryProduct;
let guid: Readonly<Record<string, string>>;
const find = async (text: string) => {
  const job = await at.plan('find-ad-user', { text });
  return { ...job.findings, state: job.state, code: job.code };
};
const accounts = async (text: string) => (await find(text)).users?.map(({ account }: any) => account);
const cli = (...words: string[]) =>
  command({ FIXPOINT_URL: at.product.url, FIXPOINT_TOKEN: at.product.tokens.helpdesk }, ...words);

beforeAll(async () => {
  at = await startDirectoryProduct('find');
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  const user = (id: string, more: readonly string[], disabled = false) => ({ id, sip: '', more, disabled });
  guid = await at.addUsers([
    user('jdoe', [
      'givenName: Jane',
      'sn: Doe',
      'displayName: Jane Doe',
      'userPrincipalName: jane.doe@contoso.test',
      'mail: j.doe@contoso.test',
      'department: Finance',
      'title: Controller',
    ]),
    user('jsmith', ['displayName: Jane Smith'], true),
    user('star', ['displayName: A*B (C) \\ D']),
    user('zoe', ['displayName:: Wm/DqyBPJ0hhcmE=']),
    ...Array.from({ length: CROWD }, (_, i) => user(`crowd${String(i).padStart(2, '0')}`, [`displayName: Crowd ${i}`])),
  ]);
  await at.change(
    `dn: CN=jane-pc,OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: computer\nsAMAccountName: jane-pc$\n\n` +
      `dn: CN=jane-group,OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: jane-group\n`,
  );
});
afterAll(() => at?.stop());

describe('users of a directory are found', () => {
  it.each([
    ['part of a name', 'ane Do', ['jdoe']],
    ['words of the name in any order', 'doe jane', ['jdoe']],
    ['part of the sAMAccountName', 'jdo', ['jdoe']],
    ['part of the user principal name', 'ane.doe@', ['jdoe']],
    ['part of the mail address', 'j.doe@contoso', ['jdoe']],
    ['a name without ASCII', "Zo\u00eb O'Hara", ['zoe']],
    ['a name in another case', "o'HARA ZO\u00cb", ['zoe']],
    ['a name that several have, but no computer and no group', 'jane', ['jdoe', 'jsmith']],
    ['nothing of anybody', 'nobody-at-all', []],
  ])('by %s', async (_, text, expected) => {
    expect(await accounts(text)).toEqual(expected);
  });

  it('by the objectGUID', async () => expect(await accounts(guid.jdoe ?? '')).toEqual(['jdoe']));

  it('with what names the right one', async () => {
    expect(await find('jane')).toEqual({
      state: 'compliant',
      code: undefined,
      finding: 'absent',
      more: false,
      users: [
        {
          objectGuid: guid.jdoe,
          dn: dnOf('jdoe'),
          name: 'Jane Doe',
          account: 'jdoe',
          userPrincipalName: 'jane.doe@contoso.test',
          mail: 'j.doe@contoso.test',
          department: 'Finance',
          title: 'Controller',
          accountEnabled: true,
        },
        { objectGuid: guid.jsmith, dn: dnOf('jsmith'), name: 'Jane Smith', account: 'jsmith', accountEnabled: false },
      ],
    });
  });

  it('20 at most, and that there are more', async () => {
    expect(await find('crowd')).toMatchObject({ more: true, users: { length: 20 } });
    expect(await find('crowd1')).toMatchObject({ more: false, users: { length: 10 } });
  });
});

describe('what was typed is text, never a filter', () => {
  it.each([
    ['a wildcard', '**', []],
    ['a wildcard that is part of a name', 'A*B', ['star']],
    ['parentheses that are part of a name', '(C)', ['star']],
    ['a backslash that is part of a name', '\\ D', ['star']],
    ['the end of the filter', 'x)(objectClass=*', []],
    ['an alternative', 'jdoe)(|(cn=*', []],
    ['an escaped wildcard', '\\2a\\2a', []],
  ])('%s', async (_, text, expected) => {
    expect(await accounts(text)).toEqual(expected);
  });

  it('and one that names nobody is refused', async () => {
    // A directory takes a NUL for the end of the text: such a text would find another name.
    for (const text of ['   ', 'jdoe\u0000', 'jdoe\u0000x'])
      expect(await find(text)).toMatchObject({ state: 'blocked', code: 'invalid-value' });
    const refused = await at.product.call('helpdesk', 'POST', '/v1/jobs', {
      runbook: 'find-ad-user',
      target: 'contoso',
      parameters: { text: 'j' },
      reason: 'test',
    });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-parameters' } });
  });
});

describe('target find-user', () => {
  it('prints each user with the id that a request takes', async () => {
    const { code, text } = await cli('target', 'find-user', 'contoso', 'jane');
    expect(code).toBe(0);
    expect(text).toContain('2 users of contoso');
    expect(text).toContain(`Jane Doe\n  objectGUID  ${guid.jdoe}\n  account     jdoe\n`);
    expect(text).toContain('jane.doe@contoso.test');
    expect(text).toContain('  title       Controller\n  department  Finance\n');
    expect(text).toMatch(/Jane Smith \(disabled\)/);
  });

  it('takes several words, says when nobody is found, and when there are more', async () => {
    expect((await cli('target', 'find-user', 'contoso', 'jane', 'doe')).text).toContain('1 user of contoso');
    expect(await cli('target', 'find-user', 'contoso', 'nobody-at-all')).toEqual({
      code: 0,
      text: expect.stringContaining('No user of contoso fits'),
    });
    expect((await cli('target', 'find-user', 'contoso', 'crowd')).text).toContain('There are more');
  });

  it('gives the users as JSON', async () => {
    const { text } = await cli('--json', 'target', 'find-user', 'contoso', 'jdoe');
    expect(JSON.parse(text)).toMatchObject({
      more: false,
      users: [{ objectGuid: guid.jdoe }],
      job: expect.any(String),
    });
  });

  it('is a job: shown with its findings to its requester, and allowed to who may submit', async () => {
    const { job } = JSON.parse((await cli('--json', 'target', 'find-user', 'contoso', 'jdoe')).text);
    const shown = (await cli('job', 'show', job)).text;
    expect(shown).toContain('state      compliant');
    expect(shown).toContain('Jane Doe');
    expect(shown).toContain(guid.jdoe);
    const auditor = { FIXPOINT_URL: at.product.url, FIXPOINT_TOKEN: at.product.tokens.auditor };
    expect(await command(auditor, 'target', 'find-user', 'contoso', 'jane')).toEqual({
      code: 1,
      text: expect.stringContaining('not-allowed'),
    });
    // Another helpdesk member does not see what was found.
    expect(await at.product.call('helpdesk2', 'GET', `/v1/jobs/${job}`)).toMatchObject({ status: 404 });
  });

  it('says why a search was refused', async () => {
    expect((await cli('target', 'find-user', 'contoso', '--', '   ')).code).toBe(2);
    expect((await cli('target', 'find-user', 'nosuch', 'jane')).text).toContain('target-not-found');
  });
});

it('leaves neither what was typed nor what was found in the audit log', async () => {
  await at.plan('find-ad-user', { text: 'jane' });
  // The export is the log itself; what a search shows beside it comes from the job.
  let text = '';
  await until('the search is in the log', async () => {
    text = (await at.product.call('auditor', 'GET', '/v1/audit/export')).body;
    return text.includes('find-ad-user') && text.includes('job.compliant');
  });
  for (const secret of ['Jane', 'jane', 'jdoe', 'j.doe', 'Controller', 'crowd', guid.jdoe ?? '?'])
    expect(text).not.toContain(secret);
});

describe('a test of the domain as a target', () => {
  const look = async (credentialsFile?: string) => {
    const read = readConfig({ FIXPOINT_HOME: at.product.home }, INSTALL_ROOT);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const { config } = read.value;
    const settings = { ...read.value, config: { ...config, ...(credentialsFile ? { credentialsFile } : {}) } };
    const { body } = await at.product.call('admin', 'GET', '/v1/targets?limit=200');
    const target = body.items.find(({ name }: { name: string }) => name === 'contoso');
    return testTarget(settings, target, () => undefined);
  };

  it('signs in with both credentials and compares the clocks', async () => {
    const checks = await look();
    expect(checks.map(({ state }) => state)).not.toContain('failed');
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['certificate', 'sign-in (detect)', 'sign-in (apply)', 'clock']),
    );
  });

  it('says which credential has a wrong password', async () => {
    const file = join(at.product.home, 'wrong.json');
    const wrong = join(at.product.home, 'wrong.password');
    writeFileSync(wrong, 'not the password', { mode: 0o600 });
    const text = readFileSync(at.lab.credentialsFile, 'utf8');
    writeFileSync(file, text.replaceAll(at.domain.passwordFiles.reader, wrong), { mode: 0o600 });
    const checks = await look(file);
    expect(checks.find(({ check }) => check === 'sign-in (detect)')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('access-denied'),
    });
    expect(checks.find(({ check }) => check === 'sign-in (apply)')).toMatchObject({ state: 'ok' });
  });
});
