import { describe, expect, it } from '@jest/globals';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Admission } from '../../src/domain/admission.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { currentOf, judged } from '../support/admission.js';
import { command } from '../support/command-line.js';
import { admin, decide, ENDS, newFolder, planned, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';

/** What may run is decided by a signature of authority: no row, folder or single person is enough. */

withProduct();

const FIXTURE = join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text');
/** A copy of the fixture with another version, as an author writes it. */
function aFolder(version: string, change: (script: string) => string = (script) => script): string {
  const folder = join(newFolder(), 'set-file-text');
  cpSync(FIXTURE, folder, { recursive: true });
  const yaml = join(folder, 'runbook.yaml');
  writeFileSync(yaml, stringify({ ...(parse(readFileSync(yaml, 'utf8')) as object), version }));
  const detect = join(folder, 'Detect.ps1');
  writeFileSync(detect, change(readFileSync(detect, 'utf8')));
  return folder;
}
const run = (who: Who, ...words: string[]) =>
  command(
    { FIXPOINT_HOME: product.home, FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who] },
    'runbook',
    ...words,
  );
const digestIn = (said: string) =>
  /content digest ([0-9a-f]{64})|--digest ([0-9a-f]{64})/.exec(said)?.slice(1).find(Boolean) ?? '';
const requestIn = (said: string) => /^request {2}([0-9a-f-]{36})$/m.exec(said)?.[1] ?? '';
const current = async () => (await product.call('admin', 'GET', '/v1/runbooks/set-file-text')).body;
const wish = (directory = newFolder()) => ({ directory, names: ['a'], text: 'x' });
const submit = (parameters: object) =>
  product.call('helpdesk', 'POST', '/v1/jobs', { runbook: 'set-file-text', target: 'box', parameters, reason: 'test' });

/** Asks with the command line; without a terminal the digest is named, which the refusal prints. */
async function ask(who: Who, folder: string) {
  const digest = digestIn((await run(who, 'admit', folder, '--reason', 'new')).text);
  const said = await run(who, 'admit', folder, '--reason', 'new', '--digest', digest);
  const request = requestIn(said.text);
  await judged(product, await product.call('admin', 'GET', `/v1/admissions/${request}`));
  return { ...said, digest, request };
}

describe('in development mode', () => {
  it('every plan says that nobody but the account that started Fixpoint admitted its runbook', async () => {
    const job = await planned('set-file-text', wish());
    expect(job.plan.admission).toMatchObject({ how: 'development', by: [expect.stringMatching(/^root \(0\) on /)] });
    const plan = (await product.call('approver', 'GET', `/v1/jobs/${job.id}/plan`)).body;
    expect(plan.admission).toEqual(job.plan.admission);
  });
});

