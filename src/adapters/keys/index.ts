import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from '../../domain/digest.js';
import { grantBytes, grantMessage, type Grant } from '../../domain/grant.js';
import { fail, ok } from '../../domain/result.js';
import type { GrantSigner, GrantVerifier } from '../../ports/grants.js';

/** The public half as the worker pins it. */
export interface PublicKeyFile {
  readonly keys: readonly { readonly kid: string; readonly publicKey: string; readonly revoked?: boolean }[];
}

/** A key id is the first 16 hex digits of the SHA-256 of the public key's DER. */
function kidOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

/**
 * Makes the signing key on first use: the private half at `privatePath` (0600), the public half at `publicPath`. An existing key is
 * left alone; a public half that is not there (a start that was killed between the two) is written from the private one.
 */
export async function ensureGrantKey(privatePath: string, publicPath: string): Promise<void> {
  await mkdir(dirname(privatePath), { recursive: true, mode: 0o700 });
  await mkdir(dirname(publicPath), { recursive: true });
  if (!existsSync(privatePath)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeOnce(privatePath, pem.toString(), 0o600);
  }
  if (existsSync(publicPath)) return;
  const publicKey = createPublicKey(createPrivateKey(await readFile(privatePath)));
  const body: PublicKeyFile = {
    keys: [{ kid: kidOf(publicKey), publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }],
  };
  await writeOnce(publicPath, `${JSON.stringify(body, null, 2)}\n`, 0o644);
}

/** The whole file or none, on disk; of several writers the first wins. */
async function writeOnce(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text, { mode, flag: 'wx', flush: true });
  try {
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh);
  }
}

/** @throws Error when the file is missing, is readable by others, or holds no Ed25519 key. */
export async function openGrantSigner(privatePath: string): Promise<GrantSigner> {
  const { mode } = await stat(privatePath);
  if ((mode & 0o077) !== 0) throw new Error(`${privatePath} is readable by others: chmod 600 it`);
  const key = createPrivateKey(await readFile(privatePath));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${privatePath} holds no Ed25519 key`);
  return {
    kid: kidOf(createPublicKey(key)),
    sign: (bytes) => sign(null, grantMessage(bytes), key).toString('base64'),
  };
}

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export async function openGrantVerifier(publicPath: string): Promise<GrantVerifier> {
  const { keys } = JSON.parse(await readFile(publicPath, 'utf8')) as PublicKeyFile;
  const known = new Map(
    keys.filter(({ revoked }) => revoked !== true).map((key) => [key.kid, createPublicKey(key.publicKey)]),
  );
  return {
    verify(signed) {
      const key = known.get(signed.kid);
      if (!key) return fail({ kind: 'grant-invalid', why: 'signed by an unknown or revoked key' });
      const signature = Buffer.from(signed.signature, 'base64');
      if (!verify(null, grantMessage(signed.bytes), key, signature)) {
        return fail({ kind: 'grant-invalid', why: 'the signature does not verify' });
      }
      const grant = JSON.parse(signed.bytes) as Grant;
      const whole = grant.v === 1 && grantBytes(grant) === signed.bytes && grant.kid === signed.kid;
      return whole ? ok(grant) : fail({ kind: 'grant-invalid', why: 'the grant has another version or form' });
    },
  };
}
