import type { Request } from 'express';
import { isIP } from 'node:net';

/**
 * The address of whoever sent a request: that of the connection, or what a trusted proxy says in X-Forwarded-For (`trust proxy` of the
 * app). Some proxies write a port behind it; what is no address then is not used.
 */
export function clientAddress(request: Request): string {
  const said = request.ip ?? '';
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(said)?.[1] ?? (/^[\d.]+:\d+$/.test(said) ? said.replace(/:\d+$/, '') : said);
  return isIP(bare) > 0 ? bare : (request.socket.remoteAddress ?? '');
}
