import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Connections that are open now. */
  open(): number;
  /** Everything that crossed, either way, since the start. */
  bytes(): Buffer;
  /** Resets connections: all of them, or those on which the server spoke last, which wait for the next request. */
  cut(which?: 'all' | 'idle'): number;
  /** From now on nobody gets through: new connections are reset. */
  refuse(): void;
  close(): Promise<void>;
}

/** Between a worker and a server: it keeps what crosses, and cuts connections when it is told. */
export async function startCuttingProxy(toHost: string, toPort: number, at = '127.0.0.1'): Promise<CuttingProxy> {
  const links = new Map<Socket, { readonly far: Socket; last: 'near' | 'far' }>();
  const kept: Buffer[] = [];
  /** One that is ending its side already keeps its handle for ever, and with it the process, when it is reset. */
  const reset = (socket: Socket) => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());
  let refuses = false;
  const server = createServer((near) => {
    if (refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(toPort, toHost);
    const link: { readonly far: Socket; last: 'near' | 'far' } = { far, last: 'near' };
    links.set(near, link);
    for (const [socket, other, name] of [
      [near, far, 'near'],
      [far, near, 'far'],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('data', (chunk: Buffer) => {
        kept.push(chunk);
        link.last = name;
        other.write(chunk);
      });
      socket.on('end', () => other.end());
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        links.delete(near);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, at, resolve));
  const cut = (which: 'all' | 'idle' = 'all') => {
    const chosen = [...links].filter(([, { last }]) => which === 'all' || last === 'far');
    for (const [near, { far }] of chosen) {
      reset(near);
      reset(far);
    }
    return chosen.length;
  };
  return {
    port: (server.address() as AddressInfo).port,
    open: () => links.size,
    bytes: () => Buffer.concat(kept),
    cut,
    refuse: () => {
      refuses = true;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
