import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { CODES } from '../domain/codes/index.js';
import { kidOf, publicKeyText } from '../domain/person-key.js';
import { fileProblem } from '../platform/file-fault.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../platform/own-files.js';
import { readOwnFileSync, SECRET_BYTES } from '../platform/read-own-file.js';
import { Refusal } from './api/refusal.js';
import { askSecret, usage } from './terminal.js';

/** A person's own key on their machine, opened: it signs and is never shown or sent. */
export interface OwnKey {
  readonly kid: string;
  /** base64 of the DER (SPKI) */
  readonly publicKey: string;
  /** base64 */
  sign(message: Buffer): string;
}

/** Fewest characters of a passphrase. */
const LEAST_PASSPHRASE = 12;

/** `$XDG_CONFIG_HOME/fixpoint/key.pem`; without that variable below `~/.config`. */
export function defaultKeyFile(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_CONFIG_HOME ?? '';
  // By the specification a relative path there is none.
  return join(isAbsolute(given) ? given : join(homedir(), '.config'), 'fixpoint', 'key.pem');
}

/**
 * Makes a key in a file that only its owner reads, encrypted with a passphrase.
 * @throws Refusal when the file exists or the passphrase is too short; CommanderError (usage) where nobody can be asked
 */
export async function makeOwnKey(file: string, passphraseFile: string | undefined): Promise<OwnKey> {
  if (existsSync(file)) throw refused('key-file-exists', file);
  const passphrase = await newPassphrase(passphraseFile);
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  if (!existsSync(dirname(file))) ensureFolder(dirname(file), PRIVATE_FOLDER);
  try {
    writeFileSync(file, pem, { mode: PRIVATE_FILE, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw refused('key-file-exists', file);
    throw usage(fileProblem(file, error) ?? `${file} cannot be written: ${(error as Error).message}`);
  }
  return ownKey(privateKey);
}

/** Opens a key with its passphrase. @throws Refusal when it cannot be opened; CommanderError (usage) where nobody can be asked */
export async function openOwnKey(file: string, passphraseFile: string | undefined): Promise<OwnKey> {
  const pem = readSecret(file);
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY'))
    throw refused('key-unreadable', `${file} holds no key that is encrypted with a passphrase.`);
  const passphrase =
    passphraseFile === undefined
      ? await askSecret(`Passphrase of ${file}: `, 'Name a file with it: --passphrase-file <file>.')
      : passphraseIn(passphraseFile);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, passphrase });
  } catch {
    throw refused('key-unreadable', `${file} does not open with this passphrase.`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw refused('key-unreadable', `${file} holds no Ed25519 key.`);
  return ownKey(key);
}

function ownKey(key: KeyObject): OwnKey {
  const publicKey = publicKeyText(key);
  return { kid: kidOf(publicKey), publicKey, sign: (message) => sign(null, message, key).toString('base64') };
}

async function newPassphrase(file: string | undefined): Promise<string> {
  const otherwise = 'Name a file with it: --passphrase-file <file>.';
  const first = file === undefined ? await askSecret('New passphrase: ', otherwise) : passphraseIn(file);
  if ([...first].length < LEAST_PASSPHRASE) throw refused('passphrase-unfit', 'It has fewer than 12 characters.');
  if (file === undefined && (await askSecret('The same again: ', otherwise)) !== first)
    throw refused('passphrase-unfit', 'The two are not the same.');
  return first;
}

/** The text of the file without the line break at its end. */
const passphraseIn = (file: string): string => readSecret(file).replace(/\r?\n$/, '');

/** @throws Refusal when others may read the file; CommanderError (usage) when it is not there */
function readSecret(file: string): string {
  try {
    return readOwnFileSync(file, { most: SECRET_BYTES, closed: true });
  } catch (error) {
    const problem = fileProblem(file, error);
    if (problem !== undefined) throw usage(problem);
    throw refused('key-unreadable', `${(error as Error).message}.`);
  }
}

function refused(code: 'key-file-exists' | 'key-unreadable' | 'passphrase-unfit', what: string): Refusal {
  return new Refusal({ code, title: CODES[code].en, detail: `${what} ${CODES[code].next.en}` });
}
