import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { powershellOfPc, wineEnvironment } from '../../lab/pc/index.js';
import {
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../lab/task-scheduler/index.js';
import pg from 'pg';
import { DOUBLE_MODULES } from '../../lab/task-scheduler/index.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { taskSchedulerContract } from '../contracts/task-scheduler.contract.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import { aUserSessionPc, asUser, MODULES, run, scriptOf, SID, type UserSessionPc } from '../support/user-session.js';
import { HANGS_MS } from '../support/patience.js';

const exec = promisify(execFile);
let pc: UserSessionPc;
beforeAll(async () => {
  pc = await aUserSessionPc('PC-8');
});
afterAll(() => pc?.stop());
beforeEach(async () => {
  pc.scheduler.behave(undefined);
  await pc.scheduler.logOn([{ sid: SID, session: 2 }]);
});
const tasks = () => join(pc.pc.prefix, 'drive_c', 'fixpoint', 'tasks');
const leftovers = () => readdirSync(pc.programData).filter((name) => name.startsWith('fixpoint-'));
afterEach(async () => {
  // Whatever happened: no task, no folder.
  const left = [await pc.scheduler.registered(), leftovers()];
  for (const name of leftovers()) rmSync(join(pc.programData, name), { recursive: true });
  for (const name of await pc.scheduler.registered()) rmSync(join(tasks(), name), { recursive: true });
  expect(left).toEqual([[], []]);
});
const JOB = '01890000-0000-7000-8000-000000000001';
const phase = (body: string) => `[CmdletBinding()] param($Parameters, $Change)\n${body}`;

taskSchedulerContract('the double that laboratory PCs have', () => {
  let finish: (code: number) => void = () => undefined;
  return Promise.resolve({
    session: pc.session,
    modules: MODULES,
    logOn: (sessions) => {
      pc.scheduler.behave(() => new Promise<number>((resolve) => (finish = resolve)));
      return pc.scheduler.logOn(sessions);
    },
    finish: (code) => Promise.resolve(finish(code)),
    startedIn: () => Promise.resolve(pc.scheduler.started.map((one) => one.session)),
    stop: () => Promise.resolve(),
  });
});

describe('a phase as the user', () => {
  it('is the same phase as in a session of the user’s own: values in, values out, code thrown, records written', async () => {
    const text = phase(`$PSCmdlet.WriteVerbose('seen'); Write-Warning 'careful'
[ordered]@{ sid = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value; change = $Change; empty = $null; yes = $true
  none = @(foreach ($x in $Parameters.none) { $x }); one = @(foreach ($x in $Parameters.one) { $x }); whole = $Parameters.one[0] -is [long]
  two = @($Parameters.two.Count, $Parameters.two[1].n); nested = @(, @(1, 2)); big = [long]9007199254740991; part = 1.5 }
'second'`);
    const hostile = [
      '\'"`$(throw)',
      '\u2018\u201d',
      'a\r\nb\u0001',
      '日本\ud83d\ude00',
      '_x000A_',
      ']]>',
      '',
      '-Force',
      'é',
    ];
    const values = {
      Parameters: { userSid: SID, none: [], one: [1], two: [{ n: null }, { n: 'x' }] },
      Change: { hostile, 'odd name': -0.25 },
    };
    const userSession = await asUser(pc.session, text, values);
    const direct = await run(pc.session, { script: scriptOf('direct', text), modules: [], parameters: values });
    expect(userSession.output).toEqual(direct.output);
    expect(userSession.output).toHaveLength(2);
    expect(userSession.output?.[0]).toMatchObject({ sid: SID, change: values.Change, whole: true, two: [2, 'x'] });
    expect(userSession.records.map(({ text: said }) => said)).toEqual([
      'as the user, verbose: seen',
      'as the user, warning: careful',
    ]);
  });

  it('runs if only the script of another module is known', async () => {
    const { output } = await asUser(
      pc.session,
      phase(
        `(Get-Command New-NativeType).Name; @(Get-Command Invoke-UserPhase, Register-UserTask, Read-UserResult -ErrorAction SilentlyContinue).Count`,
      ),
    );
    expect(output).toEqual(['New-NativeType', 0]);
  });

  it.each([
    ["throw 'target-ambiguous'", 'target-ambiguous'],
    ["throw 'Not a code.'", 'script-error'],
    ['[datetime]::UtcNow', 'malformed-output'],
  ])('that does %s ends with %s', async (body, code) =>
    expect((await asUser(pc.session, phase(body))).code).toBe(code),
  );

  it('is started in one session of the user, the same each time', async () => {
    const before = pc.scheduler.started.length;
    await pc.scheduler.logOn([
      { sid: 'S-1-5-21-0-0-0-1001', session: 1 },
      { sid: SID, session: 7 },
      { sid: SID, session: 3 },
    ]);
    expect((await asUser(pc.session, phase("'done'"))).output).toEqual(['done']);
    expect(pc.scheduler.started.slice(before).map(({ session, userSid }) => [session, userSid])).toEqual([[3, SID]]);
  });
});

describe('nothing is started', () => {
  const refused = async (code: string, more: Parameters<typeof asUser>[3] = {}) => {
    const before = pc.scheduler.started.length;
    expect((await asUser(pc.session, phase("'done'"), {}, more)).code).toBe(code);
    expect(pc.scheduler.started.length).toBe(before);
  };

  it('while nobody is logged on', async () => {
    await pc.scheduler.logOn([]);
    await refused('user-not-logged-on');
  });
  it('while only somebody else is', async () => {
    await pc.scheduler.logOn([{ sid: 'S-1-5-21-0-0-0-1001', session: 2 }]);
    await refused('user-not-logged-on');
  });
  it('when the logged-on user is unknown', async () => {
    await pc.scheduler.logOn('unknown');
    await refused('inconclusive');
  });
  it('when the user logged off just before', async () => {
    pc.scheduler.refuseNext(-2147216608);
    await refused('user-not-logged-on');
  });
  it('when the start is denied', async () => {
    pc.scheduler.refuseNext(-2147024891);
    await refused('access-denied');
  });
  it('when a text in the job folder is not the one that was sent', () =>
    refused('inconclusive', { spoil: (call) => (call.phase.sha256 = '0'.repeat(64)) }));
  it.each([
    ['jobId', '..\\..\\x'],
    ['jobId', `${'a'.repeat(32)}\n`],
    ['nonce', 'A'.repeat(32)],
    ['userSid', 'S-1-5-21-*'],
    ['userSid', `${SID}" -x`],
  ])('for a %s that is %j', (name, value) => refused('invalid-value', { spoil: (call) => (call[name] = value) }));
});

/** The job folder as this machine sees it, from the arguments of a task. */
const folderOf = (task: Definition) => join(pc.programData, (task.arguments.at(-2) ?? '').split('\\').at(-1) ?? '');
const answer = (task: Definition, more: object = {}) =>
  JSON.stringify({ nonce: task.arguments.at(-1), ok: true, output: ['mine'], records: [], ...more });

describe('a result of a hostile user', () => {
  const elsewhere = '/tmp/fixpoint-tests/elsewhere';
  const asHostile = async (write: (path: string, task: Definition) => void, exit = 0) => {
    pc.scheduler.behave((task) => {
      write(join(folderOf(task), 'out', 'result.json'), task);
      return Promise.resolve(exit);
    });
    return asUser(pc.session, phase("'done'"));
  };
  const text = (say: (task: Definition) => string | Buffer) => (path: string, task: Definition) =>
    writeFileSync(path, say(task));

  it('is accepted if it is valid', async () =>
    expect((await asHostile(text((task) => answer(task)))).output).toEqual(['mine']));

  it.each<[string, string, (path: string, task: Definition) => void]>([
    [
      'that is a second name of another file',
      'it has a second name elsewhere',
      (path, task) => {
        rmSync(elsewhere, { force: true });
        writeFileSync(elsewhere, answer(task));
        linkSync(elsewhere, path);
      },
    ],
    [
      'that another account wrote',
      'somebody else wrote it',
      (path, task) => {
        writeFileSync(path, answer(task));
        chownSync(path, 65534, 65534);
      },
    ],
    [
      'in a folder that was made a link',
      'its folder is a link',
      (path, task) => {
        const out = join(path, '..');
        rmSync(`${elsewhere}-folder`, { force: true, recursive: true });
        mkdirSync(`${elsewhere}-folder`, { recursive: true });
        writeFileSync(join(`${elsewhere}-folder`, 'result.json'), answer(task));
        rmSync(out, { recursive: true });
        symlinkSync(`${elsewhere}-folder`, out);
      },
    ],
    ['that is empty', 'it is empty or larger than 256 KiB', text(() => '')],
    [
      'larger than 256 KiB',
      'it is empty or larger than 256 KiB',
      text((task) => answer(task, { output: ['x'.repeat(262_144)] })),
    ],
    ['that is no JSON', 'it is not JSON', text(() => '@{ nonce = 1 }')],
    ['with words after it', 'it is not JSON', text((task) => `${answer(task)} {}`)],
    ['with a comment', 'it is not JSON', text((task) => `${answer(task)} // yes`)],
    [
      'that is not UTF-8',
      'a text in it is no Unicode',
      text((task) => Buffer.from(answer(task, { output: ['\u00ff'] }), 'latin1')),
    ],
    [
      'deeper than a value may be',
      'it is nested too deeply',
      text((task) => answer(task, { output: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) })),
    ],
    [
      'that names a member twice',
      'it names a member twice',
      text((task) => answer(task).replace('"ok":true', '"OK":false,"ok":true')),
    ],
    ['with half a character', 'a text in it is no Unicode', text((task) => answer(task, { output: ['\ud800'] }))],
    ['that is a list', 'it is not an object', text((task) => `[${answer(task)}]`)],
    ['of another call', 'it does not answer this call', text((task) => answer(task, { nonce: '0'.repeat(32) }))],
    ['of no call', 'it does not answer this call', text((task) => answer(task, { nonce: 7 }))],
    ['that does not say how it ended', 'it does not say how it ended', text((task) => answer(task, { ok: 'true' }))],
    ['with a member more', 'it has other members', text((task) => answer(task, { more: 1 }))],
    ['that failed and yet has an output', 'it lacks code', text((task) => answer(task, { ok: false, message: '' }))],
    ['whose output is no list', 'its output is no list', text((task) => answer(task, { output: 'x' }))],
    [
      'with records without end',
      'its records are no list',
      text((task) => answer(task, { records: Array.from({ length: 201 }, () => ({ stream: 'verbose', text: '' })) })),
    ],
    [
      'with a record of another form',
      'a record has another form',
      text((task) => answer(task, { records: [{ stream: 'verbose', text: 1 }] })),
    ],
    [
      'whose code is text',
      'its code is none',
      text((task) =>
        JSON.stringify({ nonce: task.arguments.at(-1), ok: false, code: 'x; y', message: '', records: [] }),
      ),
    ],
  ])('%s is refused, and the outcome is unknown', async (_, why, write) => {
    rmSync(elsewhere, { force: true });
    mkdirSync('/tmp/fixpoint-tests', { recursive: true });
    const ran = await asHostile(write);
    expect([ran.code, ran.records.map((record) => record.text)]).toEqual([
      'malformed-output',
      expect.arrayContaining([`the result of the user is refused: ${why}`]),
    ]);
    // What a link led to is as it was.
    if (why.includes('second name')) expect(readFileSync(elsewhere, 'utf8')).toContain('mine');
    if (why.includes('a link')) {
      expect(existsSync(join(`${elsewhere}-folder`, 'result.json'))).toBe(true);
      for (const name of leftovers()) rmSync(join(pc.programData, name), { recursive: true });
    }
  });

  it('that is a link by its own facts is refused: a laboratory PC cannot make one', async () => {
    const facts = (more: object) => ({ attributes: 32, links: 1, bytes: 100, owner: SID, ...more });
    const judge = async (more: object) => {
      const script = scriptOf(
        'facts',
        `[CmdletBinding()] param($Facts)
Get-ResultProblem -UserSid '${SID}' -Facts @{ attributes = $Facts.attributes; links = $Facts.links; bytes = $Facts.bytes; owner = $Facts.owner }`,
      );
      return (await run(pc.session, { script, modules: MODULES, parameters: { Facts: facts(more) } })).output;
    };
    expect(await judge({})).toEqual([]);
    expect(await judge({ attributes: 32 | 1024 })).toEqual(['it is a link']);
    expect(await judge({ attributes: 16 })).toEqual(['it is a folder']);
    expect(await judge({ bytes: 262_145 })).toEqual(['it is empty or larger than 256 KiB']);
    expect(await judge({ owner: 'S-1-5-32-544' })).toEqual(['somebody else wrote it']);
  });

  it('that is a folder is refused', async () =>
    expect((await asHostile((path) => mkdirSync(path))).code).toBe('result-lost'));

  it.each<[string, number, string]>([
    ['ends without a result', 0, 'result-lost'],
    ['is killed', 1, 'result-lost'],
    ['never began because the user logged off', -2147216608, 'user-not-logged-on'],
  ])('a task that %s has its own code', async (_, exit, code) => {
    expect((await asHostile(() => undefined, exit)).code).toBe(code);
  });

  it('that never arrives ends with the timeout, and the task too', async () => {
    pc.scheduler.behave(() => new Promise<number>(() => undefined));
    const ran = await asUser(pc.session, phase("'done'"), {}, { spoil: (call) => (call.waitSeconds = 2) });
    expect([ran.code, await pc.scheduler.registered()]).toEqual(['result-lost', []]);
  });

  it('code comes from the user, within the table', async () => {
    const failed = (task: Definition) =>
      JSON.stringify({
        nonce: task.arguments.at(-1),
        ok: false,
        code: 'vault-policy',
        message: 'x\u001b[2J',
        records: [],
      });
    const ran = await asHostile(text(failed));
    expect(ran.code).toBe('vault-policy');
  });
});

