import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createValueChecker } from '../adapters/runbook-files/index.js';
import {
  openSecret,
  readCredentialsFile,
  type CredentialEntry,
  type CredentialsFile,
} from '../adapters/secrets/index.js';
import { homeDirectory } from '../platform/install-root.js';

export type { CredentialEntry };

const run = promisify(execFile);

/** Where the worker's credentials file is: FIXPOINT_CREDENTIALS, or credentials.json in the home. */
export function credentialsPath(): string {
  return process.env.FIXPOINT_CREDENTIALS ?? join(homeDirectory(), 'credentials.json');
}

/** The credentials of this installation, which hold references and no secret; none where there is no file. @throws Error when it cannot be read */
export async function readCredentials(): Promise<CredentialsFile> {
  const path = credentialsPath();
  if (!existsSync(path)) return { credentials: {} };
  const read = await readCredentialsFile(path, createValueChecker());
  if (read.ok) return read.value;
  throw new Error(`${path}: ${read.error}. Nothing was written.`);
}

/** Changes the credentials file, whole or not at all, with mode 0600. @throws Error when the result would not be a valid file */
export async function changeCredentials(
  change: (known: CredentialsFile['credentials']) => Record<string, CredentialEntry>,
): Promise<void> {
  const path = credentialsPath();
  const file = await readCredentials();
  const text = `${JSON.stringify({ ...file, credentials: change(file.credentials) }, null, 2)}\n`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
  await chmod(fresh, 0o600);
  const checked = await readCredentialsFile(fresh, createValueChecker());
  if (!checked.ok) {
    await rm(fresh, { force: true });
    throw new Error(`${checked.error}. Nothing was written.`);
  }
  await rename(fresh, path);
}

/** The file in which the command line keeps a secret that it made or was given: 0600, in a folder of 0700. */
export const secretPath = (name: string): string => join(dirname(credentialsPath()), 'secrets', name);

/** Writes a secret into a file of its own. @throws Error when there is one already: a secret is never overwritten */
export async function writeSecret(name: string, secret: string): Promise<string> {
  const path = await newSecretPath(name);
  await writeFile(path, secret, { mode: 0o600, flag: 'wx' });
  await chmod(path, 0o600);
  return path;
}

/** Makes an Ed25519 key without a passphrase. @returns its path, and the line for authorized_keys */
export async function generateKey(name: string): Promise<{ readonly path: string; readonly publicKey: string }> {
  const path = await newSecretPath(name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `fixpoint-${name}`, '-f', path]);
  await chmod(path, 0o600);
  return { path, publicKey: (await readFile(`${path}.pub`, 'utf8')).trim() };
}

async function newSecretPath(name: string): Promise<string> {
  const path = secretPath(name);
  if (existsSync(path)) throw new Error(`${path} exists already. Use it with --key, or choose another name.`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  return path;
}

/** Why a credential cannot be used on this machine; undefined when it can. The secret itself is read and forgotten. */
export async function credentialProblem(name: string, entry: CredentialEntry): Promise<string | undefined> {
  const opened = await openSecret(name, entry, process.env);
  if (!opened.ok) return opened.error.why;
  return opened.value.kind === 'ssh' ? keyProblem(opened.value.identityFile) : undefined;
}

/** Why a file is no private key that Fixpoint can use; `ssh-keygen -y` derives the public key, which needs one without a passphrase. */
export async function keyProblem(path: string): Promise<string | undefined> {
  try {
    await run('ssh-keygen', ['-y', '-P', '', '-f', path]);
    return undefined;
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: string | number };
    if (code === 'ENOENT') return 'it cannot be checked: ssh-keygen is not installed (package openssh-client)';
    if (/incorrect passphrase/i.test(stderr)) return `${path} has a passphrase: Fixpoint needs a key without one`;
    return `${path} is not a private key in a format that OpenSSH reads`;
  }
}
