import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';

let parent: string;
let home: string;
beforeAll(() => {
  parent = mkdtempSync('/tmp/fixpoint-init-');
  home = join(parent, 'home');
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const run = (...words: string[]) => command({ FIXPOINT_HOME: home }, ...words);

it('refuses a wrong id or name before anything is made', async () => {
  for (const words of [
    ['Ann', 'Ann'],
    ['ann', ' '],
  ])
    expect((await run('init', ...words)).code).toBeGreaterThan(0);
  expect(readdirSync(parent)).toEqual([]);
});

it('a command that adds to a home that is not set up names it, and makes nothing', async () => {
  for (const words of [
    ['person', 'add', 'ann', 'Ann', 'helpdesk'],
    ['credential', 'add', 'k', '--generate-key', '--target', 't'],
  ])
    expect(await run(...words)).toEqual({
      code: 1,
      text: expect.stringMatching(`^${home} is not set up. Set FIXPOINT_HOME .*fixpoint init`),
    });
  expect(readdirSync(parent)).toEqual([]);
});

it('completes a home that has people and credentials but nothing else, and says what it kept', async () => {
  const half = join(parent, 'half');
  mkdirSync(half);
  const people = '{"people":[{"id":"bo","name":"Bo","roles":["admin"]}]}';
  writeFileSync(join(half, 'people.json'), people);
  writeFileSync(join(half, 'credentials.json'), '{"credentials":{}}', { mode: 0o600 });
  const { code, text } = await command({ FIXPOINT_HOME: half }, 'init', 'bo', 'Another Name');
  expect([code, text]).toEqual([
    0,
    expect.stringContaining(
      `These files were there and were kept: ${join(half, 'people.json')}, ${join(half, 'credentials.json')}.`,
    ),
  ]);
  expect(text).toContain('Bo (bo) is admin.');
  expect(text).toMatch(/^fxp_[0-9a-f]{16}_/m);
  expect(readFileSync(join(half, 'people.json'), 'utf8')).toBe(people);
  expect(existsSync(join(half, 'keys/grant.pem'))).toBe(true);
});

it('sets a home up: keys, an empty credentials file, the first person and a token that is printed once', async () => {
  const { code, text } = await run('init', 'ann', 'Ann Lee');
  expect([code, text]).toEqual([0, expect.stringContaining(`Fixpoint is set up in ${home}.`)]);
  expect(text).toContain('Ann Lee (ann) is admin, operator, auditor.');
  expect(text).toMatch(/^fxp_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/m);
  expect(JSON.parse(readFileSync(join(home, 'people.json'), 'utf8'))).toEqual({
    people: [{ id: 'ann', name: 'Ann Lee', roles: ['admin', 'operator', 'auditor'] }],
  });
  for (const secret of ['credentials.json', 'keys/grant.pem'])
    expect(statSync(join(home, secret)).mode & 0o077).toBe(0);
  expect(await run('credential', 'list')).toEqual({
    code: 0,
    text: 'NAME  WHAT  USE  TIERS  TARGETS  HOSTS  AUTHORITIES\n',
  });
});

it('doctor says that the database of a new home does not run yet, and how to start it', async () => {
  const { code, text } = await run('doctor');
  expect(code).toBe(1);
  expect(text).toContain(`WRONG database-stopped: The database of this home does not run. Nothing was read from it.`);
  expect(text).toContain('Start Fixpoint with `npm start`.');
  expect(text).not.toContain('database-not-configured');
});

it('refuses a home that is set up, and changes nothing', async () => {
  const before = readFileSync(join(home, 'people.json'), 'utf8');
  expect(await run('init', 'bob', 'Bob')).toEqual({ code: 1, text: expect.stringContaining('is set up already') });
  expect(readFileSync(join(home, 'people.json'), 'utf8')).toBe(before);
});
