import { sha256 } from '../../../domain/digest.js';
import type { AdmissionRequest } from '../../../domain/admission-request.js';
import {
  policyChangeDigest,
  policyChangeText,
  readPolicyChange,
  type PolicyChange,
} from '../../../domain/policy-change.js';
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
  async look(context, request) {
    const read = await changeOf(context, request);
    return 'code' in read ? read : undefined;
  },
  async carryOut(context, request, vote) {
    const read = await changeOf(context, request);
    if ('code' in read) return read;
    const { change, latest } = read;
    if (latest?.request.id === request.id) return undefined;
    const { newId, signer, subjectAdmissions } = context;
    const { contentDigest = '' } = request;
    const statement: SubjectAdmission = {
      ...{ v: 1, id: newId(), subject: 'policy', subjectId: THE_POLICY, name: THE_POLICY },
      ...{ sha256: sha256(change.text), before: change.before },
      request: { id: request.id, contentDigest, index: 0, count: 1 },
      ...{ by: admittingPeople(request, vote), signedAt: signedAfter(latest, new Date()), kid: signer.kid },
    };
    const bytes = subjectAdmissionBytes(statement);
    const signed = { id: statement.id, bytes, signature: signer.signSubjectAdmission(bytes), kid: signer.kid };
    const data = {
      ...{ before: statement.before, after: statement.sha256, request: request.id },
      ...{ admission: bytes, signature: signed.signature, kid: signed.kid },
    };
    const event = serviceEvent(newId, 'authority', 'policy.admitted', undefined, { data });
    await subjectAdmissions.admitPolicy({ signed, content: change.text, event });
    return undefined;
  },
};

interface Read {
  readonly change: PolicyChange;
  /** What counts now. */
  readonly latest: SubjectAdmission | undefined;
}

/** The policy of a request over the one that counts now, or why it cannot take its place. */
async function changeOf(context: JudgeContext, request: AdmissionRequest): Promise<Read | Refusal> {
  const { subjectAdmissions, verifier } = context;
  const change = readPolicyChange(request.content);
  if (!change || policyChangeText(change) !== request.content || policyChangeDigest(change) !== request.contentDigest)
    return { code: 'version-changed', detail: 'the stored policy is not that of the request' };
  const stored = await subjectAdmissions.of('policy', THE_POLICY);
  const latest = latestAdmission(stored, 'policy', THE_POLICY, verifier.verifySubjectAdmission);
  if (latest?.request.id !== request.id && change.before !== (latest?.sha256 ?? null))
    return {
      code: 'version-changed',
      detail: 'another policy was admitted after the request: ask again over that one',
    };
  return (await mistakeIn(context, change.text)) ?? { change, latest };
}

async function mistakeIn({ readPolicy, people }: JudgeContext, text: string): Promise<Refusal | undefined> {
  const rights = readPolicy(text);
  if (!rights.ok) return { code: 'policy-unreadable', detail: rights.error };
  const everybody = (await people.read()).all;
  const needed = ['admit-policy', 'read-admissions'] as const;
  const able = everybody.filter((person) => !needed.some((action) => rights.value.denial({ action, person })));
  if (able.length >= 2) return undefined;
  const detail =
    'with this policy fewer than two people could change the policy again (admit-policy and read-admissions)';
  return { code: 'policy-unreadable', detail };
}