describe('what an interrupted run left', () => {
  const name = `fixpoint-${JOB.replaceAll('-', '')}`;

  it('is awaited while it runs, and removed when it has ended', async () => {
    const former = join(tasks(), name);
    mkdirSync(former);
    writeFileSync(join(former, 'state'), 'running 267009');
    mkdirSync(join(pc.programData, `${name}-${'b'.repeat(32)}`, 'out'), { recursive: true });
    writeFileSync(join(pc.programData, `${name}-${'b'.repeat(32)}`, 'out', 'result.json'), '{}');
    const before = pc.scheduler.started.length;
    expect((await asUser(pc.session, phase("'done'"))).code).toBe('user-session-busy');
    expect([pc.scheduler.started.length, leftovers().length]).toEqual([before, 1]);
    writeFileSync(join(former, 'state'), 'ready 0');
    expect((await asUser(pc.session, phase("'done'"))).output).toEqual(['done']);
  });

  it('that is a link with its name is left alone, with what it leads to', async () => {
    const trap = '/tmp/fixpoint-tests/trap';
    rmSync(trap, { recursive: true, force: true });
    mkdirSync(join(trap, 'in'), { recursive: true });
    writeFileSync(join(trap, 'in', 'precious'), 'x');
    symlinkSync(trap, join(pc.programData, `${name}-trap`));
    const ran = await asUser(pc.session, phase("'done'"));
    expect([ran.output, existsSync(join(trap, 'in', 'precious'))]).toEqual([['done'], true]);
    expect(leftovers()).toEqual([`${name}-trap`]);
    rmSync(join(pc.programData, `${name}-trap`));
  });
});

