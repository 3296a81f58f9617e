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
}

/** What an entry says of its secret, and the public half of a key that was made. */
export interface Source {
  readonly members: Pick<CredentialEntry, 'reference' | 'userName' | 'simpleBind' | 'principal' | 'secret'>;
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

async function keySource(name: string, { key, user, principal, simpleBind }: SourceOptions): Promise<Source> {
  if (user !== undefined || simpleBind === true)
    throw usage('--user belongs to a password. The account of an SSH key is that of the target.');
  if (principal !== undefined) throw usage('--principal belongs to a keytab or a password, not to an SSH key.');
  if (key !== undefined) return { members: { reference: `secret://file${resolve(key)}` } };
  const made = await (await load()).generateKey(name);
  return { members: { reference: `secret://file${made.path}` }, publicKey: made.publicKey };
}

async function keytabSource(
  keytab: string,
  { user, principal = undefined, simpleBind }: SourceOptions,
  old: CredentialEntry | undefined,
): Promise<Source> {
  if (user !== undefined || simpleBind === true)
    throw usage(
      '--user and --simple-bind belong to a password that is sent. Nothing of a keytab is: name --principal.',
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

/** Whose password it is, and how it may be used: for Kerberos it stays here, for a simple bind it is sent. */
function accountOf({ user, principal, simpleBind }: SourceOptions, old: CredentialEntry | undefined) {
  if (user !== undefined && principal !== undefined) throw usage('Choose --user or --principal.');
  const whose = principal ?? (user === undefined ? old?.principal : undefined);
  if (whose !== undefined) {
    if (simpleBind === true) throw usage('--simple-bind belongs to --user: Kerberos sends no password.');
    return { principal: whose, secret: 'password' as const };
  }
  const userName = user ?? old?.userName;
  if (userName === undefined)
    throw usage('Add --principal: the account that the password belongs to. Or --user, where it is to be sent.');
  if (simpleBind !== true && old?.simpleBind !== true)
    throw new Refusal({
      code: 'simple-bind-refused',
      title: 'With --user the password is sent to the directory server (simple bind), and nobody allowed that.',
      detail:
        'Use Kerberos, which never sends it: --principal instead of --user. Or add --simple-bind. Nothing was written.',
    });
  return { userName, simpleBind: true };
}

async function readPassword(): Promise<string> {
  const password = (await load()).passwordIn(readStdinBytes());
  if (!password.ok) throw usage(`No password was read: standard input ${password.error}.`);
  return password.value;
}
