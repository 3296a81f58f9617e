import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';
import { product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/fxt-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.admin }, 'target', ...words);
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const shown = async (name: string) => (await product.call('admin', 'GET', `/v1/targets/${name}`)).body;
const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;

describe('fixpoint target import', () => {
  const csv = (...rows: string[]) =>
    file('targets.csv', ['name,kind,host,user,hostKey,credential,port,tier,tags', ...rows].join('\r\n'));

  it('adds the rows of a CSV file, with a byte order mark, quotes and line ends of Windows', async () => {
    const path = csv(`csv-1,pc,h1,u,${key('H')},k,,,"a;b"`, '', `csv-2,server,"h2",u,"${key('I')}",k,2222,1,`);
    writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8')}`);
    expect(await run('import', path)).toEqual({ code: 0, text: '2 targets were added. No target was changed.\n' });
    expect(await shown('csv-1')).toMatchObject({ tier: 2, tags: ['a', 'b'], transport: { port: 22 } });
    expect(await shown('csv-2')).toMatchObject({ tier: 1, tags: [], transport: { host: 'h2', port: 2222 } });
    const { text } = await run('list');
    expect(text).toMatch(/^csv-2 +server +ssh u@h2:2222 +1 +main$/m);
  });

  it('adds none when a row is refused, and names each by its line', async () => {
    const path = csv(
      `csv-3,pc,h3,u,${key('J')},k,,,`,
      `csv-4,linux,h4,u,${key('K')},k,abc,,`,
      `bad name,pc,h5,u,short,k,,9,`,
    );
    const { code, text } = await run('import', path);
    expect(code).toBe(1);
    expect(text).toContain('line 3 (csv-4): kind must be one of pc, server');
    expect(text).toContain('line 3 (csv-4): transport/port');
    expect(text).toMatch(/line 4 \(bad name\): name /);
    expect(text).toContain('line 4 (bad name): tier must be one of 0, 1, 2');
    expect((await shown('csv-3')).code).toBe('target-not-found');
    const taken = await run('import', csv(`csv-5,pc,h,u,${key('L')},k,,,`, `csv-1,pc,h,u,${key('H')},k,,,`));
    expect(taken.text).toContain('line 3 (csv-1): name The inventory already has a target with this name.');
    expect(taken.text).toContain('line 3 (csv-1): transport The inventory already has');
  });

  it('says how many were added, one of them too', async () => {
    const path = csv(`csv-one,pc,hone,u,${key('Z')},k,,,`);
    expect((await run('import', path)).text).toBe('1 target was added. No target was changed.\n');
  });

  it('adds machines that are reached over WinRM, beside others', async () => {
    const path = file(
      'mixed.csv',
      [
        'name,kind,transport,host,user,hostKey,auth,ca,configuration,credential',
        `mixed-1,pc,winrm,PC-1.corp.example,,,,,,k`,
        `mixed-2,server,winrm,srv-1.corp.example,,,ntlm,${'AB:'.repeat(31)}AB,Fixpoint.Jea,k`,
        `mixed-3,pc,,h9,u,${key('Y')},,,,k`,
      ].join('\n'),
    );
    expect((await run('import', path)).text).toBe('3 targets were added. No target was changed.\n');
    expect((await shown('mixed-1')).transport).toEqual({
      ...{ type: 'winrm', host: 'PC-1.corp.example', port: 5985, auth: 'kerberos' },
    });
    expect((await shown('mixed-2')).transport).toEqual({
      ...{ type: 'winrm', host: 'srv-1.corp.example', port: 5986, auth: 'ntlm' },
      ...{ tls: { pinned: 'authority', fingerprint: 'ab'.repeat(32) }, configurationName: 'Fixpoint.Jea' },
    });
    expect((await shown('mixed-3')).transport).toMatchObject({ type: 'ssh', host: 'h9' });
    const again = file('again.csv', 'name,kind,transport,host,credential\nmixed-4,pc,winrm,pc-1.CORP.example,k\n');
    expect((await run('import', again)).text).toContain('line 2 (mixed-4): transport The inventory already has');
    const unsafe = file('unsafe.csv', 'name,kind,transport,host,auth,credential\na,pc,winrm,h.example,basic,k\n');
    expect((await run('import', unsafe)).text).toContain('line 2 (a): transport the sign-in basic is for TLS alone');
  });

  it('adds the targets of a JSON file', async () => {
    const target = {
      ...(await shown('csv-1')),
      name: 'json-1',
      transport: { type: 'ssh', host: 'j', port: 22, user: 'u', hostKey: key('M') },
    };
    const { id: _, ...body } = target;
    expect((await run('import', file('targets.json', JSON.stringify({ targets: [body] })))).code).toBe(0);
    expect((await run('import', file('list.json', JSON.stringify([body])))).text).toContain('target 1 (json-1): name');
  });

  it.each([
    ['nothing.csv', '', 'has no target'],
    ['narrow.csv', 'name,kind\n', 'lacks the columns host, user, hostKey'],
    ['header.csv', 'name,kind,host,user,hostKey\n', 'has no target'],
    ['columns.csv', 'name,kind,hots,user\n', 'unknown columns: hots'],
    ['doubled.csv', 'name,kind,host,user,hostKey,host\na,pc,h1,u,k,h2\n', 'has the column host twice'],
    ['semicolons.csv', 'name;kind;host;user;hostKey\n', 'has semicolons between its columns'],
    ['ragged.csv', 'name,kind,host,user,hostKey\na,b\n', 'is not CSV'],
    ['broken.json', '[{', 'is not JSON'],
    ['other.json', '{}', 'neither a list of targets nor'],
  ])('refuses %s', async (name, text, message) => {
    const { code, text: said } = await run('import', file(name, text));
    expect([code, said]).toEqual([2, expect.stringContaining(message)]);
  });
});
