import { describe, expect, it } from '@jest/globals';
import { setAsideItems } from '../../src/usecases/plan/set-aside-items.js';

const ID = '01234567-89ab-7def-8123-456789abcdef';
const HEX = ID.replaceAll('-', '');
const SID = 'S-1-5-21-1-2-3-1001';
const FOLDER = 'C:\\Users\\bob\\RSA';
const change = (id: string, after = `${id}.rbk-${HEX}`, property = 'path') => ({
  id,
  resource: `${FOLDER}\\${id}`,
  property,
  before: 'present',
  after,
  action: 'set-aside',
});
const entry = (changeId: string, result?: string, direction = 'apply') => ({
  changeId,
  direction,
  attempt: 1,
  epoch: 1,
  intentAt: new Date(0),
  ...(result === undefined ? {} : { result }),
});

interface Made {
  job?: object;
  changes?: readonly object[];
  journal?: readonly object[];
  manifest?: object;
  open?: boolean;
}

/** The record as one job left it; only what is read is there. */
function factsOf(asked: object, made: Made = {}, target = 'pc') {
  const { job = {}, changes = [change('a')], journal = [entry('a', 'changed')], open = false } = made;
  const record = {
    job: {
      id: ID,
      kind: 'remediation',
      state: 'succeeded',
      stateSince: new Date('2026-01-01T00:00:00.000Z'),
      target: { id: 'pc' },
      parameters: { userSid: SID },
      runbook: { id: 'sets-aside', contentDigest: 'd' },
      plan: { plan: { changes } },
      ...job,
    },
    journal,
  };
  const context = {
    jobs: { view: (id: string) => Promise.resolve(id === ID ? record : undefined) },
    catalogue: { manifest: () => Promise.resolve(made.manifest ?? { quarantine: { retention: '30d' } }) },
    rollbacks: { isOpen: () => Promise.resolve(open) },
  };
  const purging = { parameters: { userSid: SID, ofJob: HEX, ...asked }, target: { id: target } };
  return setAsideItems(context as any, purging as any);
}

describe('the stored facts about a quarantine', () => {
  it('name the job, its end, its retention and the full paths', async () => {
    expect(await factsOf({})).toEqual({
      job: ID,
      runbook: 'sets-aside',
      endedAtUtc: '2026-01-01T00:00:00.000Z',
      retentionDays: 30,
      keptUntilUtc: '2026-01-31T00:00:00.000Z',
      items: [`${FOLDER}\\a.rbk-${HEX}`],
      rollbackOpen: false,
    });
    expect(await factsOf({}, { open: true })).toMatchObject({ rollbackOpen: true });
  });

  it('say so if the job has not ended', async () => {
    const running = { job: { state: 'needs-attention' } };
    expect(await factsOf({}, running)).toMatchObject({ endedAtUtc: null, keptUntilUtc: null });
  });

  it('count changes that were made or found in place, and none that failed, has no result, was there before or was undone', async () => {
    const names = ['made', 'seen', 'failed', 'unheard', 'before', 'undone'];
    const journal = [
      entry('made', 'changed'),
      entry('seen', 'in-place'),
      entry('failed', 'failed'),
      entry('unheard'),
      entry('before', 'noop'),
      entry('undone', 'changed'),
      entry('undone', 'changed', 'undo'),
    ];
    const facts: any = await factsOf({}, { changes: names.map((name) => change(name)), journal });
    expect(facts.items).toEqual([`${FOLDER}\\made.rbk-${HEX}`, `${FOLDER}\\seen.rbk-${HEX}`]);
  });

  it('contain only changes that set something aside under this job’s id', async () => {
    const changes = [change('a', 'a.rbk-0'), change('b', 'absent'), change('c', `c.rbk-${HEX}`, 'value')];
    const journal = ['a', 'b', 'c'].map((name) => entry(name, 'changed'));
    expect(await factsOf({}, { changes, journal })).toBeNull();
  });

  it.each<[string, object, Made, string?]>([
    ['an id of no job', { ofJob: HEX.replace('0', '1') }, {}],
    ['an id that is none', { ofJob: ID }, {}],
    ['no id', { ofJob: null }, {}],
    ['another user', { userSid: 'S-1-5-21-1-2-3-1002' }, {}],
    ['another target', {}, {}, 'another pc'],
    ['a rollback', {}, { job: { kind: 'rollback-of' } }],
    ['a runbook without a retention', {}, { manifest: {} }],
    ['a job that changed nothing', {}, { journal: [] }],
  ])('are empty for %s', async (_, asked, made, ...[target]) => {
    expect(await factsOf(asked, made, target)).toBeNull();
  });
});
