import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';
import { ENDS, effects, newFolder, planned, product, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';

withProduct();

let folder: string;
let passphrase: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/fxk-');
  passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery\n', { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command line of a person on a machine of their own. */
const as = (who: Who, ...words: string[]) =>
  command(
    {
      ...{ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], XDG_CONFIG_HOME: join(folder, who) },
      ...{ FIXPOINT_HOME: product.home, FIXPOINT_API_DATABASE_URL: product.urls.api },
    },
    ...words,
  );
const withPass = (who: Who, ...words: string[]) => as(who, ...words, '--passphrase-file', passphrase);
const idIn = (text: string) => /confirm (\S+)/.exec(text)?.[1] ?? '';
const kidIn = (text: string) => /\b[0-9a-f]{32}\b/.exec(text)?.[0] ?? '';
const keyOf = (who: Who) => join(folder, who, 'fixpoint', 'key.pem');

describe('fixpoint key', () => {
  it('makes a key that is encrypted, is its owner’s alone, and is never overwritten', async () => {
    const umask = process.umask(0);
    try {
      const made = await withPass('approver', 'key', 'new');
      expect([made.code, made.text]).toEqual([0, expect.stringContaining('fixpoint key add')]);
    } finally {
      process.umask(umask);
    }
    const pem = readFileSync(keyOf('approver'), 'utf8');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect([
      statSync(keyOf('approver')).mode & 0o777,
      statSync(join(folder, 'approver', 'fixpoint')).mode & 0o777,
    ]).toEqual([0o600, 0o700]);
    const again = await withPass('approver', 'key', 'new');
    expect([again.code, again.text]).toEqual([1, expect.stringContaining('[key-file-exists]')]);
    expect(readFileSync(keyOf('approver'), 'utf8')).toBe(pem);
  });

  it('takes no short passphrase, none from a file of others, and none without a terminal', async () => {
    const out = join(folder, 'other.pem');
    const short = join(folder, 'short');
    writeFileSync(short, 'elevenchars\n', { mode: 0o600 });
    const open = join(folder, 'open');
    writeFileSync(open, 'long enough but open\n', { mode: 0o644 });
    const tried = [
      await as('approver', 'key', 'new', '--out', out, '--passphrase-file', short),
      await as('approver', 'key', 'new', '--out', out, '--passphrase-file', open),
      await as('approver', 'key', 'new', '--out', out),
    ];
    expect(tried.map(({ code }) => code)).toEqual([1, 1, 2]);
    expect(tried[0]?.text).toContain('[passphrase-unfit]');
    expect(tried[1]?.text).toContain('is readable by others: chmod 600 it');
    expect(tried[2]?.text).toContain('--passphrase-file');
    expect(statSync(out, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('does not open with another passphrase', async () => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'another passphrase', { mode: 0o600 });
    const { code, text } = await as('approver', 'key', 'add', '--passphrase-file', wrong);
    expect([code, text]).toEqual([1, expect.stringContaining('[key-unreadable]')]);
  });

  it('is registered once an administrator confirmed it, whose own key the server confirmed', async () => {
    const asked = await withPass('approver', 'key', 'add');
    expect(asked.text).toContain('requested');
    const early = await withPass('admin', 'key', 'confirm', idIn(asked.text), '--kid', kidIn(asked.text));
    expect(early.code).not.toBe(0);

    await withPass('admin', 'key', 'new');
    const first = await withPass('admin', 'key', 'add');
    const [id, kid] = [idIn(first.text), kidIn(first.text)];
    expect((await as('admin', 'key', 'confirm', id, '--first')).text).toContain(`Add --kid ${kid}`);
    expect((await as('admin', 'key', 'confirm', id, '--first', '--kid', 'f'.repeat(32))).text).toContain(
      '[signature-invalid]',
    );
    const confirmed = await as('admin', 'key', 'confirm', id, '--first', '--kid', kid);
    expect([confirmed.code, confirmed.text]).toEqual([0, `Key ${kid} of The admin (admin): registered\n`]);

    // There is an administrator's key now: no key is the first any more.
    const late = await as('approver', 'key', 'confirm', idIn(asked.text), '--first', '--kid', kidIn(asked.text));
    expect([late.code, late.text]).toEqual([1, expect.stringContaining('[first-key-not-admin]')]);
    const anew = await withPass('approver', 'key', 'add');
    const made = await withPass('admin', 'key', 'confirm', idIn(anew.text), '--kid', kidIn(anew.text));
    expect([made.code, made.text]).toEqual([0, expect.stringContaining('registered')]);
    const list = await as('admin', 'key', 'list');
    expect(list.text).toMatch(/registered +The admin \(admin\)\n/);
    expect(list.text).toMatch(/registered +the server\n/);
    expect((await as('approver', 'key', 'list')).text).not.toContain(kid);
  });

  it('signs a decision: by default, from another file, and not with --no-key', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const decide = ['job', 'approve', job.id, '--reason', 'seen', '--plan', job.plan.digest];
    const unasked = await as('approver', ...decide);
    expect([unasked.code, unasked.text]).toEqual([2, expect.stringContaining('--passphrase-file')]);
    const signed = await withPass('approver', ...decide, '--key', keyOf('approver'));
    expect([signed.code, signed.text]).toEqual([0, expect.stringContaining('signed with key')]);
    expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
    expect(effects(directory)).toBe(1);

    const other = await planned('set-file-text', { directory, names: ['b'], text: 'x' });
    const rejected = await withPass('approver', 'job', 'reject', other.id, '--reason', 'no');
    expect([rejected.code, rejected.text]).toEqual([0, expect.stringContaining('signed with key')]);
    const third = await planned('set-file-text', { directory, names: ['c'], text: 'x' });
    const byToken = await as('approver', 'job', 'reject', third.id, '--reason', 'no', '--no-key');
    expect([byToken.code, byToken.text]).toEqual([0, expect.stringContaining('by token, not signed')]);
  });

  it('is revoked, and signs nothing any more', async () => {
    const { text } = await as('approver', 'key', 'list');
    const id = /^(\S+) .* registered /m.exec(text)?.[1] ?? '';
    expect((await as('helpdesk', 'key', 'revoke', id)).text).toContain('[key-not-found]');
    expect((await as('approver', 'key', 'revoke', id)).text).toContain('revoked');
    expect((await as('approver', 'key', 'revoke', id)).text).toContain('[key-revoked]');
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    const decided = await withPass('approver', 'job', 'reject', job.id, '--reason', 'no');
    expect([decided.code, decided.text]).toEqual([1, expect.stringContaining('[key-revoked]')]);
  });
});
