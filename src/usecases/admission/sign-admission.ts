import { admissionBytes, admissionWindow, type Admission, type AdmittedBy } from '../../domain/admission.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { utcText } from '../../domain/time.js';
import type { Admissions, AdmissionSigner } from '../../ports/admissions.js';
import { serviceEvent } from '../facts.js';

export interface AdmissionMaker {
  readonly admissions: Pick<Admissions, 'admit'>;
  readonly signer: AdmissionSigner;
  readonly newId: () => string;
}

/**
 * Signs that this version may run and makes it the current one. The signed bytes stand in the audit log, so that an export can be
 * verified with the public key alone.
 * @param engineSha256 of the engine whose gate refused none of its scripts
 * @param before content digest of the version that was current before
 */
export async function signAdmission(
  { admissions, signer, newId }: AdmissionMaker,
  bundle: RunbookBundle,
  engineSha256: string,
  by: AdmittedBy,
  before: string | null,
): Promise<void> {
  const { from, to } = admissionWindow(new Date());
  const { id: runbook, version } = bundle.manifest;
  const admission: Admission = {
    v: 1,
    id: newId(),
    runbook: { id: runbook, version, contentSha256: bundle.contentDigest },
    engineSha256,
    gate: 'passed',
    by,
    before,
    notBefore: utcText(from),
    notAfter: utcText(to),
    kid: signer.kid,
  };
  const bytes = admissionBytes(admission);
  const signed = { id: admission.id, bytes, signature: signer.signAdmission(bytes), kid: signer.kid };
  const data = {
    ...admission.runbook,
    runbook,
    how: by.how,
    admission: bytes,
    signature: signed.signature,
    kid: signer.kid,
  };
  const { id: _, ...facts } = data;
  await admissions.admit(
    bundle,
    signed,
    serviceEvent(newId, 'authority', 'runbook.admitted', undefined, { data: facts }),
  );
}
