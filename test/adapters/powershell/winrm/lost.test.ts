import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCuttingProxy, type CuttingProxy } from '../../../support/cutting-proxy.js';
import type { PhaseResult, PowerShellHost, Session } from '../../../../src/ports/powershell-host.js';
import { aHost } from '../../../support/hosts.js';
import { HANGS_MS, until } from '../../../support/patience.js';
import { opened, resultIn, runText } from '../../../support/phases.js';
import { isAlive } from '../../../support/processes.js';
import { aWinRm, type WinRmEndpoint } from '../../../support/winrm.js';

let endpoint: WinRmEndpoint;
let host: PowerShellHost;
let close: () => Promise<void>;
let proxy: CuttingProxy;
let number = 0;
const BLOCKED = 'while ($true) { [Threading.Thread]::Sleep(3600000) }';

beforeAll(async () => {
  endpoint = await aWinRm();
  ({ host, close } = aHost());
});
afterEach(() => proxy?.close());
afterAll(async () => {
  await close?.();
  await endpoint?.stop();
});

async function behindProxy() {
  proxy = await startCuttingProxy(endpoint.double.address, endpoint.double.httpPort);
  return endpoint.place({ port: proxy.port });
}

/** Runs a text that first writes the ids of its processes, and waits until it has. */
async function running(
  session: Session,
  body: string,
  signal?: AbortSignal,
): Promise<{ ended: Promise<PhaseResult>; pids: readonly number[] }> {
  const at = join(endpoint.directory, `pids-${(number += 1)}`);
  // A server that ends by itself leaves what it started, here as over SSH; one that is ended takes it along.
  const child =
    body === BLOCKED ? "[Diagnostics.Process]::Start('/bin/sleep', '3600').Id" : '[System.Environment]::ProcessId';
  const text = `$child = ${child}
    [IO.File]::WriteAllText('${at}', "$([System.Environment]::ProcessId) $child.")
    ${body}`;
  const ended = runText(session, text, HANGS_MS, signal);
  await until('it runs', () => existsSync(at) && readFileSync(at, 'utf8').endsWith('.'));
  return { ended, pids: readFileSync(at, 'utf8').replace('.', '').split(' ').map(Number) };
}

describe('over WinRM, a session that is lost in a phase', () => {
  it.each([
    ['a loop', 'while ($true) { $null = 1 }'],
    ['a blocked call', BLOCKED],
  ])('has an outcome that is not known, and what runs is ended over a new connection: %s', async (_, body) => {
    const session = await opened(host, await behindProxy());
    const { ended, pids } = await running(session, body);
    expect(proxy.cut()).toBeGreaterThan(0);
    expect(await ended).toMatchObject({ ok: false, failure: { kind: 'link-lost' } });
    expect(await runText(session, '1')).toMatchObject({ ok: false, failure: { kind: 'link-lost' } });
    await session.close();
    await until('all have ended', () => pids.every((pid) => !isAlive(pid)));
  });

  it('terminates the command first, then deletes the shell', async () => {
    const session = await opened(host, await behindProxy());
    const before = endpoint.double.requests().length;
    const { ended } = await running(session, 'while ($true) { $null = 1 }');
    proxy.cut();
    await ended;
    const [{ shell = '' } = {}] = endpoint.double
      .requests()
      .slice(before)
      .filter(({ verb }) => verb === 'Command');
    const later = () => endpoint.double.requests().filter((one) => one.shell === shell);
    await until('the shell is deleted', () => later().some(({ verb }) => verb === 'Delete'));
    expect(
      later()
        .slice(-2)
        .map(({ verb }) => verb),
    ).toEqual(['Signal', 'Delete']);
    await session.close();
  });

  it('whose target cannot be reached any more is lost all the same, and closes', async () => {
    const session = await opened(host, await behindProxy());
    const { ended, pids } = await running(session, 'while ($true) { $null = 1 }');
    proxy.refuse();
    proxy.cut();
    expect(await ended).toMatchObject({ ok: false, failure: { kind: 'link-lost' } });
    await session.close();
    process.kill(pids[0] ?? 0, 'SIGKILL');
  });

  it('because its server was killed', async () => {
    const session = await opened(host, endpoint.place());
    const { ended, pids } = await running(session, BLOCKED);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect(await ended).toMatchObject({ ok: false, failure: { kind: 'link-lost' } });
    await session.close();
  });
});

describe('over WinRM, a phase that ignores every stop', () => {
  it('is ended on request, with its process on the target and all that it started', async () => {
    const session = await opened(host, endpoint.place());
    const aborter = new AbortController();
    const { ended, pids } = await running(session, BLOCKED, aborter.signal);
    aborter.abort();
    expect(await ended).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    await session.close();
    await until('all have ended', () => pids.every((pid) => !isAlive(pid)));
    expect(await resultIn(host, endpoint.place(), "'on'")).toEqual(['on']);
  });
});

describe('over WinRM, what closes', () => {
  it('is deleted at the target, and leaves no process', async () => {
    const session = await opened(host, endpoint.place());
    const answer = await runText(session, '[System.Environment]::ProcessId');
    await session.close();
    await until('it has ended', () => !isAlive(Number(answer.ok && answer.output[0])));
    expect(endpoint.double.requests().at(-1)).toMatchObject({ verb: 'Delete' });
  });

  it('is deleted when its engine ends', async () => {
    const own = aHost();
    const session = await opened(own.host, endpoint.place());
    const answer = await runText(session, '[System.Environment]::ProcessId');
    await own.close();
    await until('it has ended', () => !isAlive(Number(answer.ok && answer.output[0])));
  });

  it('can be opened and used many times over', async () => {
    const session = await opened(host, endpoint.place());
    for (let i = 0; i < 100; i++)
      expect([i, await runText(session, `${i}`)]).toMatchObject([i, { ok: true, output: [i] }]);
    await session.close();
  });
});
