import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readOwnFile, SECRET_BYTES, UnfitFile } from '../../platform/read-own-file.js';

/** Why a certificate (PEM) and this private key cannot sign in together; undefined where they can. Its dates are the target's to judge. */
export async function certificateProblem(path: string, key: Buffer): Promise<string | undefined> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(await readOwnFile(path, { most: SECRET_BYTES }));
  } catch (error) {
    if (error instanceof UnfitFile) return `the file of its certificate ${error.why}`;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'the file of its certificate is missing';
    return 'the file of its certificate holds no certificate in PEM form';
  }
  try {
    return certificate.checkPrivateKey(createPrivateKey(key))
      ? undefined
      : 'its key does not belong to its certificate';
  } catch {
    return 'its key file holds no private key in PEM form without a passphrase';
  }
}
