import { isIP } from 'node:net';

/** A host without the brackets that an IPv6 address has in a URL. */
export function bareHost(host: string): string {
  return /^\[(.*)\]$/.exec(host)?.[1] ?? host;
}

/** A host as it is written before a port: an IPv6 address stands in brackets. */
export function bracketedHost(host: string): string {
  const bare = bareHost(host);
  return isIP(bare) === 6 ? `[${bare}]` : bare;
}

/** The address of an HTTP server. */
export function httpUrl(host: string, port: number): string {
  return `http://${bracketedHost(host)}:${port}`;
}

/** The address at which this machine reaches a server that listens on `host`: one that listens everywhere is on loopback too. */
export function localUrl(host: string, port: number): string {
  const bare = bareHost(host);
  if (bare === '0.0.0.0') return httpUrl('127.0.0.1', port);
  return httpUrl(/^[0:]+$/.test(bare) ? '::1' : bare, port);
}

/** Whether an IP address is of this machine alone. */
export function isLoopback(address: string): boolean {
  const bare = bareHost(address).replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return isIP(bare) === 6 && /^[0:]*:0*1$/.test(bare);
}

/** Whether a text is the name of a host as it stands in a URL, without a port. */
export function isHostName(text: string): boolean {
  return (
    text.length <= 253 && /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)
  );
}

/** Whether a text is an IP address, or one with the length of a prefix: `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [, address = text, length] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  return bits > 0 && Number(length ?? 0) <= bits;
}
