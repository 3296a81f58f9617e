import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lab/sshd.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { anEndpoint, type Endpoint } from '../support/hosts.js';
import { HANGS_MS } from '../support/patience.js';

const CLI = join(INSTALL_ROOT, 'bin', 'fixpoint.js');
let home: string;
let port: number;
let endpoint: Endpoint;
let env: NodeJS.ProcessEnv;
const running: ChildProcess[] = [];

beforeAll(async () => {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  home = mkdtempSync('/tmp/fixpoint-tests/e2e-');
  chmodSync(home, 0o755);
  mkdirSync(join(home, 'runbooks'));
  port = await freePort('127.0.0.1');
  endpoint = await anEndpoint();
  env = {
    ...process.env,
    FIXPOINT_HOME: home,
    FIXPOINT_PORT: String(port),
    FIXPOINT_RUNBOOKS: join(home, 'runbooks'),
    NODE_OPTIONS: '',
  };
  const key = (use: string) => ({
    reference: `secret://file${endpoint.identityFile}`,
    use: [use],
    targets: ['linux'],
    tiers: [2],
  });
  writeFileSync(
    join(home, 'credentials.json'),
    JSON.stringify({ credentials: { reader: key('detect'), writer: key('apply') } }),
    { mode: 0o600 },
  );
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  for (const child of running) await ended(child);
  await endpoint?.stop();
  rmSync(home, { recursive: true, force: true });
});

function start(): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [CLI, 'up'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  return { child, output: () => text };
}
const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) =>
    child.exitCode !== null || child.signalCode !== null
      ? resolve(child.exitCode)
      : child.once('exit', (code) => resolve(code)),
  );
