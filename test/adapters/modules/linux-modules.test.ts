import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../src/domain/digest.js';
import type { Value } from '../../../src/domain/canonical.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import type { PhaseResult, Session } from '../../../src/ports/powershell-host.js';
import { aHost } from '../../support/hosts.js';
import { HANGS_MS } from '../../support/patience.js';

const directory = realpathSync(mkdtempSync('/tmp/fxm-'));
const bin = join(directory, 'bin');
mkdirSync(bin);
// Before /usr/bin: the stand-in for systemd, which a container has not.
process.env.PATH = `${bin}:${process.env.PATH ?? ''}`;
const { host, close } = aHost();
let session: Session;

const script = (name: string, text: string) => ({ name, text, sha256: sha256(text) });
const MODULES = ['native', 'quarantine', 'unix', 'processes', 'services', 'text-files'].map((name) =>
  script(name, readFileSync(join(INSTALL_ROOT, 'runbooks/_modules', name, `${name}.ps1`), 'utf8')),
);
const run = (text: string, given: Value = {}): Promise<PhaseResult> =>
  session.runPhase({
    script: script('probe', `[CmdletBinding()] param([object]$Given)\n${text}`),
    modules: MODULES,
    parameters: { Given: given },
    timeoutMs: HANGS_MS,
  });
/** What a script returns, or the code that it threw. */
const said = async (text: string, given: Value = {}): Promise<unknown> => {
  const result = await run(text, given);
  if (result.ok) return result.output.length === 1 ? result.output[0] : result.output;
  if (result.failure.kind !== 'reported') throw new Error(JSON.stringify(result.failure));
  return result.failure.code === 'script-error' ? result.failure.error.message : result.failure.code;
};

beforeAll(async () => {
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  session = opened.value;
});
afterAll(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the module processes', () => {
  const program = join(directory, 'waits');
  const others: ChildProcess[] = [];
  const begin = async (path = program) => {
    const child = spawn(path, ['3600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    others.push(child);
    return child;
  };
  beforeAll(() => copyFileSync(realpathSync('/bin/sleep'), program));
  afterAll(() => others.forEach((child) => child.kill('SIGKILL')));
  const list = (executable = program, userId = process.getuid?.() ?? 0) =>
    run('Get-UnixProcess -Executable $Given.executable -UserId $Given.userId', { executable, userId });
  const stop = (id: number, startTicks: string, signal = 'TERM') =>
    said('Stop-UnixProcess -Id $Given.id -StartTicks $Given.startTicks -Signal $Given.signal', {
      id,
      startTicks,
      signal,
    });

  it('finds exactly the processes of one executable and user, the oldest first', async () => {
    const first = await begin();
    const second = await begin();
    const found = await list();
    expect(found.ok && found.output).toMatchObject([
      { id: first.pid, replaced: false, startTicks: expect.stringMatching(/^\d+$/) },
      { id: second.pid, startedUtc: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/) },
    ]);
    expect(await list(program, 54_321)).toMatchObject({ output: [] });
    expect(await list(`${program}-other`)).toMatchObject({ output: [] });
    rmSync(program);
    copyFileSync(realpathSync('/bin/sleep'), program);
    expect(await list()).toMatchObject({ output: [{ replaced: true }, { replaced: true }] });
  });

  it('ends this very process, and never another one that has its number', async () => {
    const child = await begin();
    const found = await list();
    const all = (found.ok ? found.output : []) as unknown as { id: number; startTicks: string }[];
    const { id = 0, startTicks = '' } = all.find((one) => one.id === child.pid) ?? {};
    expect(await stop(id, `${Number(startTicks) - 1}`)).toBe('gone');
    expect(child.exitCode).toBeNull();
    const ended = once(child, 'exit');
    expect(await stop(id, startTicks)).toBe('ended');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await stop(id, startTicks)).toBe('gone');
  });

  it('says of a process that ignores the signal that it still runs', async () => {
    const child = spawn('/bin/sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    others.push(child);
    await once(child.stdout, 'data');
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const given = { id: child.pid ?? 0, startTicks: ticks };
    expect(await said('Stop-UnixProcess -Id $Given.id -StartTicks $Given.startTicks -WaitSeconds 1', given)).toBe(
      'running',
    );
    expect(await stop(child.pid ?? 0, ticks, 'KILL')).toBe('ended');
  });

  it('knows users by name', async () => {
    expect(await said("Get-UnixUserId -Name 'root'")).toBe(0);
    expect(await said("$null -eq (Get-UnixUserId -Name 'no-such-user')")).toBe(true);
  });
});

