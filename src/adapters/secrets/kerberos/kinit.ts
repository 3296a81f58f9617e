import { spawn } from 'node:child_process';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { KerberosFailureKind } from '../../../ports/credentials.js';

/** How an identity proves itself to the KDC. */
export type KerberosSecret =
  { readonly kind: 'keytab'; readonly path: string } | { readonly kind: 'password'; readonly password: string };

export interface KerberosFailure {
  readonly kind: KerberosFailureKind;
  readonly why: string;
}

export interface TicketRequest {
  readonly principal: string;
  readonly secret: KerberosSecret;
  /** The file that gets the ticket. */
  readonly cache: string;
  readonly config: string;
  /** Where programs are. */
  readonly searchPath: string | undefined;
}

/** A KDC that is silent is asked again by kinit itself; together it may not take longer. */
const WITHIN_MS = 30_000;

/** Gets a ticket from the KDC. A password goes to standard input: it is neither an argument nor in the environment. */
export function kinit(request: TicketRequest): Promise<Result<undefined, KerberosFailure>> {
  const { principal, secret, cache, config, searchPath } = request;
  const words = [...(secret.kind === 'keytab' ? ['-k', '-t', `FILE:${secret.path}`] : []), '-c', `FILE:${cache}`];
  const child = spawn('kinit', [...words, principal], {
    env: { PATH: searchPath ?? '/usr/bin:/bin', LC_ALL: 'C', KRB5_CONFIG: config },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4096)));
  // It may end before it has read anything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(secret.kind === 'password' ? `${secret.password}\n` : '');
  return new Promise((resolve) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      clearTimeout(late);
      const why = code === 'ENOENT' ? 'kinit is not installed: install krb5-user' : `kinit: ${message}`;
      resolve(fail({ kind: 'kerberos-missing', why }));
    });
    child.once('close', (code, signal) => {
      clearTimeout(late);
      if (code === 0) resolve(ok(undefined));
      else if (signal !== null)
        resolve(fail({ kind: 'kdc-unreachable', why: `no KDC answered within ${WITHIN_MS / 1000} s` }));
      else resolve(fail(failureOf(said, request)));
    });
  });
}

/** What kinit says in the language C, and what it means. */
export function failureOf(
  said: string,
  { principal, secret }: Pick<TicketRequest, 'principal' | 'secret'>,
): KerberosFailure {
  const [, realm = ''] = principal.split('@');
  const refused = (why: string): KerberosFailure => ({ kind: 'kerberos-refused', why });
  if (/Clock skew too great/.test(said))
    return { kind: 'kerberos-skew', why: 'the clocks of this machine and of the KDC differ by too much' };
  if (/Cannot (contact any|find|resolve)/.test(said))
    return { kind: 'kdc-unreachable', why: `no KDC of ${realm} answers at port 88` };
  if (/Preauthentication failed|Password incorrect|Decrypt integrity check failed/.test(said))
    return refused(
      secret.kind === 'keytab'
        ? `the KDC refused the key of ${principal}: its password was changed after the keytab was made, or the keytab has another salt`
        : `the KDC refused the password of ${principal}`,
    );
  if (/not found in Kerberos database/.test(said)) return refused(`${realm} has no account ${principal}`);
  if (/credentials have been revoked/.test(said))
    return refused(`the account ${principal} is disabled, locked or has expired`);
  if (/Password has expired|Password expired|must be changed/i.test(said))
    return refused(`the password of ${principal} has expired, or must be changed`);
  if (/no support for encryption type|no suitable keys|etype/i.test(said))
    return refused(`${principal} has no AES key in the keytab, or is not allowed AES in the directory`);
  const [last = 'kinit failed'] = said.trim().split('\n').slice(-1);
  return refused(last.replace(/^kinit: /, ''));
}