describe('a version that two people admit', () => {
  it('becomes current only when another person confirmed exactly its files', async () => {
    const folder = aFolder('1.1.0', (script) => `# Read by two.\n${script}`);
    const asked = await ask('admin', folder);
    expect([asked.code, asked.text]).toEqual([0, expect.stringContaining('fixpoint runbook confirm')]);
    expect((await current()).version).toBe('1.0.0');
    const own = await run('admin', 'confirm', asked.request, '--reason', 'mine', '--digest', asked.digest);
    expect([own.code, own.text]).toEqual([1, expect.stringContaining('Requesters may not approve their own requests')]);
    const read = await run('admin2', 'confirm', asked.request, '--reason', 'read');
    expect(read.text).toContain('+# Read by two.');
    expect(digestIn(read.text)).toBe(asked.digest);
    const other = await run('admin2', 'confirm', asked.request, '--reason', 'read', '--digest', 'a'.repeat(64));
    expect(other.code).toBe(2);
    const done = await run('admin2', 'confirm', asked.request, '--reason', 'read', '--digest', asked.digest);
    expect([done.code, done.text]).toEqual([0, expect.stringContaining('It is in force.')]);
    expect(await current()).toMatchObject({ version: '1.1.0', contentDigest: asked.digest });
    const directory = newFolder();
    const job = await planned('set-file-text', wish(directory));
    expect(job.plan.admission).toMatchObject({ how: 'people', by: ['The admin', 'The admin2'] });
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'succeeded' });
    expect(text(directory, 'a')).toBe('x');
    const { rows } = await admin.query<{ writer: string; bytes: string }>(
      `SELECT writer, bytes FROM audit_events WHERE action = 'runbook.admitted' ORDER BY n DESC LIMIT 1`,
    );
    const { admission } = JSON.parse(rows[0]?.bytes ?? '').data;
    const { by } = JSON.parse(admission) as Admission;
    expect([rows[0]?.writer, by.how === 'people' && by.people.map(({ person }) => person.id)]).toEqual([
      'fixpoint_authority',
      ['admin', 'admin2'],
    ]);
  });

  it('does not where another version became current after the people compared it', async () => {
    const [first, second] = [await ask('admin', aFolder('1.1.1')), await ask('admin', aFolder('1.1.2'))];
    const confirm = (asked: { readonly request: string; readonly digest: string }) =>
      run('admin2', 'confirm', asked.request, '--reason', 'read', '--digest', asked.digest);
    expect((await confirm(second)).code).toBe(0);
    const shown = await confirm(first);
    expect([shown.code, shown.text]).toEqual([1, expect.stringContaining('Another version of the runbook is current')]);
    // Whoever does not look is told by authority.
    const body = { decision: 'confirm', contentDigest: first.digest, reason: 'x' };
    const answer = await product.call('admin2', 'POST', `/v1/admissions/${first.request}/decision`, body);
    expect(await judged(product, answer, ['open'])).toMatchObject({ status: 'refused', code: 'version-changed' });
    expect(await current()).toMatchObject({ version: '1.1.2' });
  });

  it('is admitted once, although authority ended before it could say so', async () => {
    const asked = await ask('admin', aFolder('1.1.3'));
    await run('admin2', 'confirm', asked.request, '--reason', 'read', '--digest', asked.digest);
    const count = async () =>
      (await admin.query('SELECT FROM admissions WHERE content_digest = $1', [asked.digest])).rowCount;
    expect(await count()).toBe(1);
    for (const table of ['admission_requests', 'admission_votes'])
      await admin.query(`ALTER TABLE ${table} DISABLE TRIGGER judged_once`);
    await admin.query(`UPDATE admission_requests SET status = 'open' WHERE id = $1`, [asked.request]);
    await admin.query(`UPDATE admission_votes SET status = 'pending' WHERE request = $1`, [asked.request]);
    for (const table of ['admission_requests', 'admission_votes'])
      await admin.query(`ALTER TABLE ${table} ENABLE TRIGGER judged_once`);
    await admin.query('NOTIFY fixpoint_decision');
    await judged(product, await product.call('admin', 'GET', `/v1/admissions/${asked.request}`), ['open']);
    expect(await count()).toBe(1);
  });

  it('does not when nobody confirms it within seven days, and its request ends then', async () => {
    const asked = await ask('admin', aFolder('1.1.4'));
    const old = `UPDATE admission_requests SET requested_at = now() - interval '7 days 1 minute' WHERE id = $1`;
    await admin.query(old, [asked.request]);
    await admin.query('NOTIFY fixpoint_decision');
    const ended = await judged(product, await product.call('admin', 'GET', `/v1/admissions/${asked.request}`), [
      'open',
    ]);
    expect(ended).toMatchObject({ status: 'refused', code: 'request-ended' });
  });

  it('does not when it is rejected, and cannot be confirmed afterwards', async () => {
    const asked = await ask('admin', aFolder('1.2.0'));
    expect((await run('admin2', 'reject', asked.request, '--reason', 'no need')).text).toContain('rejected');
    const late = await run('admin2', 'confirm', asked.request, '--reason', 'late', '--digest', asked.digest);
    expect([late.code, late.text]).toEqual([1, expect.stringContaining('does not wait for a second person')]);
    expect((await current()).version).not.toBe('1.2.0');
  });

  it.each<[Who]>([['helpdesk'], ['approver'], ['operator'], ['auditor']])('is not asked for by %s', async (who) => {
    const files = [{ path: 'set-file-text/runbook.yaml', text: 'x' }];
    const { status } = await product.call(who, 'POST', '/v1/admissions', {
      kind: 'admit',
      files,
      before: null,
      reason: 'x',
    });
    expect(status).toBe(403);
  });

  it('is refused by the gate of authority, whatever the client said of it', async () => {
    const folder = aFolder('1.3.0', (script) => `${script}\nSet-Content -LiteralPath /tmp/fixpoint-evil -Value x\n`);
    const files = ['runbook.yaml', 'Detect.ps1', 'Plan.ps1', 'Apply.ps1', 'Verify.ps1', 'Rollback.ps1'].flatMap(
      (name) => {
        const content = text(folder, name);
        return content === undefined ? [] : [{ path: `set-file-text/${name}`, text: content }];
      },
    );
    const before = await currentOf(product, 'set-file-text');
    const answer = await product.call('admin', 'POST', '/v1/admissions', { kind: 'admit', files, before, reason: 'x' });
    expect(await judged(product, answer)).toMatchObject({
      status: 'refused',
      code: 'runbook-refused',
      detail: expect.stringContaining('Detect.ps1'),
    });
    expect((await run('admin', 'admit', folder, '--reason', 'x')).text).toContain('breaks a rule');
  });

  it.each<[string, readonly { path: string; text: string }[]]>([
    ['no manifest', [{ path: 'set-file-text/Detect.ps1', text: '1' }]],
    ['a manifest that is none', [{ path: 'set-file-text/runbook.yaml', text: '}{' }]],
    ['a path twice', Array.from({ length: 2 }, () => ({ path: 'set-file-text/runbook.yaml', text: 'a: 1' }))],
  ])('is refused with %s, and nothing is stored', async (_, files) => {
    const before = await admin.query('SELECT FROM runbook_bundles');
    const { status, body } = await product.call('admin', 'POST', '/v1/admissions', {
      kind: 'admit',
      files,
      before: null,
      reason: 'x',
    });
    expect([status, body.code]).toEqual([400, 'runbook-unreadable']);
    expect((await admin.query('SELECT FROM runbook_bundles')).rowCount).toBe(before.rowCount);
  });
});

