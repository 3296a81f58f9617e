import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { fingerprintOf, scanHostKeys } from '../../platform/host-key.js';
import { failed, failedBy, ok, type TargetCheck } from './check.js';

/** How long a connection may take. */
export const CONNECT_MS = 10_000;

export async function resolves(host: string): Promise<TargetCheck> {
  try {
    const found = await lookup(host, { all: true });
    return ok('name', `${host} is ${found.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    const why = `${host} is not known (${(error as NodeJS.ErrnoException).code ?? 'no answer'})`;
    return failed('name', why, 'Correct the host of the target, or its entry in the DNS.');
  }
}

export async function listens(host: string, port: number): Promise<TargetCheck> {
  const socket = connect({ host, port, timeout: CONNECT_MS });
  const problem = await connectionProblem(socket, 'connect');
  socket.destroy();
  if (problem === undefined) return ok('port', `${host} port ${port} is open`);
  return failed(
    'port',
    `${host} port ${port}: ${problem}`,
    'Check that the service runs there, the port of the target, and firewalls.',
  );
}

/** Why a socket with the timeout CONNECT_MS did not come to this event; undefined when it did. */
export function connectionProblem(socket: Socket, event: 'connect' | 'secureConnect'): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.once(event, () => resolve(undefined));
    socket.once('timeout', () => resolve(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.message || (error.code ?? 'no answer')));
  });
}

export async function showsKey(host: string, port: number, hostKey: string): Promise<TargetCheck> {
  try {
    const shown = await scanHostKeys(host, port);
    if (shown.includes(hostKey)) return ok('host key', fingerprintOf(hostKey));
    const why = `the inventory has ${fingerprintOf(hostKey)}, the server shows ${shown.map(fingerprintOf).join(', ')}`;
    return failedBy('host key', 'host-key-changed', why);
  } catch (error) {
    return failed('host key', (error as Error).message, 'Check that an SSH server listens at this port.');
  }
}
