import { describe, expect, it } from '@jest/globals';
import { auditBytes, parseEvent, type AuditAction, type AuditEvent } from '../../src/domain/audit.js';
import { grantBytes, type Grant } from '../../src/domain/grant.js';
import { fail } from '../../src/domain/result.js';
import { auditVerifier } from '../../src/domain/verify-audit.js';
import { admissionOperators, cleanLogs } from '../security/admission-tampering.js';
import type { AdmittingPerson } from '../../src/domain/admitting-person.js';
import {
  ADMISSION_ID,
  admittedEntry,
  admittingPeople,
  chain,
  entriesOf,
  eventOf,
  JUDGES,
  RUNBOOK,
  SIGNER,
  type Entry,
} from '../security/logs.js';

/** What a log says of admissions, judged without a checkpoint: by the signatures and by what the events say of one another. */

const entries = entriesOf(3);
const operators = admissionOperators(SIGNER);
const clean = cleanLogs(SIGNER);

function problemsOf(links: ReturnType<typeof chain>) {
  const verifier = auditVerifier(JUDGES);
  for (const link of links) verifier.add(link);
  return verifier.end().problems;
}

describe('the admissions in a log', () => {
  it.each<[string, RegExp]>([
    ['an admission changed', /does not hold: the signature does not verify/],
    ['an admission by another key', /does not hold: the signature does not verify/],
    ['an admission of another version', /that of another version/],
    ['an admission of another runbook', /that of another version/],
    ['an admission of another content', /that of another version/],
    ['an admission by others than it says', /that of another version/],
    ['an admission of one person', /two different people/],
    ['an admission of nobody else', /two different people/],
    ['an admission of nobody', /two different people/],
    ['an admission of three people', /two different people/],
    ['an admission without a proof', /bob for the admission does not hold: no proof/],
    ['an admission in the name of another', /eve for the admission does not hold: key-unknown/],
    ['an admission that was asked for twice', /bob for the admission does not hold: key-unknown/],
    ['an admission for another reason', /bob for the admission does not hold: signature-invalid/],
    ['an admission by a revoked key', /ada for the admission does not hold: key-revoked/],
    ['an admission twice', /another admission with the id/],
    ['an admission carried out again', /the signature of ada was used before/],
    ['an admission taken out', /names an admission that is not in the log/],
    ['a plan under another admission', /names an admission that is not in the log/],
    ['an approval of a version that was not admitted', /another version than the admission that its plan names/],
    ['an approval of another version than that of its plan', /another version than the admission that its plan names/],
    ['a plan under a revoked admission', /an admission that event \d+ had ended/],
    ['a plan of a disabled runbook', /an admission that event \d+ had ended/],
    ['an admission compared with another version', /ada for the admission does not hold: signature-invalid/],
    ['an approval after a revocation', /the admissions of this version had ended/],
    ['a claim after a revocation', /the admissions of this version had ended/],
  ])('show %s, and say what does not hold', (name, reason) => {
    const tampered = operators[name]?.(entries, chain(entries), () => 1);
    const [first] = problemsOf(tampered?.links ?? []);
    expect(first).toEqual({ seq: tampered?.first, reason: expect.stringMatching(reason) });
  });

  it('say of an admission whose key was revoked by then that nothing of it may run', () => {
    const links = chain(entries);
    const admitted = links.find(({ event }) => event.includes('"runbook.admitted"'))?.seq ?? 0;
    const verifier = auditVerifier({
      ...JUDGES,
      verifyAdmission: (signed, seq = Infinity) =>
        seq > admitted ? fail({ why: 'by a key that is revoked' }) : JUDGES.verifyAdmission(signed, seq),
    });
    for (const link of links) verifier.add(link);
    const { problems } = verifier.end();
    // Of each of three jobs the approval and the claim.
    expect(problems).toHaveLength(6);
    for (const { reason } of problems) expect(reason).toMatch(/signed by a key that was revoked/);
  });

  it.each(Object.keys(clean))('raise no alarm about %s', (name) => {
    expect(problemsOf(chain(clean[name] as Entry[]))).toEqual([]);
  });

  it('say of a version that nobody admitted that nothing of it may run', () => {
    const tampered = operators['an approval of a version that was not admitted']?.(entries, chain(entries), () => 1);
    const reasons = problemsOf(tampered?.links ?? []).map(({ reason }) => reason);
    // Its claim is under the same grant.
    expect(reasons.filter((reason) => reason.startsWith('no admission in the log before it'))).toHaveLength(2);
  });
});