describe('a runbook that is disabled', () => {
  it('stops at once where it is: submitted, planned, approved; two people enable it', async () => {
    const directory = newFolder();
    const waiting = await planned('set-file-text', wish());
    const approved = await planned('set-file-text', wish(directory));
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(approved);
    const said = await run('admin', 'disable', 'set-file-text', '--reason', 'it is wrong');
    expect([said.code, said.text]).toEqual([0, expect.stringContaining('It is in force.')]);
    expect((await decide(waiting)).body).toMatchObject({ code: 'runbook-disabled' });
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(approved.id, ENDS)).toMatchObject({ state: 'blocked', code: 'runbook-disabled' });
    expect(text(directory, 'a')).toBeUndefined();
    const refused = await submit(wish());
    expect([refused.status, refused.body.code]).toEqual([409, 'runbook-disabled']);
    // No row puts it back: the trigger stops even the role of authority.
    const back = admin.query("UPDATE admissions SET status = 'in-force' WHERE runbook_id = 'set-file-text'");
    await expect(back).rejects.toThrow('the admission was disabled');
    const { contentDigest } = await current();
    const asked = await run('admin', 'enable', 'set-file-text', '--reason', 'it was right', '--digest', contentDigest);
    await judged(product, await product.call('admin', 'GET', `/v1/admissions/${requestIn(asked.text)}`));
    expect((await submit(wish())).status).toBe(409);
    const request = requestIn(asked.text);
    const { code } = await run('admin2', 'confirm', request, '--reason', 'yes', '--digest', contentDigest);
    expect(code).toBe(0);
    expect((await submit(wish())).status).toBe(201);
  });
});
