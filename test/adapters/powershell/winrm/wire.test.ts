import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { startCuttingProxy, type CuttingProxy } from '../../../support/cutting-proxy.js';
import type { PowerShellHost } from '../../../../src/ports/powershell-host.js';
import type { WinRmPlace } from '../../../../src/ports/winrm-place.js';
import { aHost } from '../../../support/hosts.js';
import { formsOf } from '../../../support/kerberos.js';
import { opened, resultIn, runText } from '../../../support/phases.js';
import { ACCOUNT, aKerberosWinRm, type KerberosWinRm } from '../../../support/winrm.js';

/** What a phase says and gets; neither it nor what is around it may cross in a form that can be read. */
const SECRET = 'fixpoint-never-in-clear';
let endpoint: KerberosWinRm;
let host: PowerShellHost;
let close: () => Promise<void>;
let proxy: CuttingProxy;

beforeAll(async () => {
  endpoint = await aKerberosWinRm('winrm-wire');
  ({ host, close } = aHost());
});
afterEach(() => proxy?.close());
afterAll(async () => {
  await close?.();
  await endpoint?.stop();
});

/** A place behind a proxy that keeps what crosses; Kerberos still proves the double by its own name. */
async function watched(place: WinRmPlace): Promise<WinRmPlace> {
  proxy = await startCuttingProxy(place.host, place.port);
  return { ...place, host: '127.0.0.1', port: proxy.port, spn: `host/${place.host}` };
}

/** Whether each request that the double carried out came to it once. */
function expectNothingTwice(): void {
  const ids = endpoint.double.requests().map(({ messageId }) => messageId);
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
}

it.each(['kerberos', 'ntlm'])('nothing crosses in clear on HTTP, and nothing twice: %s', async (auth) => {
  const place = await watched(auth === 'kerberos' ? await endpoint.kerberos() : endpoint.place());
  const body = `$text = '${SECRET}'; $PSCmdlet.WriteVerbose($text); "$text-$($text.Length)"`;
  expect(await resultIn(host, place, body)).toEqual([`${SECRET}-${SECRET.length}`]);
  const bytes = proxy.bytes();
  expect(bytes.length).toBeGreaterThan(10_000);
  const readable = [SECRET, '<s:Envelope', 'creationXml', 'CommandLine', 'ShellId', '<Obj', ACCOUNT.password];
  for (const text of readable)
    for (const form of formsOf(text)) expect([text, bytes.indexOf(form)]).toEqual([text, -1]);
  // The head of a message, which nothing hides, shows that these are the bytes of one.
  expect(bytes.indexOf('multipart/encrypted')).toBeGreaterThan(0);
  expect(endpoint.double.requests().filter(({ isSealed, isTls }) => !isSealed && !isTls)).toEqual([]);
  expectNothingTwice();
});

it('connections that were cut while nobody used them are replaced, and nothing is sent twice', async () => {
  const session = await opened(host, await watched(await endpoint.kerberos()));
  expect(await runText(session, "'before'")).toMatchObject({ ok: true, output: ['before'] });
  // The one on which the runspace waits for news is in use: it stays.
  expect(proxy.cut('idle')).toBeGreaterThan(0);
  expect(await runText(session, "'after'")).toMatchObject({ ok: true, output: ['after'] });
  await session.close();
  expectNothingTwice();
});

it('a ticket that was renewed meanwhile gets the one of the service again before another connection', async () => {
  const place = await endpoint.kerberos();
  if (place.auth !== 'kerberos') throw new Error('it is reached with Kerberos');
  const { cache, config } = place.credential;
  const session = await opened(host, await watched(place));
  const renewed = `${cache}.renewed`;
  const principal = `svc-read@${endpoint.domain.realm}`;
  const env = { ...process.env, KRB5_CONFIG: config };
  execFileSync('kinit', ['-k', '-t', endpoint.domain.keytabs.reader, '-c', `FILE:${renewed}`, principal], { env });
  renameSync(renewed, cache);
  const tickets = () => execFileSync('klist', ['-c', `FILE:${cache}`], { env, encoding: 'utf8' });
  expect(tickets()).not.toContain('host/');
  const connections = () => new Set(endpoint.double.requests().map(({ connection }) => connection)).size;
  const before = connections();
  // Some wait for output and are not cut: the next command opens another once none is left that rests.
  for (let i = 0; i < 5 && connections() === before; i++) {
    proxy.cut('idle');
    expect(await runText(session, "'after'")).toMatchObject({ ok: true, output: ['after'] });
  }
  expect(connections()).toBeGreaterThan(before);
  expect(tickets()).toContain(`host/${endpoint.double.address}`);
  await session.close();
});

it('a request whose answer was cut off is lost and not sent again', async () => {
  const configurationName = 'Hostile.cut.Command.5';
  const place = await watched(await endpoint.kerberos({ configurationName }));
  expect(await resultIn(host, place, '1')).toMatchObject({ kind: 'link-lost' });
  const commands = endpoint.double
    .requests()
    .filter((request) => request.configuration === configurationName && request.verb === 'Command');
  // What came later is a session of its own, which ends the process.
  expect(commands.filter(({ shell }) => shell === commands[0]?.shell)).toHaveLength(5);
  expectNothingTwice();
});

it('401 in the middle makes one request twice, and it was carried out once', async () => {
  const configurationName = 'Hostile.signed-out.Command.5';
  const place = await watched(await endpoint.kerberos({ configurationName }));
  expect(await resultIn(host, place, "'done'")).toEqual(['done']);
  const commands = endpoint.double
    .requests()
    .filter((request) => request.configuration === configurationName && request.verb === 'Command');
  const [refused] = commands.filter(({ mode }) => mode === 'signed-out');
  const same = commands.filter(({ messageId }) => messageId === refused?.messageId);
  expect(same.map(({ mode }) => mode)).toEqual(['signed-out', '']);
});
