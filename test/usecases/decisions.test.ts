import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../../src/domain/grant.js';
import { serviceEvent } from '../../src/usecases/facts.js';
import { auditBytes } from '../../src/domain/audit.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import type { JournalEntry } from '../../src/domain/journal.js';
import type { DecisionRow, Move } from '../../src/domain/move.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import { planBytes, planDigest, type Plan } from '../../src/domain/plan.js';
import { submissionOf } from '../../src/usecases/submit/new-job.js';
import type { Person } from '../../src/domain/people.js';
import { fail, ok } from '../../src/domain/result.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { boundary } from '../../src/usecases/apply/boundary.js';
import { firstMismatch } from '../../src/usecases/claim/first-mismatch.js';
import { makeGrant } from '../../src/usecases/decide/make-grant.js';
import { refusal, type Evidence } from '../../src/usecases/decide/refusal.js';
import { reconciliation } from '../../src/usecases/reconcile/reconciliation.js';
import { abandoned, deferredOrBlocked } from '../../src/usecases/stop/defer-job.js';
import {
  ADMISSION,
  after,
  changesOf,
  entryOf,
  jobOf,
  makePlanOf,
  MANIFEST,
  NOW,
  viewOf,
} from '../support/job-views.js';

const ids = { newId: () => 'event' };
const cancel = { by: { id: 'o', name: 'O', roles: [] }, reason: 'wrong target', at: NOW.toISOString() };
const said = (move: Move | undefined) => move && [move.to, move.set?.code, move.set?.partial];
const actionsOf = (move: Move | undefined) => move?.events.map(({ action }) => action);
const made = (job: Job) => [entryOf(job, 0, 'changed')];

describe('a job that stops before a change', () => {
  const away = { kind: 'deferred', code: 'unreachable', detail: 'no route' } as const;
  const refused = { kind: 'blocked', code: 'not-applicable' } as const;
  const later = after(3_600_000);
  it.each<[string, Partial<Job>, boolean, typeof away | typeof refused, readonly unknown[]]>([
    ['is put off for the first time until defer.upTo', {}, false, away, ['deferred', 'unreachable', later]],
    [
      'keeps the deadline of the first time',
      { until: after(60_000) },
      false,
      away,
      ['deferred', 'unreachable', after(60_000)],
    ],
    ['ends when the deadline is over', { until: NOW }, false, away, ['blocked', 'deferral-expired', undefined]],
    [
      'has failed then, where changes are in place',
      { until: NOW },
      true,
      away,
      ['failed', 'deferral-expired', undefined],
    ],
    ['is blocked for what does not pass', {}, false, refused, ['blocked', 'not-applicable', undefined]],
    [
      'has failed for what does not pass, with changes in place',
      {},
      true,
      refused,
      ['failed', 'not-applicable', undefined],
    ],
  ])('%s', (_, more, partial, stop, expected) => {
    const job = jobOf(more);
    const move = deferredOrBlocked(ids, viewOf(job, ...(partial ? made(job) : [])), stop, MANIFEST.defer);
    expect([move.to, move.set?.code, move.set?.until]).toEqual(expected);
    expect(move.set?.partial).toBe(partial);
    const ends = move.to !== 'deferred';
    expect(move.writes).toEqual(ends ? [{ kind: 'revoke-grant', jti: 'grant-1' }] : []);
    expect(actionsOf(move)?.includes('grant.revoked')).toBe(ends);
  });

  it('is retried after its interval, or at the deadline if that is sooner', () => {
    const tried = (until?: Date) =>
      deferredOrBlocked(ids, viewOf(jobOf(until ? { until } : {})), away, MANIFEST.defer).set?.nextTryAt;
    expect([tried(), tried(after(1000))]).toEqual([after(300_000), after(1000)]);
  });

  it('ends at once if no bundle says how long to wait', () => {
    expect(deferredOrBlocked(ids, viewOf(jobOf()), away).to).toBe('blocked');
  });

  it.each<[string, Partial<Job>, readonly unknown[], number | undefined]>([
    ['cancelled, where somebody cancelled it', { cancel }, ['cancelled', 'cancelled', false], undefined],
    ['planned again, where it had no plan', { state: 'planning' }, ['planning', undefined, undefined], 3],
    ['paused with its grant, where it ran', {}, ['deferred', 'worker-stopped', false], 2],
  ])('because its worker shut down is %s', (_, more, expected, priority) => {
    const move = abandoned(ids, viewOf(jobOf(more)));
    expect(said(move)).toEqual(expected);
    expect(move.message?.priority).toBe(priority);
  });
});

