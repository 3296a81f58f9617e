import { usage } from './terminal.js';

/** `host`, `host:port`, `[IPv6 address]` or `[IPv6 address]:port`. @throws CommanderError (usage) */
export function hostAndPort(text: string, otherwise: number): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]+|[^[\]]*:[^[\]]*:[^[\]]*))(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? otherwise : Number(digits);
  if (host === undefined || !/^[A-Za-z0-9:]/.test(host) || port < 1 || port > 65_535)
    throw usage(`${text} is not a host, or a host and a port such as host:2222 or [2001:db8::1]:2222.`);
  return { host, port };
}
