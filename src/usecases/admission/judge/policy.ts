import { sha256 } from '../../../domain/digest.js';
import type { AdmissionRequest } from '../../../domain/admission-request.js';
import {
  latestAdmission,
  signedAfter,
  subjectAdmissionBytes,
  THE_POLICY,
  type SubjectAdmission,
} from '../../../domain/subject-admission.js';
import { serviceEvent } from '../../facts.js';
import type { Judge, JudgeContext, Refusal } from './context.js';
import { admittingPeople } from './person.js';

/** Who may do what: a policy is put in force by two people. */
export const POLICY_JUDGE: Judge = {
  denies: (_, rights, person) => Promise.resolve(rights.denial({ action: 'admit-policy', person }) !== undefined),
  look: mistakeIn,
  async carryOut(context, request, vote) {
    const mistake = await mistakeIn(context, request);
    if (mistake) return mistake;
    const { newId, signer, subjectAdmissions, verifier } = context;
    const { content = '', contentDigest = '' } = request;
    const stored = await subjectAdmissions.of('policy', THE_POLICY);
    const latest = latestAdmission(stored, 'policy', THE_POLICY, verifier.verifySubjectAdmission);
    if (latest?.request.id === request.id) return undefined;
    const statement: SubjectAdmission = {
      ...{ v: 1, id: newId(), subject: 'policy', subjectId: THE_POLICY, name: THE_POLICY },
      ...{ sha256: contentDigest, before: latest?.sha256 ?? null },
      request: { id: request.id, contentDigest, index: 0, count: 1 },
      ...{ by: admittingPeople(request, vote), signedAt: signedAfter(latest, new Date()), kid: signer.kid },
    };
    const bytes = subjectAdmissionBytes(statement);
    const signed = { id: statement.id, bytes, signature: signer.signSubjectAdmission(bytes), kid: signer.kid };
    const data = {
      ...{ before: statement.before, after: contentDigest, request: request.id },
      ...{ admission: bytes, signature: signed.signature, kid: signed.kid },
    };
    const event = serviceEvent(newId, 'authority', 'policy.admitted', undefined, { data });
    await subjectAdmissions.admitPolicy({ signed, content, event });
    return undefined;
  },
};

async function mistakeIn(
  { readPolicy, people }: JudgeContext,
  { content = '', contentDigest }: AdmissionRequest,
): Promise<Refusal | undefined> {
  if (sha256(content) !== contentDigest)
    return { code: 'version-changed', detail: 'the stored policy is not that of the request' };
  const rights = readPolicy(content);
  if (!rights.ok) return { code: 'policy-unreadable', detail: rights.error };
  const everybody = (await people.read()).all;
  const needed = ['admit-policy', 'read-admissions'] as const;
  const able = everybody.filter((person) => !needed.some((action) => rights.value.denial({ action, person })));
  if (able.length >= 2) return undefined;
  const detail =
    'with this policy fewer than two people could change the policy again (admit-policy and read-admissions)';
  return { code: 'policy-unreadable', detail };
}