describe('the boundary between two changes', () => {
  const free = { expired: false, frozen: false, stopping: false };
  it.each<[string, Partial<Job>, boolean, Partial<typeof free>, readonly unknown[] | undefined]>([
    ['lets the next change begin', {}, false, {}, undefined],
    ['ends a cancelled job', { cancel }, false, {}, ['cancelled', 'cancelled', false]],
    ['says what a cancelled job leaves', { cancel }, true, {}, ['cancelled', 'cancelled', true]],
    ['ends a job whose grant is over', {}, false, { expired: true }, ['expired', 'grant-expired', false]],
    ['fails it where changes are in place', {}, true, { expired: true }, ['failed', 'grant-expired', true]],
    ['cancels before it expires', { cancel }, false, { expired: true }, ['cancelled', 'cancelled', false]],
    ['expires before it pauses', {}, false, { expired: true, frozen: true }, ['expired', 'grant-expired', false]],
    ['pauses under a freeze', {}, true, { frozen: true }, ['deferred', 'frozen', true]],
    ['pauses for a worker that ends', {}, false, { stopping: true }, ['deferred', 'worker-stopped', false]],
    ['names the freeze where both hold', {}, false, { frozen: true, stopping: true }, ['deferred', 'frozen', false]],
  ])('%s', (_, more, partial, at, expected) => {
    const job = jobOf(more);
    expect(said(boundary(ids, viewOf(job, ...(partial ? made(job) : [])), { ...free, ...at }))).toEqual(expected);
  });

  it('sends a message for another worker, and none during a freeze', () => {
    const view = viewOf(jobOf());
    expect(boundary(ids, view, { ...free, stopping: true })?.message).toEqual({ priority: 2 });
    expect(boundary(ids, view, { ...free, frozen: true })?.message).toBeUndefined();
  });
});

describe('a check of the target of an unknown job', () => {
  const unknown = (more: Partial<Job> = {}, ...actions: string[]) => jobOf({ state: 'unknown', ...more }, ...actions);
  const settled = (job: Job, journal: readonly JournalEntry[], ...listed: string[]) =>
    reconciliation(ids, viewOf(job, ...journal), MANIFEST, changesOf(...listed));
  const results = (move: Move) => move.writes?.flatMap((write) => (write.kind === 'result' ? [write.result] : []));

  it.each<[string, string[], string[], string, readonly string[]]>([
    ['goes on with an ensure that is still to do', ['set'], ['set'], 'queued', ['not-in-place']],
    ['waits for the proof of one that is in place', ['set'], [], 'unknown', ['in-place']],
    ['never repeats a once whose outcome is unknown', ['send'], ['send'], 'needs-attention', []],
    ['repeats a once whose absence is proved', ['proven'], ['proven'], 'queued', ['not-in-place']],
    ['takes a once that is in place', ['send'], [], 'unknown', ['in-place']],
  ])('%s', (_, actions, listed, to, written) => {
    const job = unknown({}, ...actions);
    const move = settled(job, [entryOf(job, 0)], ...listed);
    expect([move.to, results(move)]).toEqual([to, written]);
  });

  it.each<[string, Partial<Job>, readonly unknown[]]>([
    ['ends a cancelled job', { cancel }, ['cancelled', 'cancelled', false]],
    ['hands a job that crashed too often to a person', { crashes: 3 }, ['needs-attention', 'parked', false]],
  ])('%s', (_, more, expected) => {
    const job = unknown(more);
    expect(said(settled(job, [entryOf(job, 0)], 'set'))).toEqual(expected);
  });

  it.each<[string, string[], string]>([
    ['is rolled back where the plan lists all changes again', ['set'], 'rolled-back'],
    ['has failed to roll back where it does not', [], 'rollback-failed'],
  ])('that was interrupted while undoing %s', (_, listed, to) => {
    const job = unknown();
    const move = settled(job, [entryOf(job, 0, 'changed'), entryOf(job, 0, undefined, 'undo')], ...listed);
    expect([move.to, results(move)]).toEqual([to, [to === 'rolled-back' ? 'in-place' : 'not-in-place']]);
  });
});

