import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../domain/canonical.js';
import { labelledDigest, sha256 } from '../../domain/digest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from '../../platform/own-files.js';
import type { Access, CredentialFailure, Credentials, CredentialUse } from '../../ports/credentials.js';
import type { ValueChecker } from '../../ports/values.js';
import { readCredentialsFile, type CredentialEntry, type CredentialsFile } from './credentials-file.js';
import { privateKeyProblem } from './private-key.js';

export { readCredentialsFile, type CredentialEntry, type CredentialsFile };

export interface SecretsOptions {
  /** The worker's own file; read again at each use, so that a change counts at once. Absent: no credential at all. */
  readonly path: string | undefined;
  /** A 0700 folder of this worker for CA folders. */
  readonly runtimeDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly values: ValueChecker;
}

export function createCredentials(options: SecretsOptions): Credentials {
  return {
    scope: async (target) => {
      const file = await readCredentials(options);
      if (!file.ok) return file;
      const { detect, apply } = target.credentials;
      const entries: Partial<Record<CredentialUse, CredentialEntry>> = {};
      for (const [use, name] of [
        ['detect', detect],
        ['apply', apply],
      ] as const) {
        const entry = entryFor(file.value, target, use, name);
        if (!entry.ok) return entry;
        if (entry.value) entries[use] = entry.value;
      }
      return ok(
        labelledDigest('fixpoint-credential-scope-v1', JSON.parse(canonicalJson({ detect, apply, ...wrap(entries) }))),
      );
    },
    resolve: async (target, use) => {
      const file = await readCredentials(options);
      if (!file.ok) return file;
      const name = target.credentials[use];
      const entry = entryFor(file.value, target, use, name);
      if (!entry.ok) return entry;
      return entry.value ? openSecret(name, entry.value, options.env) : ok<Access>({ kind: 'none' });
    },
    caDirectory: (fingerprint) => caDirectory(options, fingerprint),
  };
}

function wrap(entries: Partial<Record<CredentialUse, CredentialEntry>>) {
  return { entries: { detect: entries.detect ?? null, apply: entries.apply ?? null } };
}

async function readCredentials({
  path,
  values,
}: Pick<SecretsOptions, 'path' | 'values'>): Promise<Result<CredentialsFile, CredentialFailure>> {
  if (path === undefined) return ok({ credentials: {} });
  const read = await readCredentialsFile(path, values);
  return read.ok ? read : fail({ kind: 'credential-unavailable', name: path, why: read.error });
}

/** The entry behind a name, or the reason why it may not be used here. Transport `local` needs none. */
function entryFor(
  file: CredentialsFile,
  target: Target,
  use: CredentialUse,
  name: string,
): Result<CredentialEntry | undefined, CredentialFailure> {
  if (target.transport.type === 'local') return ok(undefined);
  const outside = (why: string) => fail({ kind: 'credential-out-of-scope' as const, name, why });
  const entry = Object.hasOwn(file.credentials, name) ? file.credentials[name] : undefined;
  if (!entry) return outside('this worker knows no credential of that name');
  if (!entry.use.includes(use)) return outside(`it may not be used to ${use}`);
  if (!entry.targets.includes(target.name)) return outside(`it may not be used on ${target.name}`);
  if (!entry.tiers.includes(target.tier)) return outside(`it may not be used on tier ${target.tier}`);
  return ok(entry);
}

/** Why a secret of `secret://env/…` is not there. */
export const VARIABLE_NOT_SET = 'its environment variable is not set';

/** What a name stands for, whatever target it is for: the file is there and closed to others, or the variable is set. */
export async function openSecret(
  name: string,
  entry: CredentialEntry,
  env: NodeJS.ProcessEnv,
): Promise<Result<Access, CredentialFailure>> {
  const unavailable = (why: string) => fail({ kind: 'credential-unavailable' as const, name, why });
  const file = /^secret:\/\/file(\/.+)$/.exec(entry.reference)?.[1];
  const variable = /^secret:\/\/env\/([A-Z_][A-Z0-9_]*)$/.exec(entry.reference)?.[1];
  if (file !== undefined) {
    const secret = await readSecret(file);
    if (!secret.ok) return unavailable(secret.error);
    if (entry.userName !== undefined) {
      const password = secret.value.replace(/\r?\n$/, '');
      if (password === '') return unavailable('its file is empty');
      return ok({ kind: 'password', userName: entry.userName, password });
    }
    const problem = privateKeyProblem(secret.value);
    if (problem !== undefined) return unavailable(problem);
    // ssh puts environment variables there, and has no way to write the two characters.
    if (file.includes('${')) return unavailable('the path of its key file has "${" in it: move the file');
    return ok({ kind: 'ssh', identityFile: file });
  }
  if (variable !== undefined && entry.userName !== undefined) {
    const password = env[variable];
    if (password === undefined || password === '') return unavailable(VARIABLE_NOT_SET);
    return ok({ kind: 'password', userName: entry.userName, password });
  }
  return unavailable('its reference is neither secret://file/… nor secret://env/… with a user name');
}

/** A secret's file, or why it cannot be used. */
async function readSecret(path: string): Promise<Result<string, string>> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return fail('it is a folder: name the file in it');
    if (!found.isFile()) return fail('it is not a file');
    const { mode } = found;
    if ((mode & 0o077) !== 0) return fail('its file is readable by others: chmod 600 it');
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail('its file is missing');
    return fail(`its file cannot be read: ${message}`);
  }
}

async function caDirectory(options: SecretsOptions, fingerprint: string): Promise<Result<string, CredentialFailure>> {
  const file = await readCredentials(options);
  if (!file.ok) return file;
  for (const path of file.value.trustedCas ?? []) {
    const pem = await readFile(path, 'utf8').catch(() => '');
    if (pem === '' || sha256(new X509Certificate(pem).raw) !== fingerprint) continue;
    const directory = join(options.runtimeDirectory, 'ca', fingerprint);
    ensureFolder(directory, PRIVATE_FOLDER);
    writeWhole(join(directory, 'ca.pem'), new X509Certificate(pem).toString(), PRIVATE_FILE);
    return ok(directory);
  }
  const why = 'no certificate in trustedCas of the credentials file has this fingerprint';
  return fail({ kind: 'credential-unavailable', name: `ca ${fingerprint}`, why });
}
