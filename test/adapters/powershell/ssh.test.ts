import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureKeyPair, startSshd } from '../../../lab/sshd.js';
import { sha256 } from '../../../src/domain/digest.js';
import type { PowerShellHost, Session } from '../../../src/ports/powershell-host.js';
import { aHost, anEndpoint, SUBSYSTEM, type Endpoint } from '../../support/hosts.js';
import { isAlive } from '../../support/processes.js';
import { HANGS_MS, until } from '../../support/patience.js';

let endpoint: Endpoint;
let host: PowerShellHost;
let close: () => Promise<void>;
const text = (body: string) => `[CmdletBinding()] param($Parameters)\n${body}`;
const phase = (session: Session, body: string, timeoutMs = HANGS_MS, signal?: AbortSignal) =>
  session.runPhase(
    {
      script: { name: 't', text: text(body), sha256: sha256(text(body)) },
      modules: [],
      parameters: { Parameters: {} },
      timeoutMs,
    },
    undefined,
    signal,
  );
const open = async () => {
  const opened = await host.open(endpoint.place());
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
};

beforeAll(async () => {
  endpoint = await anEndpoint();
  ({ host, close } = aHost());
});
afterAll(async () => {
  await close();
  await endpoint.stop();
});

describe('over SSH, before anything ran', () => {
  it('refuses a changed host key and does not call it unreachable', async () => {
    const other = await ensureKeyPair(join(endpoint.directory, 'other'));
    expect(await host.open({ ...endpoint.place(), hostKey: other, masterKey: sha256('other') })).toMatchObject({
      ok: false,
      error: { kind: 'refused', code: 'host-key-changed' },
    });
  });

  it('refuses a wrong key, which is not retried', async () => {
    const identityFile = join(endpoint.directory, 'stranger');
    await ensureKeyPair(identityFile);
    expect(await host.open({ ...endpoint.place(), identityFile, masterKey: sha256('stranger') })).toMatchObject({
      ok: false,
      error: { kind: 'refused', code: 'sign-in-refused' },
    });
  });

  it('reports a silent port as unreachable, which may be retried', async () => {
    expect(await host.open({ ...endpoint.place(), port: 1, masterKey: sha256('port') })).toMatchObject({
      ok: false,
      error: { kind: 'unreachable' },
    });
  });

  it('reaches a target by an address of IPv6', async () => {
    const key = await ensureKeyPair(endpoint.identityFile);
    const directory = join(endpoint.directory, 'six');
    const six = await startSshd({ directory, host: '::1', subsystem: SUBSYSTEM, authorizedKeys: [key] });
    try {
      for (const address of ['::1', '0:0:0:0:0:0:0:1']) {
        const { port, hostKey } = six;
        const place = { ...endpoint.place(), host: address, port, hostKey, masterKey: sha256(address) };
        const opened = await host.open(place);
        expect([address, opened.ok ? 'open' : opened.error]).toEqual([address, 'open']);
        if (opened.ok) await opened.value.close();
      }
    } finally {
      await six.stop();
    }
  });

  it.each([
    ['a subsystem that ends at once', '/bin/false'],
    ['no subsystem', null],
  ])('says when the server offers no PowerShell: %s', async (name, subsystem) => {
    const key = await ensureKeyPair(endpoint.identityFile);
    const bare = await startSshd({
      directory: join(endpoint.directory, `bare-${sha256(name).slice(0, 8)}`),
      host: '127.0.0.1',
      subsystem,
      authorizedKeys: [key],
    });
    try {
      const { port, hostKey } = bare;
      // The second session goes over the connection of the first: ssh then ends without a word.
      for (const session of ['first', 'second']) {
        const opened = await host.open({ ...endpoint.place(), port, hostKey, masterKey: sha256(name) });
        expect([session, opened]).toMatchObject([
          session,
          { ok: false, error: { kind: 'refused', code: 'no-powershell' } },
        ]);
      }
    } finally {
      await bare.stop();
    }
  });

  it.each([['-oProxyCommand=touch /tmp/pwned'], ['host name'], ['a;b'], ['$(id)']])(
    'never lets %s near the command line',
    async (name) => {
      expect(await host.open({ ...endpoint.place(), host: name, masterKey: sha256(name) })).toMatchObject({
        ok: false,
        error: { kind: 'refused' },
      });
    },
  );
});

/** A stand-in for ssh that closes its pipes at once and says why a second later, as a busy machine makes the real one look. */
async function openWithLateWords(words: string) {
  const folder = join(endpoint.directory, `late-${sha256(words).slice(0, 8)}`);
  await mkdir(folder);
  const late = `#!/bin/sh\nexec 0<&- 1>&-\nsleep 1\ncat "${folder}/words" >&2\nexit 255\n`;
  await writeFile(join(folder, 'words'), `${words}\n`);
  await writeFile(join(folder, 'ssh'), late, { mode: 0o755 });
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  const own = aHost();
  try {
    return await own.host.open({ ...endpoint.place(), masterKey: sha256(words) });
  } finally {
    process.env.PATH = PATH;
    await own.close();
  }
}