describe('an event of an admission or a key that lacks what it should say', () => {
  const [first, second, admitted, ...jobs] = entries as [Entry, Entry, Entry, ...Entry[]];
  const alone = (...of: readonly Entry[]) => problemsOf(chain(of)).map(({ reason }) => reason);
  const cut = ([writer, text]: Entry, members: object = { data: {} }): Entry => [
    writer,
    auditBytes({ ...(parseEvent(text) as AuditEvent), ...members }),
  ];
  const withData = (entry: Entry, more: object) =>
    cut(entry, { data: { ...(parseEvent(entry[1]) as AuditEvent).data, ...more } });

  it.each<[string, Entry, RegExp]>([
    ['an admission', cut(admitted), /the admission does not hold/],
    ['a registration', cut(first), /the key has no valid registration/],
    ['a registration of another key', withData(first, { key: 'other' }), /that of another key/],
    ['a registration of another person', withData(first, { person: 'eve' }), /that of another key/],
    ['a registration of another public key', withData(first, { kid: 'other' }), /that of another key/],
  ])('is reported: %s', (_, entry, reason) => {
    expect(alone(entry)).toEqual([expect.stringMatching(reason)]);
  });

  it('ends, plans and claims nothing', () => {
    const of = (action: AuditAction, data: object = {}): Entry => eventOf('authority', action, data, 9e6);
    const worker = (action: AuditAction): Entry => eventOf('worker', action, {}, 9e6 + 1);
    const nothing = [of('runbook.revoked'), of('key.revoked'), worker('job.planning-started'), worker('job.claimed')];
    expect(alone(first, second, admitted, ...nothing, ...jobs)).toEqual([
      'was written by fixpoint_authority, which writes no key.revoked',
    ]);
    expect(alone(eventOf('worker', 'job.planned', { admission: 'x' }, 9e6))).toEqual([
      'the plan names an admission that is not in the log before it',
    ]);
  });

  it('plans nothing under an admission that had ended, whatever began the planning', () => {
    const revoked = eventOf('authority', 'runbook.revoked', { runbook: RUNBOOK.id, contentSha256: null }, 8);
    const planned = eventOf('worker', 'job.planned', { admission: ADMISSION_ID }, 9);
    expect(alone(first, second, admitted, revoked, planned)).toEqual([
      'the plan names an admission that event 4 had ended',
    ]);
  });

  it('counts a proof by token that names a token', () => {
    const [ada, bob] = admittingPeople() as [AdmittingPerson, AdmittingPerson];
    const proof = { kind: 'token', tokenId: 'x' } as const;
    const by = { how: 'people', people: [ada, { ...bob, proof }] } as const;
    expect(alone(first, second, admittedEntry(SIGNER, { admission: { by } }))).toEqual([]);
    // A token is no signature that is used up.
    const people = admittingPeople().map((each) => ({ ...each, proof }));
    const again = (n: number) =>
      admittedEntry(SIGNER, { n, admission: { id: `another ${n}`, by: { how: 'people', people } } });
    expect(alone(first, second, again(10), again(11))).toEqual([]);
  });

  it('lets nothing run by a key that was revoked after it', () => {
    const revoked = { ok: false, error: { why: 'revoked' } } as const;
    const verifier = auditVerifier({
      ...JUDGES,
      verifyAdmission: (signed, seq = 0) => (seq > 3 ? revoked : JUDGES.verifyAdmission(signed, seq)),
    });
    for (const link of chain(entries.slice(0, 8))) verifier.add(link);
    const reason = 'the admissions of this version are signed by a key that was revoked';
    expect(verifier.end().problems).toEqual([7, 8].map((seq) => ({ seq, reason })));
  });

  it('approves nothing', () => {
    const bytes = grantBytes({ v: 2, jti: '', planSha256: 'p' } as Grant);
    const data = { grant: bytes, signature: 's', kid: 'k', jti: '', planSha256: 'p' };
    const verifier = auditVerifier({ ...JUDGES, verify: () => ({ ok: true, value: JSON.parse(bytes) as Grant }) });
    for (const link of chain([first, second, admitted, eventOf('authority', 'job.approved', data, 9e6)]))
      verifier.add(link);
    expect(verifier.end().problems.map(({ reason }) => reason)).toContain(
      'no admission in the log before it is for this version of the runbook',
    );
  });
});
