import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { admissionVoteMessage, type AdmissionFacts } from '../../src/domain/admission-request.js';
import { bundleDigest } from '../../src/domain/bundle.js';
import { sha256 } from '../../src/domain/digest.js';
import { readFolder } from '../../src/adapters/runbook-files/read-folder.js';
import { nowText, signatureOf, type OwnKey } from './keys.js';
import type { TestProduct } from './product.js';

/** The proof of what somebody asks for or answers, by their own key. */
export function admissionProof(
  key: OwnKey,
  facts: AdmissionFacts,
  once = { nonce: randomBytes(16).toString('hex'), at: nowText() },
) {
  return {
    kind: 'key',
    kid: key.kid,
    ...once,
    signature: signatureOf(key, admissionVoteMessage(facts, once)),
  } as const;
}

/** The files of a runbook that needs no module, as they are sent, and their digest. */
export async function filesOf(directory: string, id: string) {
  const { files } = await readFolder(join(directory, id), id);
  const contentDigest = bundleDigest({ files: files.map((file) => ({ ...file, sha256: sha256(file.text) })) });
  return { contentDigest, files: files.map(({ path, text }) => ({ path, text })) };
}

/** Two people admit a runbook with their keys. */
export async function admitByKeys(
  product: TestProduct,
  directory: string,
  runbook: string,
  first: OwnKey,
  second: OwnKey,
) {
  const { contentDigest, files } = await filesOf(directory, runbook);
  const facts = { kind: 'admit', runbook, contentDigest, reason: 'x' } as const;
  const asked = await product.call(first.person, 'POST', '/v1/admissions', {
    ...{ kind: 'admit', files, reason: 'x', proof: admissionProof(first, { ...facts, decision: 'request' }) },
  });
  if (asked.body.status !== 'open') throw new Error(JSON.stringify(asked.body));
  const confirmed = await product.call(second.person, 'POST', `/v1/admissions/${asked.body.id}/decision`, {
    ...{ decision: 'confirm', contentDigest, reason: 'x' },
    proof: admissionProof(second, { ...facts, decision: 'confirm' }),
  });
  if (confirmed.body.status !== 'done') throw new Error(JSON.stringify(confirmed.body));
}
