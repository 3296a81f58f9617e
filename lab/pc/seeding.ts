import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate, type CertificateFacts } from './certificate.js';
import type { Pc } from './index.js';

export interface SeededCertificate extends CertificateFacts {
  /** Key container that the certificate names as its own. */
  readonly container?: string;
}

/** Makes the user's personal store hold exactly these; returns their thumbprints in the same order. */
export async function seedCertificates(pc: Pc, certificates: readonly SeededCertificate[]): Promise<readonly string[]> {
  await pc.hand.ask('clear-certificates');
  return addCertificates(pc, certificates);
}

export async function addCertificates(pc: Pc, certificates: readonly SeededCertificate[]): Promise<readonly string[]> {
  const thumbprints: string[] = [];
  for (const facts of certificates) {
    const { der, thumbprint } = makeCertificate(facts);
    await pc.hand.ask('add-certificate', der.toString('base64'), facts.container ?? '');
    thumbprints.push(thumbprint);
  }
  return thumbprints;
}

/** Thumbprints of the user's personal store, as a process that was just started sees them. */
export async function certificatesOf(pc: Pc): Promise<readonly string[]> {
  const hand = pc.newHand();
  try {
    return [...(await hand.ask('certificates'))].sort();
  } finally {
    await hand.stop();
  }
}

const CRYPTOGRAPHY = ['HKLM', 'SOFTWARE\\Microsoft\\Cryptography', 'MachineGuid'] as const;

export async function machineGuid(pc: Pc): Promise<string | undefined> {
  return (await pc.hand.ask('get-value', ...CRYPTOGRAPHY))[0];
}

export async function setMachineGuid(pc: Pc, value: string): Promise<void> {
  await pc.hand.ask('set-value', ...CRYPTOGRAPHY, value);
}

/** The folder with the users' key folders, as Windows and as this machine names it. */
export async function rsaFolder(pc: Pc): Promise<{ readonly windows: string; readonly path: string }> {
  const [roaming = ''] = await pc.hand.ask('profile');
  const windows = `${roaming}\\Microsoft\\Crypto\\RSA`;
  return { windows, path: join(pc.prefix, 'drive_c', ...windows.split('\\').slice(1)) };
}

/** Makes the key folder of one SID hold exactly these files, all written at the given time. Wine's own keys are elsewhere. */
export async function seedKeyFolder(pc: Pc, sid: string, files: readonly string[], writtenAt: Date): Promise<string> {
  const folder = join((await rsaFolder(pc)).path, sid);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of files) {
    await writeFile(join(folder, name), `not a key: ${name}`);
    await utimes(join(folder, name), writtenAt, writtenAt);
  }
  await utimes(folder, writtenAt, writtenAt);
  return folder;
}
