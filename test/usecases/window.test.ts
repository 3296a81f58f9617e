import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../../src/domain/grant.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import { MOST_AHEAD_MS, MOST_WINDOW_MS, windowProblem } from '../../src/domain/job-window.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import type { DecisionRow } from '../../src/domain/move.js';
import { jobDigest } from '../../src/domain/request.js';
import { firstMismatch } from '../../src/usecases/claim/first-mismatch.js';
import { earliestExecuteBy, makeGrant } from '../../src/usecases/decide/make-grant.js';
import { ADMISSION, after, jobOf, makePlanOf, MANIFEST, NOW } from '../support/job-views.js';

const HOUR = 3_600_000;
const window = (from: number, to: number) => ({ from: after(from * HOUR), to: after(to * HOUR) });
const by = (hours?: number) => (hours === undefined ? {} : { executeBy: after(hours * HOUR) }) as DecisionRow;

describe('the window of a request', () => {
  it.each<[string, Parameters<typeof windowProblem>[0], string | undefined]>([
    ['may begin later', window(10, 12), undefined],
    ['may have begun', window(-1, 1), undefined],
    ['has two ends', window(2, 2), 'ends before'],
    ['is not over', window(-2, -1), 'is over'],
    ['has a longest length', { from: NOW, to: after(MOST_WINDOW_MS + 1) }, '72 hours'],
    ['begins within a week', { from: after(MOST_AHEAD_MS + 1), to: after(MOST_AHEAD_MS + HOUR) }, '7 days'],
  ])('%s', (_, one, why) => {
    const problem = windowProblem(one, NOW);
    if (why === undefined) expect(problem).toBeUndefined();
    else expect(problem).toContain(why);
  });

  it('is part of the digest of the request, and changes no digest of a request without one', () => {
    const { window: _, ...without } = jobOf();
    const digests = [
      without,
      { ...without, window: window(1, 2) },
      { ...without, window: window(1, 3) },
      { ...without, schedule: { id: 's', instant: NOW } },
      { ...without, schedule: { id: 's', instant: after(1) } },
    ].map(jobDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('ends the time in which its plan can be approved', () => {
    const expiresAt = (one: Partial<Job>) => makePlanOf(jobOf(one), 'set').expiresAt;
    const free = expiresAt({});
    expect(expiresAt({ window: { from: NOW, to: after(60_000) } })).toEqual(after(60_000));
    expect(expiresAt({ window: { from: NOW, to: new Date(free.getTime() + 1) } })).toEqual(free);
  });
});

describe('the end of a grant', () => {
  // MANIFEST lets a job be executed within an hour of its begin.
  const within = { ...MANIFEST, approval: { ...MANIFEST.approval, executeWithin: '4h' } };
  it.each<[string, Job['window'], DecisionRow[], number]>([
    ['is an hour after the approval', undefined, [by()], 1],
    ['is the end of the window', window(10, 12), [by()], 12],
    ['is never later than the runbook allows, from the begin of the window on', window(10, 20), [by()], 14],
    ['is what an approver set within the window', window(10, 12), [by(11)], 11],
    ['is never after the window, whatever an approver set', window(10, 12), [by(13)], 12],
    ['is the earliest of several', window(10, 12), [by(11.5), by(11), by()], 11],
  ])('%s', (_, one, rows, hours) => {
    expect(earliestExecuteBy(rows, within, NOW, one)).toEqual(after(hours * HOUR));
  });
});

describe('a grant for a window', () => {
  const job = jobOf({ window: window(10, 12), executeBy: after(12 * HOUR) });
  const signer = { kid: 'k', sign: () => '' };
  const grant = JSON.parse(
    makeGrant(
      { signer, newId: () => 'grant-1' },
      job,
      job.plan as MadePlan,
      MANIFEST,
      [],
      'p',
      NOW,
      after(12 * HOUR),
      'leave',
    ).bytes,
  ) as Grant;
  const checked = { bundle: { manifest: MANIFEST } as RunbookBundle, credentialScope: 'scope', admission: ADMISSION };
  const codeOf = (more: Partial<Grant>, executeBy = job.executeBy as Date) =>
    firstMismatch({ ...job, executeBy }, { ...grant, ...more }, checked, 'default')?.error.code;

  it('begins with it', () => {
    expect(grant.notBefore).toBe(after(10 * HOUR).toISOString());
    expect(codeOf({})).toBeUndefined();
  });

  it('is refused by the worker where it begins before or ends after it', () => {
    expect(codeOf({ notBefore: NOW.toISOString() })).toBe('grant-invalid');
    const late = after(13 * HOUR);
    expect(codeOf({ executeBy: late.toISOString() }, late)).toBe('grant-invalid');
  });
});