describe('the check of a grant against its job', () => {
  const executeBy = after(3_600_000);
  const job = jobOf({ executeBy, ticket: 'INC1' });
  const grantFor = (of: Job): Grant => {
    const signer = { kid: 'k', sign: () => '' };
    const plan = of.plan as MadePlan;
    return JSON.parse(
      makeGrant({ signer, newId: () => 'grant-1' }, of, plan, MANIFEST, [], 'p', NOW, executeBy, 'leave').bytes,
    ) as Grant;
  };
  const grant = grantFor(job);
  const checked = (credentialScope = 'scope') => ({
    bundle: { manifest: MANIFEST } as RunbookBundle,
    credentialScope,
    admission: ADMISSION,
  });
  const codeOf = (of: Job, by: Grant, scope?: string, pool = 'default') =>
    firstMismatch(of, by, checked(scope), pool)?.error.code;

  it('finds no difference if nothing changed', () => {
    expect(firstMismatch(job, grant, checked(), 'default')).toBeUndefined();
  });

  it('accepts a grant of version 1, which did not bind the request, and not one of the other kind', () => {
    const { request: _, ...unbound } = job.plan?.plan as Plan;
    const old = { ...job, plan: { ...(job.plan as MadePlan), plan: unbound, bytes: planBytes(unbound) } };
    const { kind: __, requestSha256: ___, ...first } = grant;
    const signed = { ...first, v: 1 as const, planSha256: planDigest(unbound) };
    expect(codeOf(old, signed)).toBeUndefined();
    expect(codeOf({ ...old, kind: 'rollback-of' }, signed)).toBe('request-changed');
    // A plan that binds its request is never run under a grant that does not.
    expect(codeOf(job, { ...first, v: 1 })).toBe('request-changed');
  });

  /** Judged elsewhere: by the verifier of the signature, in the claim, or anew. */
  const elsewhere = ['v', 'kid', 'approvals', 'policySha256', 'notBefore'];
  it.each(Object.keys(grant).filter((member) => !elsewhere.includes(member)))('tells another %s', (member) => {
    const signed = grant[member as keyof Grant];
    const other = typeof signed === 'number' ? signed + 1 : Array.isArray(signed) ? ['x'] : 'x';
    expect(codeOf(job, { ...grant, [member]: other })).toBeDefined();
    if (signed === null || typeof signed !== 'object' || Array.isArray(signed)) return;
    for (const inner of Object.keys(signed))
      expect([inner, codeOf(job, { ...grant, [member]: { ...signed, [inner]: 'x' } })]).not.toContain(undefined);
  });

  it.each<[string, Partial<Job>, string?, string?]>([
    ['grant-invalid', { grantJti: 'another' }],
    ['grant-invalid', {}, 'scope', 'another pool'],
    ['grant-invalid', { requester: { id: 'x', name: 'X', roles: [] } }],
    ['grant-invalid', { requester: { ...job.requester, roles: ['admin'] } }],
    ['grant-invalid', { onFailure: 'rollback' }],
    ['grant-invalid', { executeBy: after(7_200_000) }],
    ['runbook-changed', { runbook: { ...job.runbook, contentDigest: 'b' } }],
    ['runbook-changed', { runbook: { ...job.runbook, version: '9.9.9' } }],
    ['parameters-changed', { parameters: { path: '/etc/passwd' } }],
    ['parameters-changed', { salt: 'b6'.repeat(16) }],
    ['parameters-changed', { supplied: { ofJob: 'x' } }],
    ['target-changed', { targetDigest: 'b' }],
    ['target-changed', { target: { ...job.target, tier: 2 } }],
    ['request-changed', { kind: 'rollback-of' }],
    ['request-changed', { rollbackOf: 'x' }],
    ['request-changed', { reason: 'another' }],
    ['request-changed', { ticket: 'INC2' }],
    ['request-changed', { pool: 'another' }],
    ['request-changed', { supersedes: 'x' }],
    ['request-changed', { follows: 'x' }],
    ['credential-changed', { target: { ...job.target, credentials: { detect: 'reader', apply: 'admin' } } }],
    ['credential-changed', {}, 'a wider scope'],
  ])('says %s for %j', (code, more, scope = 'scope', pool = 'default') => {
    expect(codeOf({ ...job, ...more }, grant, scope, pool)).toBe(code);
  });

  it('says plan-changed if the stored bytes are not those of the plan', () => {
    const forged = { ...job, plan: job.plan && { ...job.plan, bytes: '{}' } } as Job;
    expect(codeOf(forged, grant)).toBe('plan-changed');
  });
});

