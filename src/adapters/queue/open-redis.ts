import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { bareHost, isLoopback } from '../../platform/address.js';

const ANSWER_MS = 10_000;

/**
 * Whether a Redis answers who does not sign in.
 * @param loopbackToo whether that counts for one that is on loopback alone
 * @throws Error when it does not answer at all
 */
export async function isOpenToOthers(url: string, loopbackToo: boolean): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const host = bareHost(hostname);
  const addresses = await lookup(host, { all: true });
  if (!loopbackToo && addresses.every(({ address }) => isLoopback(address))) return false;
  const to = { host, port: Number(port === '' ? 6379 : port) };
  const secure = protocol === 'rediss:';
  return new Promise((resolve, reject) => {
    const socket = secure ? connectTls({ ...to, ...(isIP(host) === 0 ? { servername: host } : {}) }) : connectPlain(to);
    const end = (result: () => void) => {
      socket.destroy();
      result();
    };
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write('PING\r\n'));
    // A server that wants a password says NOAUTH.
    socket.once('data', (chunk: Buffer) => end(() => resolve(chunk.toString('latin1').startsWith('+PONG'))));
    socket.once('error', (error: Error) => end(() => reject(error)));
    socket.once('close', () => reject(new Error('Redis closed the connection')));
    socket.setTimeout(ANSWER_MS, () => end(() => reject(new Error('Redis does not answer'))));
  });
}
