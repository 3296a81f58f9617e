import { createPublicKey, sign, verify } from 'node:crypto';
import { statSync } from 'node:fs';
import { admissionBytes, admissionMessage, type Admission } from '../../domain/admission.js';
import { fail, ok } from '../../domain/result.js';
import type { AdmissionSigner, AdmissionVerifier } from '../../ports/admissions.js';
import { grantKidOf, pinnedKeys, readPrivateKey } from './key-files.js';

/** @throws Error when the file is missing, is readable by others, or holds no private key */
export async function openAdmissionSigner(privatePath: string): Promise<AdmissionSigner> {
  const key = await readPrivateKey(privatePath);
  return {
    kid: grantKidOf(createPublicKey(key)),
    signAdmission: (bytes) => sign(null, admissionMessage(bytes), key).toString('base64'),
  };
}

/** So many verdicts are kept; those of a site's runbooks and their last versions fit. */
const MOST_KEPT = 200;

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export function openAdmissionVerifier(publicPath: string): AdmissionVerifier {
  const known = pinnedKeys(publicPath);
  const judge: AdmissionVerifier['verifyAdmission'] = ({ bytes, signature, kid }) => {
    const key = known.get(kid);
    if (!key) return fail({ why: 'the admission is signed by an unknown or revoked key' });
    if (!verify(null, admissionMessage(bytes), key, Buffer.from(signature, 'base64')))
      return fail({ why: 'the signature of the admission does not verify' });
    const admission = JSON.parse(bytes) as Admission;
    const whole = Number(admission.v) === 1 && admissionBytes(admission) === bytes && admission.kid === kid;
    return whole ? ok(admission) : fail({ why: 'the admission has another version or form' });
  };
  // The same bytes under the same keys have the same verdict: each job asks for that of its runbook.
  const kept = new Map<string, ReturnType<typeof judge>>();
  return {
    verifyAdmission(signed) {
      const { id, bytes, signature, kid } = signed;
      const about = `${kid}\0${signature}\0${bytes}`;
      const verdict = kept.get(about) ?? judge({ id, bytes, signature, kid });
      kept.set(about, verdict);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      return verdict;
    },
  };
}

/** The verifier of a file that may be written, or have a key revoked, while this process runs; undefined while it is not there. */
export function followAdmissionVerifier(publicPath: string): () => AdmissionVerifier | undefined {
  let seen: { readonly stamp: string; readonly verifier: AdmissionVerifier } | undefined;
  return () => {
    const at = statSync(publicPath, { throwIfNoEntry: false });
    if (!at) return undefined;
    const stamp = `${at.ino}/${at.mtimeMs}/${at.size}`;
    if (seen?.stamp !== stamp) seen = { stamp, verifier: openAdmissionVerifier(publicPath) };
    return seen.verifier;
  };
}