describe('the module services', () => {
  const log = join(directory, 'systemctl.log');
  const systemctl = (body: string) => {
    writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\nprintf '[%s]' "$@" >> '${log}'\n${body}\n`, { mode: 0o755 });
    writeFileSync(log, '');
  };

  it('reads the state of a unit with fixed arguments', async () => {
    systemctl("printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\nMainPID=42\\nInvocationID=aa\\n'");
    expect(await said("Get-SystemUnit -Unit 'web@1.service'")).toEqual({
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
      mainProcess: 42,
      invocation: 'aa',
    });
    expect(readFileSync(log, 'utf8')).toBe(
      '[show][--no-pager][--property=LoadState,ActiveState,SubState,MainPID,InvocationID][--][web@1.service]',
    );
  });

  it.each(['nginx', '-x.service', 'a b.service', "a';x.service", '$(id).service', 'a.service\nb.service', 'a.socket'])(
    'refuses the name %j without running anything',
    async (unit) => {
      systemctl('exit 0');
      expect(await said('Restart-SystemUnit -Unit $Given.unit', { unit })).toBe('invalid-value');
      expect(readFileSync(log, 'utf8')).toBe('');
    },
  );

  it.each([
    ['exit 0', 'restarted'],
    ["echo 'Failed to restart: Interactive authentication required.' >&2; exit 1", 'denied'],
    ["echo 'Job for web.service failed' >&2; exit 1", 'failed'],
  ])('restarts a unit: %s is %s', async (body, word) => {
    systemctl(body);
    expect(await said("Restart-SystemUnit -Unit 'web.service'")).toBe(word);
    expect(readFileSync(log, 'utf8')).toBe('[restart][--no-ask-password][--][web.service]');
  });

  it('claims nothing where systemd does not answer', async () => {
    systemctl("echo 'System has not been booted with systemd' >&2; exit 1");
    expect(await said("Get-SystemUnit -Unit 'web.service'")).toBe('inconclusive');
  });
});

describe('the module text-files', () => {
  const path = join(directory, 'app.conf');
  const write = (text: string | Buffer, mode = 0o640) => {
    rmSync(path, { force: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  const read = (at = path) => said('Read-TextFile -LiteralPath $Given.path', { path: at });
  const set = (number: number, text: string, digest = sha256(readFileSync(path))) =>
    said('Set-TextLine -LiteralPath $Given.path -Digest $Given.digest -Number $Given.number -Text $Given.text', {
      path,
      digest,
      number,
      text,
    });

  it('reads lines, with the digest of the bytes', async () => {
    for (const [text, lines] of [
      ['a\nb\n', ['a', 'b']],
      ['a\r\n\r\nb', ['a', '', 'b']],
      ['', []],
      ['\n', ['']],
    ] as const) {
      write(text);
      expect(await read()).toEqual({ exists: true, digest: sha256(text), lines });
    }
    expect(await read(`${path}.none`)).toEqual({ exists: false, digest: '', lines: [] });
  });

  it('replaces one line, and keeps every other byte, the mode and the owner', async () => {
    write('\ufeffa=1\r\nb=\u00e9\nc=3', 0o604);
    if (process.getuid?.() === 0) chownSync(path, 1234, 5678);
    const before = statSync(path);
    expect(await set(1, '\ufeffa=2')).toBe(true);
    expect(await set(2, 'b=\u4e2d')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('\ufeffa=2\r\nb=\u4e2d\nc=3');
    const { mode, uid, gid } = statSync(path);
    expect([mode, uid, gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(readdirSync(directory).filter((name) => name.startsWith('app.conf'))).toEqual(['app.conf']);
  });

  it('leaves a file alone that is not the one that was read', async () => {
    write('a=1\n');
    expect(await set(1, 'a=2', sha256('a=0\n'))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('a=1\n');
  });

  it('refuses links, further names, folders, other bytes and lines that would be two', async () => {
    write('a=1\n');
    expect(await set(1, 'a\nb')).toBe('invalid-value');
    expect(await set(2, 'b')).toBe('invalid-value');
    symlinkSync(path, join(directory, 'link.conf'));
    expect(await read(join(directory, 'link.conf'))).toBe('reparse-point');
    symlinkSync(directory, join(directory, 'folder-link'));
    expect(await read(join(directory, 'folder-link', 'app.conf'))).toBe('reparse-point');
    expect(await read(directory)).toBe('reparse-point');
    expect(await read('app.conf')).toBe('path-outside-root');
    linkSync(path, join(directory, 'second-name.conf'));
    expect(await set(1, 'a=2')).toBe('reparse-point');
    write(Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await read()).toBe('invalid-value');
  });
});
