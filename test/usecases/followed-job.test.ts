import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/domain/job.js';
import type { Manifest } from '../../src/domain/manifest.js';
import type { Target } from '../../src/domain/target.js';
import { followedJob } from '../../src/usecases/plan/followed-job.js';
import { mayFollow } from '../../src/usecases/submit/may-follow.js';

const manifest = { id: 'trigger', follows: ['enable'], runsOn: { kinds: ['sync-host'] } } as unknown as Manifest;
const target = { id: 't2', name: 'sync-1', settings: { directory: 'contoso' } } as unknown as Target;
const job = (more: object = {}): Job =>
  ({
    id: 'j1',
    kind: 'remediation',
    state: 'succeeded',
    runbook: { id: 'enable' },
    requester: { id: 'ann' },
    target: { id: 't1', name: 'contoso', kind: 'domain' },
    stateSince: new Date('2026-01-01T00:00:09.000Z'),
    ...more,
  }) as unknown as Job;
const why = (named: Job | undefined, on: Target = target, by: Manifest = manifest) => {
  const result = mayFollow(by, on, 'ann', named);
  return result.ok ? 'allowed' : result.error.why;
};

describe('a job can follow', () => {
  it('a completed one of the same person, on the target that this one serves', () => {
    expect(why(job())).toBe('allowed');
  });

  it.each<[string, Job | undefined, RegExp]>([
    ['none at all', undefined, /no job of this id/],
    ['one of another person, told as none', job({ requester: { id: 'bob' } }), /no job of this id/],
    ['one of another runbook', job({ runbook: { id: 'other' } }), /follows enable/],
    ['a rollback', job({ kind: 'rollback-of' }), /follows enable/],
    ['one that waits for an approval', job({ state: 'awaiting-approval' }), /has not succeeded/],
    ['one that failed', job({ state: 'failed' }), /has not succeeded/],
    [
      'one on a directory that it does not serve',
      job({ target: { id: 't9', name: 'fabrikam', kind: 'domain' } }),
      /fabrikam/,
    ],
    [
      'one on another target of its own kind',
      job({ target: { id: 't9', name: 'contoso', kind: 'sync-host' } }),
      /contoso/,
    ],
  ])('but not %s', (_, named, expected) => {
    expect(why(named)).toMatch(expected);
  });

  it('but none if the manifest names none or the target serves no directory', () => {
    expect(why(job(), target, { ...manifest, follows: [] })).toMatch(/no other runbook/);
    expect(why(job(), { ...target, settings: {} })).toMatch(/not what sync-1 serves/);
  });
});

describe('what a runbook gets about the job that it follows', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const change = (id: string, resource: string) => ({
    id,
    resource,
    property: 'p',
    before: null,
    after: 'x',
    action: 'a',
  });
  const plan = { plan: { changes: [change('c1', 'user:u1'), change('c2', 'user:u2'), change('c3', 'user:u3')] } };
  const entry = (changeId: string, second?: number) => ({
    changeId,
    direction: 'apply' as const,
    attempt: 1,
    epoch: 1,
    intentAt: at(0),
    ...(second === undefined ? {} : { result: 'changed' as const, resultAt: at(second) }),
  });
  const told = (journal: readonly object[], offset = 0) =>
    followedJob(
      { view: async () => ({ job: job({ plan }), journal, decisions: [], now: at(0) }) as never },
      { follows: 'j1' },
      offset,
    );

  it('its last recorded change in the time of this target, and its objects', async () => {
    expect(await told([entry('c1', 3), entry('c2', 5), entry('c3')], 2000)).toEqual({
      job: 'j1',
      runbook: 'enable',
      lastChangedAtTargetUtc: '2026-01-01T00:00:07.000Z',
      objects: ['u1', 'u2'],
    });
  });

  it('its end time if no change was recorded, and nothing if it follows no job', async () => {
    expect(await told([])).toMatchObject({ lastChangedAtTargetUtc: '2026-01-01T00:00:09.000Z', objects: [] });
    expect(await followedJob({ view: async () => undefined }, {}, 0)).toBeNull();
  });
});
