import { sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { GrantedKeyProof } from '../../src/domain/decision-proof.js';
import { approvedRollout, type Grant, type GrantedApproval, type GrantedRollout } from '../../src/domain/grant.js';
import { kidOf, publicKeyText } from '../../src/domain/person-key.js';
import { rolloutDecisionMessage } from '../../src/domain/rollout-decision.js';
import { listProofs, listRoot, type PlanList } from '../../src/domain/rollout-list.js';
import { bothVerdicts } from './both-verifiers.js';
import { approvedEntry, BEFORE_JOBS, entriesOf, eventOf, jobOf, PEOPLE, planOf, timeOf } from './logs.js';
import { VECTOR_SIGNER as SIGNER } from './vectors.js';

/** The grants of jobs that were approved as a list, judged by both verifiers without a checkpoint. */

const before = entriesOf(0, SIGNER).slice(0, BEFORE_JOBS);
const REASON = 'd'.repeat(64);

/** A list of so many plans with that of the first job of these logs at a position of it. */
function rolloutOf(count: number, position: number): GrantedRollout {
  const list: PlanList = Array.from({ length: count }, (_, i) => {
    const job = i === position ? 0 : i + 10;
    return { index: 2 * i, job: jobOf(job), plan: planOf(job) };
  });
  const [proof = []] = listProofs(list, [position]);
  return {
    ...{ id: 'rollout', grant: 'parent', requestSha256: 'f'.repeat(64), root: listRoot(list), count },
    ...{ index: 2 * position, position, proof, wave: 0 },
  };
}

/** Somebody's approval of a list. */
function approvalOf(rollout: GrantedRollout, who: 0 | 1 = 0): GrantedApproval {
  const { id, key, registration } = PEOPLE[who];
  const unsigned: GrantedKeyProof = {
    ...{ kind: 'key', kid: kidOf(publicKeyText(key)), nonce: '7'.repeat(32), at: timeOf(5), signature: '' },
    ...{ registration, executeBy: null, onFailure: 'leave' },
  };
  const message = rolloutDecisionMessage(approvedRollout(rollout, REASON, unsigned), unsigned);
  const signature = sign(null, message, key).toString('base64');
  const person = { id, name: id, roles: ['approver'] as const };
  return { person, decidedAt: timeOf(5), reasonSha256: REASON, proof: { ...unsigned, signature } };
}

const verdictOf = (members: Partial<Grant>) =>
  bothVerdicts([
    ...before,
    eventOf('api', 'job.submitted', { requestSha256: 'r' }, 4, jobOf(0)),
    approvedEntry(SIGNER, 0, 6, members),
  ]);
const ofList = (rollout: GrantedRollout, ...approvals: readonly GrantedApproval[]): Partial<Grant> => ({
  ...{ v: 3, rollout, approvals },
});

const SEVEN = rolloutOf(7, 4);

describe('a log raises no alarm about a job of a rollout', () => {
  it.each<[string, Partial<Grant>]>([
    ['whose list somebody approved', ofList(SEVEN, approvalOf(SEVEN))],
    ['whose list two people approved', ofList(SEVEN, approvalOf(SEVEN), approvalOf(SEVEN, 1))],
    ['at the end of its list', ofList(rolloutOf(5, 4), approvalOf(rolloutOf(5, 4)))],
    ['that is alone in its list', ofList(rolloutOf(1, 0), approvalOf(rolloutOf(1, 0)))],
    [
      'that was approved by a person who was known by a token',
      ofList(SEVEN, { ...approvalOf(SEVEN), proof: { kind: 'token', tokenId: 'x' } }),
    ],
  ])('%s', async (_, members) => {
    const { ours, code } = await verdictOf(members);
    expect([ours.ok, ours.problems, code]).toEqual([true, [], 0]);
  });
});

describe('a log shows, at its approval, a job of a rollout', () => {
  const other = (more: Partial<GrantedRollout>) => ofList({ ...SEVEN, ...more }, approvalOf({ ...SEVEN, ...more }));
  const [first = ''] = SEVEN.proof;
  it.each<[string, RegExp, Partial<Grant>]>([
    ['under another root', /not in the list/, other({ root: '0'.repeat(64) })],
    ['under a root that is none', /not in the list/, other({ root: SEVEN.root.toUpperCase() })],
    ['at another position', /not in the list/, other({ position: 3 })],
    ['at a position that is none', /not in the list/, other({ position: 0.5 })],
    ['before the list', /not in the list/, other({ position: -1 })],
    ['after the list', /not in the list/, other({ position: 7 })],
    ['of a list of another length', /not in the list/, other({ count: 8 })],
    ['at another place of the selection', /not in the list/, other({ index: 9 })],
    ['without a way to the root', /not in the list/, other({ proof: [] })],
    ['with a step too many', /not in the list/, other({ proof: [...SEVEN.proof, first] })],
    ['with a step that is none', /not in the list/, other({ proof: SEVEN.proof.with(0, 'x') })],
    ['with steps that are none', /no rule can read/, other({ proof: 5 as unknown as [] })],
    ['of a rollout that is none', /no rule can read/, { v: 3, rollout: null as unknown as GrantedRollout }],
    [
      'whose approver signed for another list',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, count: 6 })),
    ],
    [
      'whose approver signed for another request',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, requestSha256: 'e'.repeat(64) })),
    ],
    [
      'whose approver signed for another rollout',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, id: 'another' })),
    ],
    ['whose approval is of a job alone', /not what they signed/, { v: 2, approvals: [approvalOf(SEVEN)] }],
    ['in a version that knows no rollouts', /no valid grant/, { ...ofList(SEVEN, approvalOf(SEVEN)), v: 2 }],
    ['that is of no rollout', /no valid grant/, { v: 3, approvals: [] }],
  ])('%s', async (_, reason, members) => {
    const { ours, code } = await verdictOf(members);
    const seq = BEFORE_JOBS + 2;
    expect([ours.problems[0], code]).toEqual([{ seq, reason: expect.stringMatching(reason) }, 1]);
  });
});
