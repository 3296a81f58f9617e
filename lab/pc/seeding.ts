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
