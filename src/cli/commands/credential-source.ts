import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CredentialEntry } from '../../installation/credentials.js';
import { Refusal } from '../api/refusal.js';
import { readStdinBytes, usage } from '../terminal.js';

/** Where a new secret is, and whose. */
export interface SourceOptions {
  readonly key?: string;
  readonly generateKey?: boolean;
  readonly keytab?: string;
  readonly passwordFile?: string;
  readonly passwordStdin?: boolean;
  readonly passwordEnv?: string;
  readonly user?: string;
  readonly principal?: string;
  readonly simpleBind?: boolean;
  readonly ntlm?: boolean;
  readonly basic?: boolean;
  readonly certificate?: string;
}

/** What an entry says of its secret, and the public half of a key that was made. */
export interface Source {
  readonly members: Pick<
    CredentialEntry,
    'reference' | 'userName' | 'simpleBind' | 'ntlm' | 'basic' | 'certificate' | 'principal' | 'secret'
  >;
  readonly publicKey?: string;
}

const load = () => import('../../installation/credentials.js');
const SOURCES = '--key, --generate-key, --keytab, --password-file, --password-stdin and --password-env';

/** The secret of an entry, which is written first where the command makes it. @throws CommanderError (usage), Refusal */
export async function sourceOf(
  name: string,
  options: SourceOptions,
  old: CredentialEntry | undefined,
): Promise<Source> {
  const { key, generateKey, keytab, passwordFile, passwordStdin, passwordEnv } = options;
  const sources = [key, generateKey, keytab, passwordFile, passwordStdin, passwordEnv];
  if (sources.filter((one) => one !== undefined).length !== 1) throw usage(`Name the secret with one of ${SOURCES}.`);
  if (key !== undefined || generateKey === true) return keySource(name, options);
  if (keytab !== undefined) return keytabSource(keytab, options, old);
  const whose = accountOf(options, old);
  if (passwordEnv !== undefined) return { members: { reference: `secret://env/${passwordEnv}`, ...whose } };
  const path =
    passwordStdin === true ? (await load()).writeSecret(name, await readPassword()) : resolve(passwordFile ?? '');
  return { members: { reference: `secret://file${path}`, ...whose } };
}

async function keySource(name: string, options: SourceOptions): Promise<Source> {
  const { key, user, principal, certificate } = options;
  if (user !== undefined || howOf(options).length > 0)
    throw usage('--user belongs to a password. The account of an SSH key is that of the target.');
  if (principal !== undefined) throw usage('--principal belongs to a keytab or a password, not to an SSH key.');
  if (certificate !== undefined && key === undefined)
    throw usage('Name the private key of the certificate: --key <file>.');
  const of = certificate === undefined ? {} : { certificate: resolve(certificate) };
  if (key !== undefined) return { members: { reference: `secret://file${resolve(key)}`, ...of } };
  const made = await (await load()).generateKey(name);
  return { members: { reference: `secret://file${made.path}` }, publicKey: made.publicKey };
}

async function keytabSource(keytab: string, options: SourceOptions, old: CredentialEntry | undefined): Promise<Source> {
  const { user, principal } = options;
  if (user !== undefined || howOf(options).length > 0)
    throw usage(
      '--user, --simple-bind, --ntlm and --basic belong to a password. A keytab is for Kerberos: name --principal.',
    );
  const path = resolve(keytab);
  const whose = principal ?? old?.principal ?? (await onlyPrincipal(path));
  if (whose === undefined) throw usage('Add --principal: the account of the keytab, such as svc-fixpoint@EXAMPLE.ORG.');
  return { members: { reference: `secret://file${path}`, principal: whose } };
}

/** The one account that a keytab is of; undefined where there are more, or where it cannot be read: the check says why. */
async function onlyPrincipal(path: string): Promise<string | undefined> {
  const { principalsOf } = await load();
  try {
    const [first, ...more] = principalsOf(readFileSync(path)) ?? [];
    return more.length === 0 ? first : undefined;
  } catch {
    return undefined;
  }
}

/** What may be done with a password besides Kerberos: each is allowed by an option of its own. */
const HOW = ['simpleBind', 'ntlm', 'basic'] as const;
const howOf = (given: Pick<SourceOptions, (typeof HOW)[number]>) => HOW.filter((how) => given[how] === true);

/** Whose password it is, and how it may be used: with Kerberos and NTLM it stays here, with a simple bind and Basic it is sent. */
function accountOf(options: SourceOptions, old: CredentialEntry | undefined) {
  const { user, principal, certificate } = options;
  if (certificate !== undefined) throw usage('--certificate belongs to --key.');
  const how = howOf(options);
  if (user !== undefined && principal !== undefined) throw usage('Choose --user or --principal.');
  const whose = principal ?? (user === undefined ? old?.principal : undefined);
  if (whose !== undefined) {
    if (how.length > 0) throw usage('--simple-bind, --ntlm and --basic belong to --user: Kerberos needs none of them.');
    return { principal: whose, secret: 'password' as const };
  }
  const userName = user ?? old?.userName;
  if (userName === undefined)
    throw usage('Add --principal: the account that the password belongs to. Or --user, where it is to be sent.');
  const allowed = how.length > 0 ? how : howOf(old ?? {});
  if (allowed.length === 0)
    throw new Refusal({
      code: 'simple-bind-refused',
      title: 'With --user the password is sent to the directory server (simple bind), and nobody allowed that.',
      detail:
        'Use Kerberos, which never sends it: --principal instead of --user. Or add --simple-bind; for WinRM --ntlm or --basic. Nothing was written.',
    });
  return { userName, ...Object.fromEntries(allowed.map((one) => [one, true])) };
}

async function readPassword(): Promise<string> {
  const password = (await load()).passwordIn(readStdinBytes());
  if (!password.ok) throw usage(`No password was read: standard input ${password.error}.`);
  return password.value;
}
