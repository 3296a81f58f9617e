import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { openAdmissionSigner } from '../../src/adapters/keys/index.js';
import { admissionBytes, admissionWindow, type Admission } from '../../src/domain/admission.js';
import { utcText } from '../../src/domain/time.js';

/** Admits a stored version as the authority of this home would in development mode, with members of the admission instead. */
export async function admitStored(
  database: Pick<pg.Client, 'query'>,
  home: string,
  runbook: Admission['runbook'],
  members: Partial<Admission> = {},
): Promise<string> {
  const signer = await openAdmissionSigner(join(home, 'keys', 'grant.pem'));
  const { from, to } = admissionWindow(new Date());
  const admission: Admission = {
    v: 1,
    id: randomUUID(),
    runbook,
    engineSha256: '0'.repeat(64),
    gate: 'passed',
    by: { how: 'development', account: 'test' },
    before: null,
    notBefore: utcText(from),
    notAfter: utcText(to),
    kid: signer.kid,
    ...members,
  };
  const bytes = admissionBytes(admission);
  await database.query(
    'INSERT INTO admissions (id, runbook_id, content_digest, bytes, signature, kid) VALUES ($1, $2, $3, $4, $5, $6)',
    [admission.id, runbook.id, runbook.contentSha256, bytes, signer.signAdmission(bytes), signer.kid],
  );
  return admission.id;
}
