import type { Request, RequestHandler } from 'express';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { bareHost, isLoopback } from '../platform/address.js';
import { sendProblem } from './problem.js';

export interface HostNames {
  /** The address or name on which the server listens. */
  readonly host: string;
  /** Names under which people reach it, such as that of a proxy in front of it. */
  readonly names: readonly string[];
}

/**
 * Whether a request names this server in its Host. A page of another site whose name was made to resolve to this machine (DNS
 * rebinding) names that site: an IP address in the Host is none of its own, and neither are `localhost` and the name of the machine.
 * The port is not looked at, because a forwarded one is another. HTTP/1.0 without a Host comes from no browser.
 */
export function namesThisServer({ headers }: Request, { host, names }: HostNames): boolean {
  if (headers.host === undefined) return true;
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(headers.host.toLowerCase())?.[1]?.replace(/\.$/, '') ?? '';
  if (isIP(bareHost(name)) > 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return name !== '' && [host, hostname(), ...names].some((known) => known.toLowerCase().replace(/\.$/, '') === name);
}

/**
 * Refuses requests for another name where it is known under which names the server is reached: names are set, or it listens on loopback
 * alone. Else it answers under any, because nobody knows how its network names it.
 */
export function requireKnownHost(names: HostNames): RequestHandler {
  const known = names.names.length > 0 || names.host === 'localhost' || isLoopback(names.host);
  return (request, response, next) => {
    if (known && !namesThisServer(request, names)) return sendProblem(response, 421, 'host-unknown');
    next();
  };
}
