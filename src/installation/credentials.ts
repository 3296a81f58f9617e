import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createValueChecker } from '../adapters/runbook-files/index.js';
import {
  endsOf,
  openSecret,
  passwordIn,
  principalsOf,
  readCredentialsFile,
  type CredentialEntry,
  type CredentialsFile,
} from '../adapters/secrets/index.js';
import type { Target } from '../domain/target.js';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';
import {
  ensureFolder,
  ensureHome,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  writeOnce,
  writeWhole,
} from '../platform/own-files.js';
import { readOwnFileSync } from '../platform/read-own-file.js';
import { secretsEnvironment } from '../processes/secrets.js';

export { passwordIn, principalsOf };
export type { CredentialEntry, CredentialsFile };

const run = promisify(execFile);

/** Where the worker's credentials file is: FIXPOINT_CREDENTIALS, or credentials.json in the home. */
export function credentialsPath(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_CREDENTIALS) ?? join(homeDirectory(), 'credentials.json');
}

/** The credentials of this installation, which hold references and no secret; none where there is no file. @throws Error when it cannot be read */
export async function readCredentials(): Promise<CredentialsFile> {
  const path = credentialsPath();
  if (!existsSync(path)) return { credentials: {} };
  const read = await readCredentialsFile(path, createValueChecker());
  if (read.ok) return read.value;
  throw new Error(`${path}: ${read.error}. Nothing was written.`);
}

/** The credentials of this machine; undefined where it has no such file, or none that can be read. */
export async function credentialsThere(): Promise<CredentialsFile['credentials'] | undefined> {
  const path = credentialsPath();
  const read = existsSync(path) ? await readCredentialsFile(path, createValueChecker()) : undefined;
  return read?.ok === true ? read.value.credentials : undefined;
}

/** Changes the credentials file, whole or not at all, with mode 0600. @throws Error when the result would not be a valid file */
export async function changeCredentials(
  change: (known: CredentialsFile['credentials']) => Record<string, CredentialEntry>,
): Promise<void> {
  await changeCredentialsFile((file) => ({ ...file, credentials: change(file.credentials) }));
}

/** The same for the whole file: entries and trusted authorities. */
export async function changeCredentialsFile(change: (known: CredentialsFile) => CredentialsFile): Promise<void> {
  const path = credentialsPath();
  const text = `${JSON.stringify(change(await readCredentials()), null, 2)}\n`;
  if (!existsSync(dirname(path))) ensureHome(dirname(path));
  // Checked before it is put in place, by the same rules as the worker's.
  const draft = `${path}.${randomUUID()}`;
  writeWhole(draft, text, PRIVATE_FILE);
  const checked = await readCredentialsFile(draft, createValueChecker());
  if (!checked.ok) {
    rmSync(draft);
    throw new Error(`${checked.error}. Nothing was written.`);
  }
  renameSync(draft, path);
}

/** The file in which the command line keeps a secret that it made or was given: 0600, in a folder of 0700. */
export const secretPath = (name: string): string => join(dirname(credentialsPath()), 'secrets', name);

/** Writes a secret into a file of its own. @throws Error when there is one already: a secret is never overwritten */
export function writeSecret(name: string, secret: string): string {
  const path = newSecretPath(name);
  writeOnce(path, secret, PRIVATE_FILE);
  return path;
}

/** Makes an Ed25519 key without a passphrase. @returns its path, and the line for authorized_keys */
export async function generateKey(name: string): Promise<{ readonly path: string; readonly publicKey: string }> {
  const path = newSecretPath(name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `fixpoint-${name}`, '-f', path]);
  chmodSync(path, PRIVATE_FILE);
  return { path, publicKey: readOwnFileSync(`${path}.pub`).trim() };
}

function newSecretPath(name: string): string {
  const path = secretPath(name);
  if (existsSync(path)) throw new Error(`${path} exists already. Use it with --key, or choose another name.`);
  ensureFolder(dirname(path), PRIVATE_FOLDER);
  return path;
}

/**
 * The entry with the hosts and authorities of some targets among those that it names. A secret that signs in by name gets them; an SSH key
 * is never sent, and gets them where it names some.
 */
export function withEnds(
  entry: CredentialEntry,
  inventory: readonly Target[],
  targets: readonly string[],
): CredentialEntry {
  const isNamed = [entry.userName, entry.principal, entry.certificate].some((account) => account !== undefined);
  const ends = inventory.filter(({ name }) => targets.includes(name)).map(endsOf);
  const together = (known: readonly string[] | undefined, more: readonly string[]) =>
    known === undefined && !isNamed ? [] : [...new Set([...(known ?? []), ...more])];
  const hosts = together(
    entry.hosts,
    ends.flatMap((one) => one.hosts),
  );
  const authorities = together(
    entry.authorities,
    ends.flatMap((one) => one.authorities),
  );
  return {
    ...entry,
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(authorities.length > 0 ? { authorities } : {}),
  };
}

/** Why a credential cannot be used on this machine; undefined when it can. The secret itself is read and forgotten. */
export async function credentialProblem(name: string, entry: CredentialEntry): Promise<string | undefined> {
  const opened = await openSecret(name, entry, secretsEnvironment({ mode: process.env.FIXPOINT_MODE ?? '' }));
  if (!opened.ok) return opened.error.why;
  return opened.value.kind === 'ssh' ? keyProblem(opened.value.identityFile) : undefined;
}

/** What the SSH client itself says of a key that looks like one, such as a file that was cut off. */
async function keyProblem(path: string): Promise<string | undefined> {
  try {
    await run('ssh-keygen', ['-y', '-P', '', '-f', path]);
    return undefined;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    // Without an SSH client nothing is known of the key; doctor and target test name that.
    if (code === 'ENOENT') return undefined;
    return `its key file cannot be read as a key: ${stderr.trim().split('\n')[0] ?? ''}`;
  }
}
