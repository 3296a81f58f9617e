import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../../domain/canonical.js';
import { labelledDigest, sha256 } from '../../domain/digest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from '../../platform/own-files.js';
import { readOwnBytes, readOwnFile, SECRET_BYTES, UnfitFile } from '../../platform/read-own-file.js';
import { decodeText, hasMark, NotText } from '../../platform/text-file.js';
import type { Access, CredentialFailure, Credentials, CredentialUse } from '../../ports/credentials.js';
import type { ValueChecker } from '../../ports/values.js';
import {
  credentialPlaces,
  readCredentialsFile,
  type CredentialEntry,
  type CredentialsFile,
} from './credentials-file.js';
import { privateKeyProblem } from './private-key.js';

export { credentialPlaces, readCredentialsFile, type CredentialEntry, type CredentialsFile };

export interface SecretsOptions {
  /** The worker's own file; read again at each use, so that a change counts at once. Absent: no credential at all. */
  readonly path: string | undefined;
  /** A 0700 folder of this worker for CA folders. */
  readonly runtimeDirectory: string;
  /** For `secret://env/…`. Absent: no secret comes from the environment, as in production. */
  readonly env: NodeJS.ProcessEnv | undefined;
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

/** What a plan was made with: the secrets, and as whom. On which other targets a name may be used besides changes no plan. */
function wrap(entries: Partial<Record<CredentialUse, CredentialEntry>>) {
  const used = (entry: CredentialEntry | undefined) =>
    entry === undefined ? null : { reference: entry.reference, userName: entry.userName ?? null };
  return { entries: { detect: used(entries.detect), apply: used(entries.apply) } };
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

/** Why a secret of `secret://env/…` is refused. */
const FILES_ALONE = 'in production a secret comes from a file: use secret://file/…';
/** Why a secret of `secret://env/…` is not there. */
export const VARIABLE_NOT_SET = 'its environment variable is not set';

/** What a name stands for, whatever target it is for: the file is there and closed to others, or the variable is set. */
export async function openSecret(
  name: string,
  entry: CredentialEntry,
  env: NodeJS.ProcessEnv | undefined,
): Promise<Result<Access, CredentialFailure>> {
  const unavailable = (why: string) => fail({ kind: 'credential-unavailable' as const, name, why });
  const file = /^secret:\/\/file(\/.+)$/.exec(entry.reference)?.[1];
  const variable = /^secret:\/\/env\/([A-Z_][A-Z0-9_]*)$/.exec(entry.reference)?.[1];
  if (file !== undefined) {
    const secret = await readSecret(file);
    if (!secret.ok) return unavailable(secret.error);
    if (entry.userName !== undefined) {
      const password = passwordIn(secret.value);
      return password.ok
        ? ok({ kind: 'password', userName: entry.userName, password: password.value })
        : unavailable(`its file ${password.error}`);
    }
    const problem = await privateKeyProblem(file, secret.value);
    if (problem !== undefined) return unavailable(problem);
    // ssh puts environment variables there, and has no way to write the two characters.
    if (file.includes('${')) return unavailable('the path of its key file has "${" in it: move the file');
    return ok({ kind: 'ssh', identityFile: file });
  }
  if (variable !== undefined && entry.userName !== undefined) {
    if (env === undefined) return unavailable(FILES_ALONE);
    const password = env[variable];
    if (password === undefined || password === '') return unavailable(VARIABLE_NOT_SET);
    return ok({ kind: 'password', userName: entry.userName, password });
  }
  return unavailable('its reference is neither secret://file/… nor secret://env/… with a user name');
}

/** The password that a file or a standard input holds, without the end of its line; or why it holds none, as a sentence ends. */
export function passwordIn(bytes: Buffer): Result<string, string> {
  // It would be part of the password, and nobody sees it.
  if (hasMark(bytes)) return fail('begins with a byte order mark: save it as UTF-8 without one');
  let text: string;
  try {
    text = decodeText(bytes, 'it');
  } catch (error) {
    if (error instanceof NotText) return fail(error.why);
    throw error;
  }
  if (text.includes('\0')) return fail('has NUL characters, as UTF-16 has: save it as UTF-8');
  const password = text.replace(/\r?\n$/, '');
  return password === '' ? fail('is empty') : ok(password);
}

/** A secret's file, or why it cannot be used. */
async function readSecret(path: string): Promise<Result<Buffer, string>> {
  try {
    return ok(await readOwnBytes(path, { most: SECRET_BYTES, closed: true }));
  } catch (error) {
    if (error instanceof UnfitFile) return fail(`its file ${error.why}`);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail('its file is missing');
    return fail(`its file cannot be read: ${message}`);
  }
}

async function caDirectory(options: SecretsOptions, fingerprint: string): Promise<Result<string, CredentialFailure>> {
  const file = await readCredentials(options);
  if (!file.ok) return file;
  for (const path of file.value.trustedCas ?? []) {
    const certificate = await readCertificate(path);
    if (certificate === undefined || sha256(certificate.raw) !== fingerprint) continue;
    const directory = join(options.runtimeDirectory, 'ca', fingerprint);
    ensureFolder(directory, PRIVATE_FOLDER);
    writeWhole(join(directory, 'ca.pem'), certificate.toString(), PRIVATE_FILE);
    return ok(directory);
  }
  const why = 'no certificate in trustedCas of the credentials file has this fingerprint';
  return fail({ kind: 'credential-unavailable', name: `ca ${fingerprint}`, why });
}

/** The certificate of a PEM file; undefined where the file is not there or holds none: the next one may be the authority that is sought. */
async function readCertificate(path: string): Promise<X509Certificate | undefined> {
  try {
    return new X509Certificate(await readOwnFile(path, { most: SECRET_BYTES }));
  } catch {
    return undefined;
  }
}
