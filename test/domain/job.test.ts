import { describe, expect, it, test } from '@jest/globals';
import { TRANSITIONS, isTerminal, canTransition, STATES, type State } from '../../src/domain/job.js';
import { lockKeys } from '../../src/domain/locks.js';
import { ROLES, type Role } from '../../src/domain/people.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { changeId, numberChanges, planRisk } from '../../src/domain/plan.js';
import type { Manifest } from '../../src/domain/manifest.js';

const SALT = '0'.repeat(32);

describe('the states of a job', () => {
  it('lead to states that exist, and every one is reached from planning', () => {
    const reached = new Set<State>(['planning']);
    for (const from of reached) for (const to of TRANSITIONS[from]) reached.add(to);
    expect([...reached].sort()).toEqual([...STATES].sort());
  });

  it('have no transition out of a final state', () => {
    for (const from of STATES.filter(isTerminal)) for (const to of STATES) expect(canTransition(from, to)).toBe(false);
  });

  it('let only a queued job run', () => {
    expect(STATES.filter((from) => from !== 'running' && canTransition(from, 'running'))).toEqual(['queued']);
  });
});

describe('plans', () => {
  const actions = { set: { class: 'ensure', risk: 'R1' }, drop: { class: 'irreversible', risk: 'R3' } } as const;
  const change = (resource: string, action = 'set') => ({ resource, property: 'p', before: null, after: 'x', action });

  it('give a change an id by what it is, so a look-alike is another change', () => {
    expect(changeId(change('admin'), SALT)).toMatch(/^[0-9a-f]{32}$/);
    expect(changeId(change('admin'), SALT)).not.toBe(changeId(change('ad\u00admin'), SALT));
    expect(changeId(change('\u00e9'), SALT)).not.toBe(changeId(change('e\u0301'), SALT));
  });

  it('give the same change another id in another job, so that its values cannot be found by trying', () => {
    expect(changeId(change('a'), SALT)).not.toBe(changeId(change('a'), '1'.repeat(32)));
  });

  it('are refused with two changes of one property, or an action the manifest lacks', () => {
    expect(numberChanges([change('a'), { ...change('a'), after: 'y' }], actions, SALT)).toMatchObject({
      ok: false,
      error: { kind: 'two-changes-of-one-property' },
    });
    expect(numberChanges([change('a', 'toString')], actions, SALT)).toMatchObject({
      ok: false,
      error: { kind: 'unknown-action' },
    });
  });

  it('have the highest risk of their changes', () => {
    expect(planRisk([change('a'), change('b', 'drop')], { actions } as unknown as Manifest)).toBe('R3');
    expect(planRisk([], { actions } as unknown as Manifest)).toBe('R0');
  });
});

describe('locks', () => {
  it('are sorted, the same however an object is named, and never taken from the host’s own report', () => {
    const manifest = { locks: [{ kind: 'user', at: '/users/*/id' }, { kind: 'host' }] } as const;
    const state = { users: [{ id: 'B-2' }, { id: 'a-1' }, { id: 'b-2' }] };
    expect(lockKeys(manifest, state, 't-1')).toEqual(['host:t-1', 'user:a-1', 'user:b-2']);
  });

  it('add no key where the pointer finds no value', () => {
    expect(lockKeys({ locks: [{ kind: 'user', at: '/gone' }] }, {}, 't')).toEqual([]);
  });
});

describe('who may do what', () => {
  const { denialAnywhere } = BUILT_IN_RIGHTS;

  test.each(ROLES.flatMap((role) => [[role]]))('%s alone cannot both ask and approve', (role: Role) => {
    const person = { id: 'x', roles: [role] };
    expect(denialAnywhere(person, 'submit') === undefined && denialAnywhere(person, 'decide') === undefined).toBe(
      false,
    );
  });

  it('gives nobody without a role anything', () => {
    expect(denialAnywhere({ id: 'x', roles: [] }, 'read-jobs')).toMatchObject({ kind: 'not-allowed' });
  });
});