describe('over SSH, when ssh reports the reason late', () => {
  it.each([
    ['Permission denied (publickey).', { kind: 'refused', code: 'sign-in-refused' }],
    ['Host key verification failed.', { kind: 'refused', code: 'host-key-changed' }],
    ['subsystem request failed on channel 0', { kind: 'refused', code: 'no-powershell' }],
    ['Unable to negotiate with 192.0.2.1 port 22: no matching host key type', { kind: 'refused', code: 'ssh-error' }],
    ['kex_exchange_identification: Connection closed by remote host', { kind: 'unreachable' }],
    ['ssh: connect to host pc port 22: No route to host', { kind: 'unreachable' }],
  ])('%s', async (words, error) => {
    expect(await openWithLateWords(words)).toMatchObject({ ok: false, error });
  });
});

describe('over SSH, after something ran', () => {
  it('reports a lost session when the remote process is killed, and it stays lost', async () => {
    const session = await open();
    const pid = await phase(session, '[System.Environment]::ProcessId');
    const running = phase(session, 'Start-Sleep -Seconds 3600');
    setTimeout(() => process.kill(Number(pid.ok && pid.output[0]), 'SIGKILL'), 300);
    expect([await running, await phase(session, '1')]).toMatchObject([
      { ok: false, failure: { kind: 'link-lost' } },
      { ok: false, failure: { kind: 'link-lost' } },
    ]);
  });

  it('reports what is no phase with the log of one', async () => {
    const session = await open();
    const script = { name: 't', text: text('1'), sha256: sha256(text('1')) };
    const broken = session.runPhase({ script, modules: [null as never], parameters: {}, timeoutMs: HANGS_MS });
    expect(await broken).toMatchObject({ ok: false, failure: { kind: 'host-unavailable' }, log: { records: 0 } });
    expect(await phase(session, '1')).toMatchObject({ ok: true, output: [1] });
  });

  it('reports a lost session or a timeout, never success, when the remote process is frozen', async () => {
    const session = await open();
    const answer = await phase(session, '[System.Environment]::ProcessId');
    const pid = Number(answer.ok && answer.output[0]);
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await phase(session, "'done'", 1000)).toMatchObject({ ok: false, failure: { kind: 'timed-out' } });
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  it.each(['at its deadline', 'on request'])(
    'ends a phase that ignores every stop %s, its process on the target and all that it started',
    async (how) => {
      const session = await open();
      const at = join(endpoint.directory, `child-${sha256(how).slice(0, 8)}`);
      const aborter = new AbortController();
      const body = `$child = [Diagnostics.Process]::Start('/bin/sleep', '3600')
        [IO.File]::WriteAllText('${at}', "$([System.Environment]::ProcessId) $($child.Id)")
        while ($true) { [Threading.Thread]::Sleep(3600000) }`;
      const byDeadline = how === 'at its deadline';
      const running = phase(session, body, byDeadline ? 5000 : HANGS_MS, aborter.signal);
      await until('it runs', () => existsSync(at) && readFileSync(at, 'utf8').includes(' '));
      if (!byDeadline) aborter.abort();
      expect(await running).toMatchObject({ ok: false, failure: { kind: byDeadline ? 'timed-out' : 'cancelled' } });
      const pids = readFileSync(at, 'utf8').split(' ').map(Number);
      await session.close();
      await until('both have ended', () => pids.every((pid) => !isAlive(pid)));
      expect(await phase(await open(), "'on'")).toMatchObject({ ok: true, output: ['on'] });
    },
  );

  it('leaves no process of a closed session running', async () => {
    const session = await open();
    const answer = await phase(session, '[System.Environment]::ProcessId');
    const pid = Number(answer.ok && answer.output[0]);
    await session.close();
    await until('it has ended', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  });

  it('reuses the connection for the next session of the same target and credential', async () => {
    const count = () =>
      execFileSync('sh', ['-c', `grep -c "Accepted publickey" ${join(endpoint.directory, 'sshd.log')} || true`], {
        encoding: 'utf8',
      }).trim();
    const first = await open();
    const before = count();
    const second = await open();
    expect(count()).toBe(before);
    await first.close();
    await second.close();
  });
});

describe('the place of Plan', () => {
  const plan = async (body: string) => {
    const opened = await host.open({ kind: 'plan' });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const result = await phase(opened.value, body);
    await opened.value.close();
    return result;
  };

  it('computes', async () => {
    expect(
      await plan(
        "foreach ($i in 1..2) { [ordered]@{ n = $i; same = [string]::Equals('a', 'A', 'OrdinalIgnoreCase') } }",
      ),
    ).toMatchObject({
      ok: true,
      output: [
        { n: 1, same: true },
        { n: 2, same: true },
      ],
    });
  });

  it.each([
    ['a file', "[IO.File]::ReadAllText('/etc/hostname')"],
    ['the environment', '[Environment]::MachineName; [System.Environment]::GetEnvironmentVariables()'],
    ['a program', "& '/bin/id'"],
    ['a command', "Get-Item -LiteralPath '/'"],
    ['the network', "[Net.Dns]::GetHostEntry('localhost')"],
    ['another language mode', "$ExecutionContext.SessionState.LanguageMode = 'FullLanguage'"],
    ['its own text', "[scriptblock]::Create('1')"],
    ['the pipeline of the host', '[powershell]::Create()'],
  ])('refuses %s', async (_, body) => {
    expect(await plan(body)).toMatchObject({ ok: false, failure: { kind: 'reported' } });
  });
});
