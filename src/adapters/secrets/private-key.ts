import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sha256 } from '../../domain/digest.js';
import { hasMark } from '../../platform/text-file.js';

const NEEDED = 'a private key in the format of OpenSSH or PEM is needed';
const SAVE = 'save it as plain text, with line feeds and one after the last line';
const LOADED_WITHIN_MS = 60_000;
/** Digests of keys that ssh-keygen loaded: starting it again for the same bytes before each session costs more than the rest of a look. */
const loaded = new Set<string>();
const MOST_LOADED = 1000;

/**
 * Why a file cannot be used as the private key of an SSH client that nobody watches; undefined where it can. What looks like a key is
 * loaded by ssh-keygen, which reads keys as ssh does; without ssh-keygen, what ssh may not load is refused.
 */
export async function privateKeyProblem(path: string, bytes: Buffer): Promise<string | undefined> {
  return wordsProblem(bytes.toString('latin1')) ?? (await loadingProblem(path, bytes));
}

async function loadingProblem(path: string, bytes: Buffer): Promise<string | undefined> {
  const digest = sha256(bytes);
  if (loaded.has(digest)) return undefined;
  const why = formProblem(bytes);
  try {
    await promisify(execFile)('ssh-keygen', ['-y', '-P', '', '-f', path], { timeout: LOADED_WITHIN_MS });
    if (loaded.size >= MOST_LOADED) loaded.clear();
    loaded.add(digest);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return why;
    // The last line names the file and says why: Load key "<path>": error in libcrypto
    const [said = ''] = ((error as { readonly stderr?: string }).stderr ?? '').trim().split('\n').slice(-1);
    return why ?? `ssh cannot load its key file: ${said.replace(/^.*": /, '')}`;
  }
}

/** A form of text that keeps some versions of ssh from loading a key. */
function formProblem(bytes: Buffer): string | undefined {
  if (hasMark(bytes)) return `its key file begins with a byte order mark: ${SAVE}`;
  if (bytes.includes('\r')) return `its key file has line ends of Windows (CR LF): ${SAVE}`;
  if (bytes.at(-1) !== 0x0a) return `the last line of its key file has no line end: ${SAVE}`;
  return undefined;
}

function wordsProblem(text: string): string | undefined {
  if (text.trim() === '') return `its key file is empty: ${NEEDED}`;
  if (text.startsWith('PuTTY-User-Key-File'))
    return 'its key file is one of PuTTY: convert it with puttygen <file> -O private-openssh -o <new file>';
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA|BEGIN (SSH2 )?PUBLIC KEY/.test(text))
    return 'its key file holds a public key: name the file of the private key';
  const kind = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text)?.[1];
  if (kind === undefined) return `its key file is not a private key: ${NEEDED}`;
  if (!isEncrypted(kind, text)) return undefined;
  return 'its key file has a passphrase, which nobody is there to enter: remove it with ssh-keygen -p -N "" -f <file>, or use another key';
}

function isEncrypted(kind: string, text: string): boolean {
  if (kind === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  if (kind !== 'OPENSSH PRIVATE KEY') return false;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(body, 'base64');
  // "openssh-key-v1", NUL, then the length and the name of the cipher.
  const from = 'openssh-key-v1\0'.length + 4;
  const length = bytes.length >= from ? bytes.readUInt32BE(from - 4) : 0;
  return bytes.subarray(from, from + length).toString('latin1') !== 'none';
}
