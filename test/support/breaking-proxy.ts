import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface BreakingProxy {
  readonly port: number;
  /** How many connections it broke. */
  broken(): number;
  close(): Promise<void>;
}

/** Between a client and a server of event streams: each connection breaks 20 bytes after its first event, in the middle of the next. */
export async function startBreakingProxy(to: number): Promise<BreakingProxy> {
  const sockets = new Set<Socket>();
  let broken = 0;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    let received = Buffer.alloc(0);
    let passed = 0;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const body = received.indexOf('\r\n\r\n') + 4;
      const event = body < 4 ? -1 : received.indexOf('\n\n', body);
      const most = event < 0 ? received.length : event + 2 + 20;
      near.write(received.subarray(passed, most));
      passed = Math.min(most, received.length);
      if (received.length <= most) return;
      broken += 1;
      near.end(() => near.destroy());
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    broken: () => broken,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
