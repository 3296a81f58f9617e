import { describe, expect, it } from '@jest/globals';
import type { RolloutDetail } from '../../src/cli/api/types.js';
import { rolloutCsv } from '../../src/cli/rollout/csv.js';
import { leftOutLines, rolloutReport, rolloutText } from '../../src/cli/rollout/text.js';

/** What a person reads of a rollout. */

const item = (
  index: number,
  parameters: Readonly<Record<string, unknown>> = {},
  more: object = {},
): RolloutDetail['items'][number] => ({
  ...{ index, job: `job-${index}`, target: 'contoso', state: 'failed', status: 'failed', wave: 0, parameters },
  ...more,
});
const rollout = (more: Partial<RolloutDetail> = {}): RolloutDetail => ({
  ...{ id: 'r-1', runbook: { id: 'enable-sip-user', version: '1.0.0', contentDigest: 'a' } },
  ...{ requester: { id: 'olga', name: 'Olga', roles: ['operator'] }, reason: 'why', count: 2, status: 'ended' },
  ...{
    ending: 'finished',
    submittedAt: '2026-01-02T12:00:00.000Z',
    pool: 'default',
    itemsDigest: 'b',
    requestDigest: 'c',
  },
  declaration: {
    ...{ waves: [{ size: 'rest' }], budget: { failed: 0, unknown: 0, unreached: 1 }, atOnce: 10, window: '8h' },
  },
  ...{
    grant: null,
    until: null,
    approvalsToResume: null,
    waves: [{ items: 2, proved: false }],
    stops: [],
    decisions: [],
    undoneBy: [],
  },
  items: [item(0), item(1)],
  ...more,
});
const users = rollout({ items: [item(0, { user: 'u1' }), item(1, { user: 'u2', note: '=x, y' })] });

describe('a rollout over users of one target', () => {
  it('shows which user each item is', () => {
    expect(rolloutReport(users)).toMatch(/^ITEM +TARGET +PARAMETERS +WAVE/m);
    expect(rolloutReport(users)).toMatch(/^0 +contoso +user=u1 +1 +failed/m);
    expect(rolloutReport(users)).toMatch(/^1 +contoso +user=u2 note="=x, y" +1 +failed/m);
    expect(rolloutText(users)).toMatch(/user=u1/);
  });

  it('has no column for what is the same in all of them', () =>
    expect(rolloutReport(rollout())).toMatch(/^ITEM +TARGET +WAVE/m));

  it('cuts a value that is too long for a line', () =>
    expect(rolloutReport(rollout({ items: [item(0, { text: 'x'.repeat(99) }), item(1)] }))).toMatch(/text=x{60}… /));

  it('names the users of a pause', () => {
    const stop = {
      id: 's',
      kind: 'pause',
      items: [1],
      by: null,
      code: 'budget-exceeded',
      meaning: 'm',
      at: '',
      ended: false,
    } as const;
    expect(rolloutText({ ...users, stops: [{ ...stop, items: [1] }] })).toContain('  contoso (user=u2 note="=x, y")');
  });

  it('is CSV with a column for each parameter in which they differ', () =>
    expect(rolloutCsv(users).split('\n')).toEqual([
      'index,target,wave,status,state,code,job,parameters.note,parameters.user',
      '0,contoso,1,failed,failed,,job-0,,u1',
      `1,contoso,1,failed,failed,,job-1,"'=x, y",u2`,
    ]));

  it('is CSV as before where the items do not differ', () =>
    expect(rolloutCsv(rollout()).split('\n')[0]).toBe('index,target,wave,status,state,code,job'));
});

describe('a rollout that rolls another one back', () => {
  const leftOut = [
    { index: 3, target: 'pc-3', code: 'nothing-to-undo', meaning: 'Nothing.' },
    { index: 7, target: 'pc-7', code: 'not-ended', meaning: 'The job has not ended.' },
    { index: 9, target: 'pc-9', code: 'nothing-to-undo', meaning: 'Nothing.' },
  ];

  it('says which one, and names what stays as it is by why', () => {
    const text = rolloutText(rollout({ rollbackOf: 'r-0', leftOut }));
    expect(text).toContain('  Rolls back rollout r-0\n');
    expect(text).toContain('Not rolled back, 2 items: Nothing. [nothing-to-undo]\n  pc-3 (item 3), pc-9 (item 9)');
    expect(text).toContain('Not rolled back, 1 item: The job has not ended. [not-ended]\n  pc-7 (item 7)');
    expect(leftOutLines(rollout())).toEqual([]);
  });

  it('is named by the one that it rolls back', () =>
    expect(rolloutText(rollout({ undoneBy: ['r-2', 'r-3'] }))).toContain('  Rolled back by rollout r-2, r-3\n'));
});
