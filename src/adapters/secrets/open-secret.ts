import { fail, ok, type Result } from '../../domain/result.js';
import { readOwnBytes, SECRET_BYTES, UnfitFile } from '../../platform/read-own-file.js';
import { decodeText, hasMark, NotText } from '../../platform/text-file.js';
import type { CredentialFailure } from '../../ports/credentials.js';
import type { CredentialEntry } from './credentials-file.js';
import { certificateProblem } from './client-certificate.js';
import { keytabProblem, type KerberosSecret } from './kerberos/index.js';
import { privateKeyProblem } from './private-key.js';

/** A secret as it was read; of a keytab and a private key the path. */
export type OpenSecret =
  | { readonly kind: 'ssh'; readonly identityFile: string }
  | { readonly kind: 'password'; readonly userName: string; readonly password: string }
  | { readonly kind: 'certificate'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly kind: 'kerberos'; readonly principal: string; readonly secret: KerberosSecret };

/** Why a secret of `secret://env/…` is refused. */
const FILES_ALONE = 'in production a secret comes from a file: use secret://file/…';
/** Why a secret of `secret://env/…` is not there. */
export const VARIABLE_NOT_SET = 'its environment variable is not set';

/** What a name stands for, whatever target it is for: the file is there and closed to others, or the variable is set. */
export async function openSecret(
  name: string,
  entry: CredentialEntry,
  env: NodeJS.ProcessEnv | undefined,
): Promise<Result<OpenSecret, CredentialFailure>> {
  const unavailable = (why: string) => fail({ kind: 'credential-unavailable' as const, name, why });
  const { principal, userName, certificate } = entry;
  const file = /^secret:\/\/file(\/.+)$/.exec(entry.reference)?.[1];
  const isPassword = principal === undefined ? userName !== undefined : entry.secret === 'password';
  if (isPassword) {
    const password = file === undefined ? variable(entry.reference, env) : await passwordFile(file);
    if (!password.ok) return unavailable(password.error);
    if (principal !== undefined && /[\r\n]/.test(password.value))
      return unavailable('its password has more than one line, and Kerberos takes one');
    return principal === undefined
      ? ok({ kind: 'password', userName: userName ?? '', password: password.value })
      : ok({ kind: 'kerberos', principal, secret: { kind: 'password', password: password.value } });
  }
  if (file === undefined) return unavailable('a private key and a keytab are files: secret://file/…');
  const secret = await readSecret(file);
  if (!secret.ok) return unavailable(secret.error);
  if (principal !== undefined) {
    const problem = keytabProblem(secret.value, principal);
    if (problem !== undefined) return unavailable(problem);
    return ok({ kind: 'kerberos', principal, secret: { kind: 'keytab', path: file } });
  }
  if (certificate !== undefined) {
    const problem = await certificateProblem(certificate, secret.value);
    return problem === undefined
      ? ok({ kind: 'certificate', certificateFile: certificate, keyFile: file })
      : unavailable(problem);
  }
  const problem = await privateKeyProblem(file, secret.value);
  if (problem !== undefined) return unavailable(problem);
  // ssh puts environment variables there, and has no way to write the two characters.
  if (file.includes('${')) return unavailable('the path of its key file has "${" in it: move the file');
  return ok({ kind: 'ssh', identityFile: file });
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

async function passwordFile(path: string): Promise<Result<string, string>> {
  const secret = await readSecret(path);
  if (!secret.ok) return secret;
  const password = passwordIn(secret.value);
  return password.ok ? password : fail(`its file ${password.error}`);
}

function variable(reference: string, env: NodeJS.ProcessEnv | undefined): Result<string, string> {
  const [, name] = /^secret:\/\/env\/([A-Z_][A-Z0-9_]*)$/.exec(reference) ?? [];
  if (name === undefined) return fail('its reference is neither secret://file/… nor secret://env/…');
  if (env === undefined) return fail(FILES_ALONE);
  const password = env[name];
  return password === undefined || password === '' ? fail(VARIABLE_NOT_SET) : ok(password);
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