describe('what authority refuses', () => {
  const job = jobOf({ state: 'awaiting-approval' });
  const person = { id: 'ada', name: 'Ada', roles: ['approver'], scope: {} } as unknown as Person;
  const row = {
    id: 'decision',
    planDigest: job.plan?.digest,
    decision: 'approve',
    person: { id: 'ada', name: 'Ada', roles: ['approver'] },
    proof: { kind: 'token', tokenId: 't' },
    decidedAt: NOW,
    status: 'pending',
  } as unknown as DecisionRow;
  const token = {
    id: 't',
    kind: 'personal',
    person: 'ada',
    createdAt: after(-1000),
    expiresAt: after(1000),
  } as unknown as NonNullable<Evidence['token']>;
  const eventOf = (of: Job) => submissionOf(ids, of, 4).events.map(auditBytes)[0] ?? '';
  const submission = { writer: 'fixpoint_api', event: eventOf(job) };
  const evidence: Evidence = {
    manifest: MANIFEST,
    person,
    rights: BUILT_IN_RIGHTS,
    token,
    submission,
    admission: ok(ADMISSION),
    target: ok(undefined),
    keyRequired: false,
  };
  const requester = { ...job, requester: { id: 'ada', name: 'Ada', roles: [] } };

  const { request: _, ...unbound } = job.plan?.plan as Plan;
  const outdated = {
    plan: { ...(job.plan as MadePlan), plan: unbound, bytes: planBytes(unbound), digest: planDigest(unbound) },
  };

  it.each<[string | undefined, string, Partial<Job>, Partial<DecisionRow>, object?, object?]>([
    [undefined, 'nothing is wrong', {}, {}],
    ['not-awaiting-approval', 'the job went on', { state: 'queued' }, {}],
    ['plan-changed', 'another plan was seen', {}, { planDigest: 'b' }],
    ['plan-changed', 'the parameters are not those of the plan', { parameters: {} }, {}],
    ['request-changed', 'somebody else asked for it', { requester: requester.requester }, {}],
    ['request-changed', 'it is a rollback now', { kind: 'rollback-of' }, {}],
    ['request-changed', 'another reason was given', { reason: 'another' }, {}],
    ['request-changed', 'another ticket was named', { ticket: 'INC9' }, {}],
    ['plan-outdated', 'the plan does not say who asked', outdated, { planDigest: outdated.plan.digest }],
    [undefined, 'such a plan is rejected', outdated, { planDigest: outdated.plan.digest, decision: 'reject' }],
    ['not-an-approver', 'the person has not the role', {}, {}, { roles: ['helpdesk'] }],
    ['proof-invalid', 'the token was revoked before', {}, {}, {}, { revokedAt: after(-1) }],
    [undefined, 'the token was revoked afterwards', {}, {}, {}, { revokedAt: after(1) }],
    ['proof-invalid', 'the token was over', {}, {}, {}, { expiresAt: NOW }],
    ['proof-invalid', 'the token is a service token', {}, {}, {}, { kind: 'service' }],
    ['proof-invalid', 'the token is another person’s', {}, {}, {}, { person: 'bob' }],
  ])('is %s where %s', (code, _, moreJob, moreRow, morePerson = {}, moreToken = {}) => {
    const view = viewOf({ ...job, ...moreJob });
    const given = { ...evidence, person: { ...person, ...morePerson }, token: { ...token, ...moreToken } };
    expect(refusal(view, { ...row, ...moreRow }, given)).toBe(code);
  });

  it('is everything after the plan expired, without a person, and without the runbook', () => {
    const view = viewOf(job);
    const over = { ...view, latest: job.plan?.expiresAt ?? NOW };
    expect(refusal(over, row, evidence)).toBe('approval-expired');
    expect(refusal(view, row, { ...evidence, person: undefined })).toBe('not-an-approver');
    expect(refusal(view, row, { ...evidence, token: undefined })).toBe('proof-invalid');
    expect(refusal(view, row, { ...evidence, manifest: undefined })).toBe('plan-changed');
    const target = fail({ code: 'target-not-admitted', detail: 'nobody admitted it' } as const);
    expect(refusal(view, row, { ...evidence, target })).toBe('target-not-admitted');
    expect(refusal(view, { ...row, decision: 'reject' }, { ...evidence, target })).toBeUndefined();
  });

  const ROLES = (...roles: string[]) => ({ ...MANIFEST, approval: { ...MANIFEST.approval, roles } }) as typeof MANIFEST;
  it.each<[string, string, Partial<Evidence>]>([
    [
      'admission-expired',
      'the admission of the runbook is over',
      { admission: fail({ code: 'admission-expired', detail: 'it is over' } as const) },
    ],
    [
      'plan-outdated',
      'others admitted the runbook since',
      { admission: ok({ ...ADMISSION, id: 'another', by: { how: 'development', account: 'another' } }) },
    ],
    ['not-an-approver', 'the manifest names another role', { manifest: ROLES('operator') }],
    [
      'not-an-approver',
      'the manifest names a role that the policy lets decide nothing',
      { manifest: ROLES('helpdesk'), person: { ...person, roles: ['helpdesk'] } },
    ],
    ['key-required', 'only signatures count', { keyRequired: true }],
  ])('is an approval with %s where %s', (code, _, more) => {
    expect(refusal(viewOf(job), row, { ...evidence, ...more })).toBe(code);
  });

  it('is what a key signed that nobody registered, or whose nonce was used, although a token would do', () => {
    const proof = { kind: 'key', kid: 'k', nonce: 'n', at: NOW.toISOString(), signature: 's' } as const;
    const by = (isNonceUsed: boolean) =>
      refusal(
        viewOf(job),
        { ...row, reason: 'ok', proof },
        { ...evidence, signed: { registered: undefined, isNonceUsed } },
      );
    expect([by(false), by(true)]).toEqual(['key-unknown', 'decision-replayed']);
  });

  it('is what its requester decides, and not what they reject', () => {
    const own = jobOf({ state: 'awaiting-approval', requester: requester.requester });
    const plan = makePlanOf(own);
    const asked = { ...own, plan };
    const given = { ...evidence, submission: { writer: 'fixpoint_api', event: eventOf(asked) } };
    const mine = { ...row, planDigest: plan.digest };
    expect(refusal(viewOf(asked), mine, given)).toBe('own-request');
    expect(refusal(viewOf(asked), { ...mine, decision: 'reject' }, given)).toBeUndefined();
  });

  it.each<[string, Evidence['submission']]>([
    ['is not there', undefined],
    ['was written by another role', { ...submission, writer: 'fixpoint_worker' }],
    ['is about another job', { ...submission, event: eventOf({ ...job, id: '00000000-0000-7000-8000-0000000000bb' }) }],
    ['names another requester', { ...submission, event: eventOf({ ...job, requester: requester.requester }) }],
    ['is another event', { ...submission, event: auditBytes(serviceEvent(ids.newId, 'api', 'job.planned', job)) }],
    ['is not in canonical form', { ...submission, event: ` ${submission.event}` }],
  ])('is everything where the event of the submission %s', (_, given) => {
    expect(refusal(viewOf(job), row, { ...evidence, submission: given })).toBe('request-changed');
  });
});
