import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../../src/domain/grant.js';
import type { Job } from '../../src/domain/job.js';
import type { JournalEntry } from '../../src/domain/journal.js';
import type { DecisionRow, Move } from '../../src/domain/move.js';
import { parametersDigest } from '../../src/domain/digest.js';
import type { Person } from '../../src/domain/people.js';
import { boundary } from '../../src/usecases/apply/boundary.js';
import { firstMismatch } from '../../src/usecases/claim/first-mismatch.js';
import { refusal } from '../../src/usecases/decide/refusal.js';
import { reconciliation } from '../../src/usecases/reconcile/reconciliation.js';
import { abandoned, deferredOrBlocked } from '../../src/usecases/stop/defer-job.js';
import { after, changesOf, entryOf, jobOf, MANIFEST, NOW, viewOf } from '../support/job-views.js';

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
  const job = jobOf();
  const plan = job.plan?.plan;
  const grant = {
    job: job.id,
    jti: job.grantJti,
    aud: 'default',
    runbook: { contentSha256: job.runbook.contentDigest },
    parametersSha256: parametersDigest(job.parameters, job.supplied, job.salt),
    targetSha256: job.targetDigest,
    planSha256: job.plan?.digest,
    locks: plan?.locks,
    credentials: { detect: 'reader', apply: 'writer', scopeSha256: 'scope' },
    requester: { id: 'helen' },
    onFailure: 'leave',
    limits: { maxChanges: 1 },
  } as unknown as Grant;

  it('finds no difference if nothing changed', () => {
    expect(firstMismatch(job, grant, 'scope', 'default')).toBeUndefined();
  });

  it.each<[string, Partial<Job>, Partial<Grant>, string?, string?]>([
    ['grant-invalid', {}, { job: 'another' }],
    ['grant-invalid', { grantJti: 'another' }, {}],
    ['grant-invalid', {}, {}, 'scope', 'another pool'],
    ['grant-invalid', { requester: { id: 'x', name: 'X', roles: [] } }, {}],
    ['grant-invalid', { onFailure: 'rollback' }, {}],
    ['runbook-changed', { runbook: { ...job.runbook, contentDigest: 'b' } }, {}],
    ['parameters-changed', { parameters: { path: '/etc/passwd' } }, {}],
    ['parameters-changed', { salt: 'b6'.repeat(16) }, {}],
    ['parameters-changed', { supplied: { ofJob: 'x' } }, {}],
    ['target-changed', { targetDigest: 'b' }, {}],
    ['plan-changed', {}, { planSha256: 'b' }],
    ['plan-changed', {}, { locks: [] }],
    ['plan-changed', {}, { limits: { maxChanges: 0 } }],
    ['credential-changed', { target: { ...job.target, credentials: { detect: 'reader', apply: 'admin' } } }, {}],
    ['credential-changed', {}, {}, 'a wider scope'],
  ])('says %s', (code, moreJob, moreGrant, scope = 'scope', pool = 'default') => {
    const mismatch = firstMismatch({ ...job, ...moreJob }, { ...grant, ...moreGrant }, scope, pool);
    expect(mismatch?.error.code).toBe(code);
  });

  it('says plan-changed if the stored bytes are not those of the plan', () => {
    const forged = { ...job, plan: job.plan && { ...job.plan, bytes: '{}' } } as Job;
    expect(firstMismatch(forged, grant, 'scope', 'default')?.error.code).toBe('plan-changed');
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
    decidedAt: NOW,
    status: 'pending',
  } as unknown as DecisionRow;
  const token = {
    id: 't',
    kind: 'personal',
    person: 'ada',
    createdAt: after(-1000),
    expiresAt: after(1000),
  } as unknown as NonNullable<Parameters<typeof refusal>[4]>;
  const requester = { ...job, requester: { id: 'ada', name: 'Ada', roles: [] } };

  it.each<[string | undefined, string, Partial<Job>, Partial<DecisionRow>, object?, object?]>([
    [undefined, 'nothing is wrong', {}, {}],
    ['not-awaiting-approval', 'the job went on', { state: 'queued' }, {}],
    ['plan-changed', 'another plan was seen', {}, { planDigest: 'b' }],
    ['plan-changed', 'the parameters are not those of the plan', { parameters: {} }, {}],
    ['own-request', 'the approver asked for it', { requester: requester.requester }, {}],
    [undefined, 'the requester rejects it', { requester: requester.requester }, { decision: 'reject' }],
    ['not-an-approver', 'the person has not the role', {}, {}, { roles: ['helpdesk'] }],
    ['proof-invalid', 'the token was revoked before', {}, {}, {}, { revokedAt: after(-1) }],
    [undefined, 'the token was revoked afterwards', {}, {}, {}, { revokedAt: after(1) }],
    ['proof-invalid', 'the token was over', {}, {}, {}, { expiresAt: NOW }],
    ['proof-invalid', 'the token is a service token', {}, {}, {}, { kind: 'service' }],
    ['proof-invalid', 'the token is another person’s', {}, {}, {}, { person: 'bob' }],
  ])('is %s where %s', (code, _, moreJob, moreRow, morePerson = {}, moreToken = {}) => {
    const view = viewOf({ ...job, ...moreJob });
    const who = { ...person, ...morePerson };
    expect(refusal(view, { ...row, ...moreRow }, MANIFEST, who, { ...token, ...moreToken })).toBe(code);
  });

  it('is everything after the plan expired, without a person, and without the runbook', () => {
    const view = viewOf(job);
    const over = { ...view, latest: job.plan?.expiresAt ?? NOW };
    expect(refusal(over, row, MANIFEST, person, token)).toBe('approval-expired');
    expect(refusal(view, row, MANIFEST, undefined, token)).toBe('not-an-approver');
    expect(refusal(view, row, MANIFEST, person, undefined)).toBe('proof-invalid');
    expect(refusal(view, row, undefined, person, token)).toBe('plan-changed');
  });
});
