import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import type { PowerShellHost } from '../../../../src/ports/powershell-host.js';
import { aHost } from '../../../support/hosts.js';
import { resultIn } from '../../../support/phases.js';
import { aWinRm, type WinRmEndpoint } from '../../../support/winrm.js';

let endpoint: WinRmEndpoint;
let host: PowerShellHost;
let close: () => Promise<void>;

beforeAll(async () => {
  endpoint = await aWinRm();
  ({ host, close } = aHost());
});
afterAll(async () => {
  await close?.();
  await endpoint?.stop();
});

const refused = (code: string) => ({ kind: 'refused', code });
const lost = (code: string) => ({ kind: 'link-lost', detail: expect.stringContaining(code) });
/** What a spoilt answer ends as: the code of a session that does not open; in a phase the outcome is not known, and the code is in the detail. */
const answers = [
  ['clear', 'insecure-transport'],
  ['no-seal-length', 'winrm-error'],
  ['wrong-seal-length', 'winrm-error'],
  ['flipped', 'winrm-error'],
  ['replayed', 'winrm-error'],
  ['reordered', 'winrm-error'],
  ['no-length', 'winrm-error'],
  ['wrong-id', 'winrm-error'],
  ['no-id', 'winrm-error'],
  ['bomb', 'winrm-error'],
  ['deep', 'winrm-error'],
  ['garbage', 'winrm-error'],
  ['not-soap', 'winrm-error'],
  ['lines', 'winrm-error'],
  ['empty', 'winrm-error'],
  ['status-302', 'winrm-error'],
  ['status-403', 'endpoint-denied'],
] as const;

describe('an answer to the opening of a shell, sealed on HTTP', () => {
  // The first answer of a shell has none before it.
  it.each(answers.filter(([mode]) => mode !== 'replayed'))('%s: %s', async (mode, code) => {
    const configurationName = `Hostile.${mode}.Create.1`;
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject(refused(code));
  });

  it.each(['truncated', 'cut', 'status-500'])('%s is a target that may be tried again', async (mode) => {
    const configurationName = `Hostile.${mode}.Create.1`;
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['Missing', refused('endpoint-missing')],
    ['Denied', refused('endpoint-denied')],
    ['Quota', { kind: 'unreachable', code: 'winrm-quota' }],
    ['Hostile.status-503.Create.1', { kind: 'unreachable', code: 'winrm-quota' }],
  ])('the fault of %s', async (configurationName, failure) => {
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject(failure);
  });
});

describe('an answer in a running phase, sealed on HTTP', () => {
  // Opening a session runs four commands; the fifth is the phase. What reads an answer is the same for all: some do.
  const some = ['clear', 'flipped', 'replayed', 'reordered', 'wrong-id', 'bomb', 'status-403'];
  it.each(answers.filter(([mode]) => some.includes(mode)))('%s: %s', async (mode, code) => {
    const configurationName = `Hostile.${mode}.Command.5`;
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject(lost(code));
  });

  it.each(['truncated', 'cut', 'status-500', 'gone'])('%s', async (mode) => {
    const configurationName = `Hostile.${mode}.Command.5`;
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject(lost('link-lost'));
  });

  it('a single one of more bytes than any may have', async () => {
    const configurationName = 'Hostile.oversized.Command.5';
    expect(await resultIn(host, endpoint.place({ configurationName }), '1')).toMatchObject({ kind: 'output-limit' });
  });

  it('401 is answered by signing in once more, once', async () => {
    const configurationName = 'Hostile.signed-out.Command.5';
    expect(await resultIn(host, endpoint.place({ configurationName }), "'done'")).toEqual(['done']);
  });

  it('silence ends with the time of an operation and 30 s', async () => {
    const place = endpoint.place({ configurationName: 'Hostile.silent.Command.5', operationTimeoutMs: 1000 });
    expect(await resultIn(host, place, '1')).toMatchObject(lost('no answer within 31 s'));
  });
});

describe('an answer on TLS', () => {
  it.each([
    ['replayed', 'winrm-error'],
    ['lines', 'winrm-error'],
  ])('%s: %s', async (mode, code) => {
    const configurationName = `Hostile.${mode}.Command.5`;
    expect(await resultIn(host, endpoint.tls({ configurationName }), '1')).toMatchObject(lost(code));
  });
});

describe('a port that is no WinRM', () => {
  async function against(answer: string, place: (port: number) => object): Promise<unknown> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await resultIn(host, place((server.address() as AddressInfo).port) as never, '1');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const plain = (port: number) => endpoint.place({ port });

  it.each([
    ['HTTP that knows no sign-in', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'sign-in-refused'],
    ['an answer without length', 'HTTP/1.1 200 OK\r\n\r\n<html/>', 'winrm-error'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n', 'winrm-error'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'winrm-error'],
    ['a refusal', 'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n', 'sign-in-refused'],
  ])('%s', async (_, answer, code) => {
    expect(await against(answer, plain)).toMatchObject(refused(code));
  });

  it('nothing at all', async () => {
    expect(await against('', plain)).toMatchObject({ kind: 'unreachable' });
  });

  it('no TLS behind a port that should have it', async () => {
    const answer = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
    expect(await against(answer, (port) => endpoint.tls({ port }))).toMatchObject(refused('winrm-error'));
  });

  it('a port that nobody listens on', async () => {
    expect(await resultIn(host, endpoint.place({ port: 1 }), '1')).toMatchObject({ kind: 'unreachable' });
  });
});
