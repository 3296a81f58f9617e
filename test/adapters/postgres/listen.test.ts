import { expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { listen } from '../../../src/adapters/postgres/listen.js';

it('leaves nothing behind of the connections that it could not make', async () => {
  const stopped = new AbortController();
  const most: number[] = [];
  let tried: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (tried = resolve));
  // A server that ends each connection at once, as one that starts or stops does.
  const server = createServer((socket) => {
    most.push(getEventListeners(stopped.signal, 'abort').length);
    socket.destroy();
    if (most.length === 4) tried();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const listening = listen(`postgres://u:p@127.0.0.1:${port}/d`, 'news', () => undefined, stopped.signal);
  await enough;
  stopped.abort();
  await listening;
  await new Promise((resolve) => server.close(resolve));
  expect(Math.max(...most)).toBe(1);
});
