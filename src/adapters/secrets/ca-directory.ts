import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { sha256 } from '../../domain/digest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from '../../platform/own-files.js';
import { readOwnFile, SECRET_BYTES } from '../../platform/read-own-file.js';
import type { CredentialFailure } from '../../ports/credentials.js';

/** A folder below the runtime directory that holds exactly the certificate of this fingerprint, found among some PEM files. */
export async function caDirectory(
  runtimeDirectory: string,
  trustedCas: readonly string[],
  fingerprint: string,
): Promise<Result<string, CredentialFailure>> {
  for (const path of trustedCas) {
    const certificate = await readCertificate(path);
    if (certificate === undefined || sha256(certificate.raw) !== fingerprint) continue;
    const directory = join(runtimeDirectory, 'ca', fingerprint);
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
