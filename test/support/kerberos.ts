import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reserveAddress, addServiceName } from '../../lab/domain/index.js';
import type { DirectoryProduct } from './directory.js';
import { startRecordingRelay, type RecordingRelay } from './recording-relay.js';

/** A way to the domain of a test that is recorded: an address of its own, whose name the domain knows. */
export interface RecordedWay extends RecordingRelay {
  readonly address: string;
}

/** @param isKnown whether Kerberos knows a service of that address */
export async function recordedWay({ domain, lab }: DirectoryProduct, isKnown = true): Promise<RecordedWay> {
  const { address, release } = await reserveAddress();
  if (isKnown) await addServiceName({ ...domain, estate: lab.estate, host: lab.estate.domain.host }, `ldap/${address}`);
  const relay = await startRecordingRelay(address, domain.address, [88, 389, 636, 3268, 3269]);
  const close = async () => {
    await relay.close();
    await release();
  };
  return { ...relay, address, close };
}

/** Changes the credentials file of the product, which is read at each use. */
export function putCredentials(at: DirectoryProduct, entries: Readonly<Record<string, object>>): void {
  const path = join(at.product.home, 'credentials.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly credentials: object };
  writeFileSync(path, JSON.stringify({ ...file, credentials: { ...file.credentials, ...entries } }), { mode: 0o600 });
}

/** The forms in which a secret could cross a wire. */
export function formsOf(secret: string): readonly Buffer[] {
  const text = Buffer.from(secret);
  const wide = Buffer.from(secret, 'utf16le');
  return [text, wide, Buffer.from(text.toString('base64').replace(/=+$/, '')), Buffer.from(text.toString('hex'))];
}

/** A program before the real kinit in PATH that runs it with what the words say. */
export function kinitBefore(folder: string, words: string): void {
  const real = execFileSync('which', ['kinit'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'kinit'), `#!/bin/sh\n${words.replaceAll('KINIT', real)}\n`, { mode: 0o755 });
}
