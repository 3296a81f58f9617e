import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { admissionVoteMessage, type AdmissionFacts } from '../../src/domain/admission-request.js';
import { bundleDigest } from '../../src/domain/bundle.js';
import { sha256 } from '../../src/domain/digest.js';
import { readFolder } from '../../src/adapters/runbook-files/read-folder.js';
import { nowText, signatureOf, type OwnKey } from './keys.js';
import { createPatience } from './patience.js';
import type { Answer, TestProduct } from './product.js';

/** The proof of what somebody asks for or answers, by their own key. */
export function admissionProof(
  key: OwnKey,
  { runbook, ...facts }: Omit<AdmissionFacts, 'about'> & { readonly runbook: string },
  once = { nonce: randomBytes(16).toString('hex'), at: nowText() },
) {
  return {
    kind: 'key',
    kid: key.kid,
    ...once,
    signature: signatureOf(key, admissionVoteMessage({ ...facts, about: runbook }, once)),
  } as const;
}

/** The files of a runbook that needs no module, as they are sent, and their digest. */
export async function filesOf(directory: string, id: string) {
  const { files } = await readFolder(join(directory, id), id);
  const contentDigest = bundleDigest({ files: files.map((file) => ({ ...file, sha256: sha256(file.text) })) });
  return { contentDigest, files: files.map(({ path, text }) => ({ path, text })) };
}

/** What became of a request, however long an engine takes to start: the answer may say that it is not judged yet. */
export async function judged(
  product: TestProduct,
  answer: Answer,
  unjudged: readonly string[] = ['new'],
): Promise<any> {
  const patience = createPatience('a request is judged');
  let { body } = answer;
  while (unjudged.includes(body.status) && !patience.isOver('waits')) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    ({ body } = await product.call('admin', 'GET', `/v1/admissions/${body.id}`));
  }
  return body;
}

/** The content digest of the current version of a runbook; null: there is none. */
export async function currentOf(product: TestProduct, runbook: string): Promise<string | null> {
  const { status, body } = await product.call('admin', 'GET', `/v1/runbooks/${runbook}/files`);
  return status === 200 ? (body.contentDigest as string) : null;
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
  const before = await currentOf(product, runbook);
  const facts = { kind: 'admit', runbook, contentDigest, before, reason: 'x' } as const;
  const asked = await product.call(first.person, 'POST', '/v1/admissions', {
    ...{ kind: 'admit', files, before, reason: 'x', proof: admissionProof(first, { ...facts, decision: 'request' }) },
  });
  const request = await judged(product, asked);
  if (request.status !== 'open') throw new Error(JSON.stringify(request));
  const confirmed = await product.call(second.person, 'POST', `/v1/admissions/${request.id}/decision`, {
    ...{ decision: 'confirm', contentDigest, reason: 'x' },
    proof: admissionProof(second, { ...facts, decision: 'confirm' }),
  });
  const done = await judged(product, confirmed, ['open']);
  if (done.status !== 'done') throw new Error(JSON.stringify(done));
}
