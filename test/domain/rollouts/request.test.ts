import { describe, expect, it } from '@jest/globals';
import { auditBytes, type AuditEvent } from '../../../src/domain/audit.js';
import type { Job } from '../../../src/domain/job.js';
import { jobDigest } from '../../../src/domain/request.js';
import { completeDeclaration } from '../../../src/domain/rollouts/declaration.js';
import {
  areTheItems,
  isRolloutSubmission,
  itemsDigest,
  rolloutDigest,
  type RolloutRequest,
} from '../../../src/domain/rollouts/request.js';
import { isRollbackOfItem } from '../../../src/domain/rollouts/rollback.js';
import { jobOf } from '../../support/job-views.js';

const ROLLOUT = '00000000-0000-7000-8000-000000000099';
const jobs: readonly Job[] = [0, 1, 2].map((index) => ({
  ...jobOf(),
  id: `00000000-0000-7000-8000-0000000000b${index}`,
  rollout: { id: ROLLOUT, index },
}));
const [first = jobOf(), second = jobOf(), third = jobOf()] = jobs;
const request: RolloutRequest = {
  ...{ id: ROLLOUT, runbook: first.runbook, pool: first.pool, requester: first.requester, reason: 'why', salt: 'a5' },
  ...{ declaration: completeDeclaration({}, 3), count: 3, itemsDigest: itemsDigest(jobs) },
};
const event = (more: object = {}, actor = 'helen'): AuditEvent => ({
  ...{ v: 1, eventId: 'e', action: 'rollout.submitted', outcome: 'success', at: '2026-01-02T12:00:00.000Z' },
  ...{ actor: { type: 'person', id: actor, name: 'Helen', roles: [] }, job: null, target: null },
  data: { rollout: ROLLOUT, rolloutSha256: rolloutDigest(request), ...more },
});
const written = (said: AuditEvent, writer = 'fixpoint_api') => ({ writer, event: auditBytes(said) });

describe('the digest of a job', () => {
  it('says to which rollout it belongs and at which place, and is as it was without one', () => {
    const { rollout: _, ...alone } = first;
    const digests = [alone, first, second, { ...first, rollout: { id: ROLLOUT, index: 1 } }].map(jobDigest);
    expect(new Set(digests).size).toBe(4);
    expect(jobDigest(alone)).toBe(jobDigest({ ...jobOf(), id: first.id }));
  });
});

describe('the digest of a rollout', () => {
  it.each<[string, Partial<RolloutRequest>]>([
    ['id', { id: first.id }],
    ['runbook', { runbook: { ...first.runbook, contentDigest: 'b'.repeat(64) } }],
    ['pool', { pool: 'other' }],
    ['requester', { requester: { id: 'mallory', name: 'Helen', roles: ['helpdesk'] } }],
    ['reason', { reason: 'another' }],
    ['salt', { salt: 'b6' }],
    ['ticket', { ticket: 'INC-1' }],
    ['waves', { declaration: { ...request.declaration, waves: [{ size: 'rest' }] } }],
    ['budget', { declaration: { ...request.declaration, budget: { failed: 1, unknown: 0, unreached: 1 } } }],
    ['number at once', { declaration: { ...request.declaration, atOnce: 50 } }],
    ['window', { declaration: { ...request.declaration, window: '72h' } }],
    ['count', { count: 4 }],
    ['items', { itemsDigest: itemsDigest(jobs.slice(1)) }],
    ['rollout that it does again', { retryOf: first.id }],
    ['rollout that it rolls back', { rollbackOf: first.id }],
  ])('covers the %s', (_, more) => expect(rolloutDigest({ ...request, ...more })).not.toBe(rolloutDigest(request)));

  it('says of a rollback which rollout it undoes and what it leaves as it is', () => {
    const out = { index: 1, target: 'box', code: 'not-ended' };
    const digests = [
      ...[{ retryOf: first.id }, { rollbackOf: first.id }, { rollbackOf: second.id }],
      ...[out, { ...out, index: 2 }, { ...out, target: 'other' }, { ...out, code: 'values-erased' }].map((one) => ({
        ...{ rollbackOf: first.id, leftOut: [one] },
      })),
    ].map((more) => rolloutDigest({ ...request, ...more }));
    expect(new Set(digests).size).toBe(7);
  });

  it('is as it was before there were rollbacks of rollouts', () =>
    expect(rolloutDigest(request)).toBe('3e559af7d0d33fff3a7488dfc3e4554e564b32f46eec21fb1dacb41108d754fa'));
});

