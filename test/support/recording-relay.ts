import { connect, createServer, type Server, type Socket } from 'node:net';

export interface RecordingRelay {
  /** How many connections were made to this port since the last `forget`. */
  connections(port: number): number;
  /** Everything that clients sent, and what they were sent. */
  bytes(): Buffer;
  forget(): void;
  close(): Promise<void>;
}

/** Between clients and a server, at an address of its own: some ports are passed on, and every byte is kept. */
export async function startRecordingRelay(at: string, to: string, ports: readonly number[]): Promise<RecordingRelay> {
  const sockets = new Set<Socket>();
  let kept: Buffer[] = [];
  const counts = new Map<number, number>();
  const servers: Server[] = [];
  for (const port of ports) {
    const server = createServer((near) => {
      counts.set(port, (counts.get(port) ?? 0) + 1);
      const far = connect(port, to);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on('data', (chunk: Buffer) => {
          kept.push(chunk);
          other.write(chunk);
        });
        socket.on('end', () => other.end());
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, at, resolve));
    servers.push(server);
  }
  return {
    connections: (port) => counts.get(port) ?? 0,
    bytes: () => Buffer.concat(kept),
    forget() {
      kept = [];
      counts.clear();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
