import { connect, createServer, type Socket } from 'node:net';
import { sleep } from './folders.js';

export interface CutProxy {
  readonly port: number;
  /** For so long nothing goes through and nobody is told; then what was held is delivered, as after a network that came back. */
  cut(ms: number): Promise<void>;
  /** As a middle that forgot its connections: on those there are now nothing is heard ever again, new ones go through. */
  forget(): void;
  close(): Promise<void>;
}

/** Between a process and a server on this machine. */
export async function startCutProxy(to: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  const forgotten = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, onto] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => onto.write(chunk));
      from.on('error', () => onto.destroy());
      from.on('close', () => {
        sockets.delete(from);
        onto.destroy();
      });
      if (isCut) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    async cut(ms) {
      isCut = true;
      for (const socket of sockets) socket.pause();
      await sleep(ms);
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    forget() {
      for (const socket of sockets) {
        socket.pause();
        sockets.delete(socket);
        forgotten.add(socket);
      }
    },
    async close() {
      for (const socket of [...sockets, ...forgotten]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