async function until<T>(what: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Date.now() + HANGS_MS;
  for (;;) {
    const found = await what();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
const ready = () =>
  until(() =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      async (r) => (r.status === 200 ? ((await r.json()) as object) : undefined),
      () => undefined,
    ),
  );
const cli = (token: string | undefined, ...args: string[]) => {
  try {
    return {
      code: 0,
      text: execFileSync(process.execPath, [CLI, ...args], {
        env: { ...env, FIXPOINT_URL: `http://127.0.0.1:${port}`, ...(token ? { FIXPOINT_TOKEN: token } : {}) },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, text: stdout + stderr };
  }
};

const safeRead = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

describe('npm start', () => {
  it('refuses a broken setting, every problem listed', () => {
    const broken = { ...env, FIXPOINT_PORT: 'x', FIXPOINT_SLOTS: '0' };
    try {
      execFileSync(process.execPath, [CLI, 'up'], { env: broken, encoding: 'utf8', stdio: 'pipe' });
      throw new Error('it started');
    } catch (error) {
      expect((error as { stderr: string }).stderr).toMatch(/FIXPOINT_PORT must[\s\S]*FIXPOINT_SLOTS must/);
    }
  });

  it('starts, carries a job from request to proof over SSH with a runbook added by hand, survives kill -9, and stops every process it started', async () => {
    const first = start();
    expect(await ready()).toMatchObject({ ready: true });
    const again = cli(undefined, 'up');
    expect([again.code, again.text]).toEqual([1, expect.stringContaining('running already')]);

    for (const [id, roles] of [
      ['hd', 'helpdesk'],
      ['ap', 'approver'],
      ['ad', 'admin'],
      ['au', 'auditor'],
    ] as const)
      expect(cli(undefined, 'person', 'add', id, `Person ${id}`, roles).code).toBe(0);
    const token = Object.fromEntries(
      ['hd', 'ap', 'ad', 'au'].map((id) => [id, cli(undefined, 'token', 'issue', id).text.trim()]),
    ) as Record<'hd' | 'ap' | 'ad' | 'au', string>;
    const { sshd } = endpoint;
    const target = {
      name: 'linux',
      kind: 'server',
      transport: { type: 'ssh', host: sshd.host, port: sshd.port, user: sshd.user, hostKey: sshd.hostKey },
      credentials: { detect: 'reader', apply: 'writer' },
      tier: 2,
      site: 'test',
      tags: [],
    };
    expect(cli(token.ad, 'target', 'add', JSON.stringify(target))).toMatchObject({ code: 0 });

    expect(cli(token.hd, 'runbook', 'list').text).not.toContain('my-own');
    cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text'), join(home, 'runbooks', 'my-own'), {
      recursive: true,
    });
    const manifest = join(home, 'runbooks', 'my-own', 'runbook.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('id: set-file-text', 'id: my-own'));
    await until(() => (cli(token.hd, 'runbook', 'list').text.includes('my-own') ? true : undefined));

    const folder = mkdtempSync('/tmp/fxz-');
    const submitted = cli(
      token.hd,
      '--json',
      'job',
      'submit',
      'my-own',
      'linux',
      JSON.stringify({ directory: folder, names: ['a'], text: 'hello' }),
      '--reason',
      'by hand',
    );
    const { id } = JSON.parse(submitted.text) as { id: string };
    await until(() => (cli(token.hd, 'job', 'show', id).text.includes('awaiting-approval') ? true : undefined));

    // The supervisor dies hard: its parts end by themselves, and a new start goes on where the record is.
    first.child.kill('SIGKILL');
    await ended(first.child);
    await until(() =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => undefined,
        () => true,
      ),
    );
    const second = start();
    await ready();
    const digest = /^ +plan +([0-9a-f]{64})$/m.exec(cli(token.ap, 'job', 'show', id).text)?.[1] ?? '';
    const approved = cli(token.ap, 'job', 'approve', id, '--plan', digest, '--reason', 'looked at it');
    expect([approved.code, approved.text]).toEqual([0, expect.stringContaining('write-file: text of file:')]);
    await until(() => (cli(token.hd, 'job', 'show', id).text.includes('succeeded (fixed)') ? true : undefined));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('hello');

    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(cli(undefined, 'audit', 'verify')).toMatchObject({
      code: 0,
      text: expect.stringContaining('The audit log verifies'),
    });
    const file = join(home, 'export.jsonl');
    expect(cli(token.au, 'audit', 'export', file).code).toBe(0);
    expect(cli(undefined, 'audit', 'verify', file).code).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('job.succeeded', 'job.compliant'));
    expect(cli(undefined, '--json', 'audit', 'verify', file).code).toBe(1);
    expect(cli(token.hd, 'job', 'submit', 'no-such', 'linux', '{}', '--reason', 'x')).toMatchObject({
      code: 1,
      text: expect.stringContaining('[runbook-not-found]'),
    });
    expect(cli(token.hd, 'job', 'submit').code).toBe(2);

    second.child.kill('SIGINT');
    expect(await ended(second.child)).toBe(0);
    // The parts of the first start lost their supervisor: they are to have ended by themselves by now.
    const left = () =>
      readdirSync('/proc')
        .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
        .filter(
          (pid) =>
            safeRead(`/proc/${pid}/environ`).includes(`FIXPOINT_HOME=${home}`) ||
            safeRead(`/proc/${pid}/cmdline`).includes(home),
        )
        .map((pid) => safeRead(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
    await until(() => (left().length === 0 ? true : undefined));
  });
});

it('npx fixpoint runbook check names file and line of each violation', () => {
  const folder = mkdtempSync('/tmp/fxc-');
  cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text'), join(folder, 'set-file-text'), {
    recursive: true,
  });
  expect(cli(undefined, 'runbook', 'check', folder)).toMatchObject({
    code: 0,
    text: expect.stringContaining('0 errors'),
  });
  writeFileSync(
    join(folder, 'set-file-text', 'Plan.ps1'),
    `${readFileSync(join(folder, 'set-file-text', 'Plan.ps1'), 'utf8')}\nInvoke-Expression 1\n`,
  );
  const { code, text } = cli(undefined, 'runbook', 'check', folder);
  expect([code, text]).toEqual([
    1,
    expect.stringMatching(/set-file-text\/Plan\.ps1:\d+: Invoke-Expression is not in the list/),
  ]);
});

it('the tour runs from start to end and says what it verified', () => {
  const tourHome = process.env.FIXPOINT_TEST_HOME ?? join(INSTALL_ROOT, '.fixpoint', 'test');
  const text = execFileSync(process.execPath, [CLI, 'demo', '--once'], {
    env: {
      ...env,
      FIXPOINT_HOME: tourHome,
      FIXPOINT_PORT: String(port),
      FIXPOINT_RUNBOOKS: '',
      FIXPOINT_LOG_LEVEL: 'warn',
    },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const line of [
    'requesters cannot approve their own requests',
    'a stale plan is not applied',
    'an unknown parameter is refused by its name',
    'a rollback is refused where a change cannot be undone',
    'one approval is not enough',
    'the key folder is back where it was',
    'what was set aside is kept for its retention',
    'the affected users are enabled',
    'a synchronization cannot run before the change',
    'the run history shows that the changed users were exported',
    'the rollback restored',
    'the audit log verifies',
  ])
    expect(text).toContain(`✓ ${line}`);
  expect(text).toContain('sync-1: a synchronization engine simulated by us');
});
