import { startCutProxy, type CutProxy } from './cut-proxy.js';
import { makeNetwork, removeLeftoverNetworks, whyNoNetwork } from './network.js';

/** Where a process reaches the database, and the words before its program. */
export interface Way {
  readonly host: string;
  readonly port: number;
  readonly prefix: readonly string[];
}

/** What lies between some parts and the database, and can be cut for each of them alone. */
export interface CuttableWay {
  /** For people: how it is cut. */
  readonly how: string;
  /** Where the server must listen besides loopback, and whom it must let in. */
  readonly listen?: { readonly address: string; readonly subnet: string };
  has(part: string): boolean;
  to(part: string, port: number): Promise<Way>;
  cut(parts: readonly string[], ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A network namespace for each part; where none can be made, a proxy for each, which says so. */
export function cuttableWay(parts: readonly string[]): CuttableWay {
  const why = whyNoNetwork();
  if (why !== undefined) return byProxy(parts, why);
  removeLeftoverNetworks();
  const network = makeNetwork(parts);
  return {
    how: 'the network is cut by namespace: the link of a worker goes down, packets vanish, nobody is told',
    listen: network,
    has: (part) => parts.includes(part),
    to: (part, port) => Promise.resolve({ host: network.address, port, prefix: network.inside(part) }),
    cut: network.cut,
    close: () => Promise.resolve(network.close()),
  };
}

/** A proxy for each part; `why` is told to people. */
export function byProxy(parts: readonly string[], why: string): CuttableWay {
  const proxies = new Map<string, CutProxy>();
  return {
    how: `the network is cut by a proxy that drops nothing and delivers nothing, for want of a namespace (${why})`,
    has: (part) => parts.includes(part),
    async to(part, port) {
      const proxy = await startCutProxy(port);
      proxies.set(part, proxy);
      return { host: '127.0.0.1', port: proxy.port, prefix: [] };
    },
    async cut(whom, ms) {
      await Promise.all([...proxies].map(([part, proxy]) => (whom.includes(part) ? proxy.cut(ms) : Promise.resolve())));
    },
    async close() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}