describe('a submission of a rollout', () => {
  it('is the event of the API, by its requester, with its digest', () => {
    expect(isRolloutSubmission(request, written(event()))).toBe(true);
    expect(isRolloutSubmission(request, written(event(), 'fixpoint_worker'))).toBe(false);
    expect(isRolloutSubmission(request, written(event({}, 'mallory')))).toBe(false);
    expect(isRolloutSubmission(request, written(event({ rollout: first.id })))).toBe(false);
    expect(isRolloutSubmission({ ...request, reason: 'another' }, written(event()))).toBe(false);
    expect(isRolloutSubmission(request, written({ ...event(), action: 'job.submitted' }))).toBe(false);
    expect(isRolloutSubmission(request, { writer: 'fixpoint_api', event: 'no event' })).toBe(false);
  });
});

describe('the items of a rollback', () => {
  const undoing = jobs.map((job, i): Job => ({ ...job, kind: 'rollback-of', rollbackOf: `original-${i}` }));
  const rollback: RolloutRequest = { ...request, rollbackOf: first.id, itemsDigest: itemsDigest(undoing) };

  it('are rollbacks, each of another job', () => {
    expect(areTheItems(rollback, undoing)).toBe(true);
    expect(areTheItems({ ...request, itemsDigest: rollback.itemsDigest }, undoing)).toBe(false);
    expect(areTheItems({ ...rollback, itemsDigest: request.itemsDigest }, jobs)).toBe(false);
    const [one, ...others] = undoing.map((job): Job => ({ ...job, rollbackOf: 'original-0' }));
    const twice = one ? [one, ...others] : [];
    expect(areTheItems({ ...rollback, itemsDigest: itemsDigest(twice) }, twice)).toBe(false);
  });

  const original: Job = { ...first, id: 'original', rollout: { id: 'undone', index: 0 } };
  const job: Job = {
    ...original,
    id: 'job',
    kind: 'rollback-of',
    rollbackOf: 'original',
    rollout: { id: ROLLOUT, index: 0 },
  };

  it('are of the same version, target, parameters and salt as the items that they undo', () =>
    expect(isRollbackOfItem(job, original, 'undone')).toBe(true));

  it.each<[string, Partial<Job>, Partial<Job>]>([
    ['a job that changes something', { kind: 'remediation' }, {}],
    ['the rollback of another job', { rollbackOf: 'other' }, {}],
    ['the rollback of a rollback', {}, { kind: 'rollback-of' }],
    ['the rollback of a single job', {}, { rollout: undefined as never }],
    ['the rollback of an item of another rollout', {}, { rollout: { id: 'other', index: 0 } }],
    ['one of another target', { targetDigest: 'f'.repeat(64) }, {}],
    ['one of another version', { runbook: { ...first.runbook, contentDigest: 'b'.repeat(64) } }, {}],
    ['one of another runbook', { runbook: { ...first.runbook, id: 'other' } }, {}],
    ['one for another pool', { pool: 'other' }, {}],
    ['one with another salt', { salt: 'b6'.repeat(16) }, {}],
    ['one with other parameters', { parameters: { path: '/etc' } }, {}],
  ])('are not %s', (_, more, ofOriginal) =>
    expect(isRollbackOfItem({ ...job, ...more }, { ...original, ...ofOriginal }, 'undone')).toBe(false),
  );
});

describe('the items of a rollout', () => {
  it('are the jobs that were submitted with it', () => expect(areTheItems(request, jobs)).toBe(true));

  it('may be for other pools, each bound by the digest over the items', () => {
    const moved = [{ ...first, pool: 'other' }, second, third];
    expect(areTheItems(request, moved)).toBe(false);
    expect(areTheItems({ ...request, itemsDigest: itemsDigest(moved) }, moved)).toBe(true);
  });

  it.each<[string, readonly Job[]]>([
    ['one is missing', [first, second]],
    ['one is new', [...jobs, { ...third, rollout: { id: ROLLOUT, index: 3 } }]],
    ['two are exchanged', [second, first, third]],
    ['one belongs to another rollout', [{ ...first, rollout: { id: first.id, index: 0 } }, second, third]],
    ['one is of somebody else', [{ ...first, requester: { ...first.requester, id: 'mallory' } }, second, third]],
    [
      'one is of another runbook',
      [{ ...first, runbook: { ...first.runbook, contentDigest: 'b'.repeat(64) } }, second, third],
    ],
    ['one is a rollback', [{ ...first, kind: 'rollback-of' }, second, third]],
    ['one has another target', [{ ...first, targetDigest: 'f'.repeat(64) }, second, third]],
    ['one has other parameters', [{ ...first, parameters: { path: '/etc' } }, second, third]],
  ])('are others where %s', (_, others) => {
    expect(areTheItems(request, others)).toBe(false);
    const [one] = others;
    // Also where the digest was made over these: what they are is looked at, too.
    if (
      others.length === 3 &&
      one &&
      itemsDigest(others) !== request.itemsDigest &&
      one.targetDigest === first.targetDigest &&
      one.parameters === first.parameters
    )
      expect(areTheItems({ ...request, itemsDigest: itemsDigest(others) }, others)).toBe(false);
  });
});