describe('the script of the acceptance list', () => {
  it('records what it sees, line by line, and changes nothing', async () => {
    const at = join(pc.pc.prefix, 'drive_c', 'acceptance');
    cpSync(join(INSTALL_ROOT, 'runbooks/_modules'), join(at, 'runbooks/_modules'), { recursive: true });
    cpSync(join(INSTALL_ROOT, 'tools/acceptance-windows.ps1'), join(at, 'tools/acceptance-windows.ps1'));
    const entries = ['Microsoft_OC1:uri=bobk@contoso.test:specific:OCS:1', 'fixpoint-acceptance:not-mine'];
    await pc.pc.seed(entries);
    const ids =
      'ENGINE-1,ENGINE-2,ENGINE-3,VAULT-1,VAULT-4,CERT-1,CERT-2,KEY-1,KEY-5,KEY-7,SESSION-1,SESSION-3,SESSION-5';
    const args = ['-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', 'C:\\acceptance\\tools\\acceptance-windows.ps1'];
    const start = powershellOfPc(...args, 'C:\\acceptance\\evidence.jsonl', ids);
    await exec(start.program, [...start.args], {
      env: wineEnvironment(pc.pc.prefix),
      timeout: HANGS_MS,
    });
    const lines = readFileSync(join(at, 'evidence.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      kind: 'machine',
      sid: SID,
      applies: false,
      script: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(lines.at(-1).kind).toBe('end');
    const results = Object.fromEntries(lines.slice(1, -1).map(({ id, result }) => [id, result]));
    // Wine has no Task Scheduler that could be asked this way, and the laboratory no certificate here: the script says so.
    expect(results).toEqual({
      ...{ 'ENGINE-1': 'holds', 'ENGINE-2': 'holds', 'ENGINE-3': 'by-hand' },
      ...{ 'VAULT-1': 'holds', 'VAULT-4': 'not-run', 'CERT-1': 'does-not-hold', 'CERT-2': 'not-run' },
      ...{ 'KEY-1': 'holds', 'KEY-5': 'not-run', 'KEY-7': 'not-run' },
      ...{ 'SESSION-1': 'error', 'SESSION-3': 'not-run', 'SESSION-5': 'holds' },
    });
    for (const { command, expected, at: time } of lines.slice(1, -1))
      expect([command, expected, time]).toEqual([expect.any(String), expect.any(String), expect.stringMatching(/Z$/)]);
    expect(await pc.pc.vault()).toEqual([...entries].sort());
  });
});

describe('a job on a PC whose user session is the task', () => {
  const parameters = { userSid: SID, sipAddress: 'bobk@contoso.test', purposes: ['OCS'] };
  const entry = 'Microsoft_OC1:uri=bobk@contoso.test:specific:OCS:1';
  let product: TestProduct;
  let admin: pg.Client;
  // The product's runbooks, where the module of the Task Scheduler is the double: of two modules of one name the loader takes none.
  const runbooks = mkdtempSync('/tmp/fxu-');
  beforeAll(async () => {
    cpSync(join(INSTALL_ROOT, 'runbooks'), runbooks, { recursive: true });
    cpSync(join(DOUBLE_MODULES, '_modules'), join(runbooks, '_modules'), { recursive: true });
    const key = (use: string) => ({
      reference: `secret://file${pc.identityFile}`,
      use: [use],
      targets: ['PC-8'],
      tiers: [2],
    });
    product = await startTestProduct({
      runbooks: [runbooks],
      credentials: { credentials: { 'pc-reader': key('detect'), 'pc-writer': key('apply') }, trustedCas: [] },
    });
    admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
    await admin.connect();
    const { host, port, user, hostKey } = pc.pc.sshd;
    const target = {
      name: 'PC-8',
      kind: 'pc',
      transport: { type: 'ssh', host, port, user, hostKey },
      credentials: { detect: 'pc-reader', apply: 'pc-writer' },
      tier: 2,
      site: 'lab',
      tags: [],
      settings: { userSession: 'task' },
    };
    expect((await product.call('admin', 'POST', '/v1/targets', target)).status).toBe(201);
    await pc.pc.seed([entry, 'Microsoft_OC1:uri=bobk@contoso.test:specific:CER:1']);
  });
  afterAll(async () => {
    await admin?.end();
    await product?.stop();
    rmSync(runbooks, { recursive: true, force: true });
  });

  const submit = async () => {
    const request = { runbook: 'clear-credential-vault', target: 'PC-8', parameters, reason: 'test' };
    const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', request);
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.id as string;
  };

  it('waits for the user, acts as the user, and reconciles a lost result by checking the target', async () => {
    await pc.scheduler.logOn([]);
    const id = await submit();
    const waiting = await product.until(id, ['deferred', 'awaiting-approval', 'blocked']);
    expect([waiting.state, waiting.code]).toEqual(['deferred', 'user-not-logged-on']);
    await pc.scheduler.logOn([{ sid: SID, session: 4 }]);
    await admin.query('UPDATE jobs SET next_try_at = now(), wake_at = now() WHERE id = $1', [id]);
    const planned = await product.until(id, ['awaiting-approval', 'blocked']);
    expect(planned.findings).toMatchObject({ userSession: 'task', finding: 'present', userSid: SID });
    expect(planned.plan.changes.map(({ resource }: any) => resource)).toEqual([`vault:${SID}/generic/${entry}`]);

    // Detect again, then the change: its process dies without a word.
    let starts = 0;
    const { engine } = pc.scheduler;
    pc.scheduler.behave((task, session) => (++starts === 2 ? Promise.resolve(1) : engine(task, session)));
    const decision = { decision: 'approve', planDigest: planned.plan.digest, reason: 'ok' };
    await product.call('approver', 'POST', `/v1/jobs/${id}/decision`, decision);
    const done = await product.until(id, ['succeeded', 'failed', 'needs-attention', 'blocked']);
    expect([done.state, done.outcome]).toEqual(['succeeded', 'fixed']);
    expect(done.timeline.map(({ state }: any) => state)).toContain('unknown');
    expect(await pc.pc.vault()).toEqual(['Microsoft_OC1:uri=bobk@contoso.test:specific:CER:1']);
    expect(new Set(pc.scheduler.started.slice(-4).map(({ name, session }) => `${name} ${session}`))).toEqual(
      new Set([`fixpoint-${id.replaceAll('-', '')} 4`]),
    );
  });
});
