import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { admissionBytes, admissionMessage, type Admission } from '../../domain/admission.js';
import { fail, ok, type Result } from '../../domain/result.js';
import {
  subjectAdmissionBytes,
  subjectAdmissionMessage,
  type SignedSubjectAdmission,
  type SubjectAdmission,
} from '../../domain/subject-admission.js';
import type { AdmissionSigner, AdmissionVerifier } from '../../ports/admissions.js';
import { grantKidOf, readPrivateKey } from './key-files.js';
import { pinnedKeys, type FindKey, type KeyUse } from './public-keys.js';

/** @throws Error when the file is missing, is readable by others, or holds no private key */
export async function openAdmissionSigner(privatePath: string): Promise<AdmissionSigner> {
  const key = await readPrivateKey(privatePath);
  const signatureOf = (message: Buffer) => sign(null, message, key).toString('base64');
  return {
    kid: grantKidOf(createPublicKey(key)),
    signAdmission: (bytes) => signatureOf(admissionMessage(bytes)),
    signSubjectAdmission: (bytes) => signatureOf(subjectAdmissionMessage(bytes)),
  };
}

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export function openAdmissionVerifier(publicPath: string, use?: KeyUse): AdmissionVerifier {
  const keyOf = pinnedKeys(publicPath, use);
  return {
    verifyAdmission: judgeOf<Admission>(keyOf, admissionMessage, admissionBytes),
    verifySubjectAdmission: judgeOf<SubjectAdmission>(keyOf, subjectAdmissionMessage, subjectAdmissionBytes),
  };
}

/** So many verdicts are kept of each kind: those of a site's runbooks and of the targets that are in use fit. */
const MOST_KEPT = 2000;

type Signed = SignedSubjectAdmission;
type Verdict<Statement> = Result<Statement, { readonly why: string; readonly byRevokedKey?: boolean }>;

/** Judges statements of one kind. The same bytes under the same keys have the same verdict: each job asks for that of its runbook. */
function judgeOf<Statement extends { readonly v: 1; readonly kid: string }>(
  keyOf: FindKey,
  messageOf: (bytes: string) => Buffer,
  bytesOf: (statement: Statement) => string,
): (signed: Signed, seq?: number) => Verdict<Statement> {
  const judge = ({ bytes, signature, kid }: Signed, key: KeyObject): Verdict<Statement> => {
    if (!verify(null, messageOf(bytes), key, Buffer.from(signature, 'base64')))
      return fail({ why: 'the signature of the admission does not verify' });
    const statement = JSON.parse(bytes) as Statement;
    const whole = Number(statement.v) === 1 && bytesOf(statement) === bytes && statement.kid === kid;
    return whole ? ok(statement) : fail({ why: 'the admission has another version or form' });
  };
  const kept = new Map<string, Verdict<Statement>>();
  return (signed, seq) => {
    const { bytes, signature, kid } = signed;
    const key = keyOf(kid, seq);
    if (!key.ok)
      return fail({
        why: `the admission is signed by a key that is ${key.error}`,
        byRevokedKey: key.error === 'revoked',
      });
    const about = `${kid}\0${signature}\0${bytes}`;
    const verdict = kept.get(about) ?? judge(signed, key.value);
    kept.set(about, verdict);
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return verdict;
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
