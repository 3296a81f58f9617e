import { expect, it } from '@jest/globals';
import { ROLES, type Person, type Role } from '../../src/domain/people.js';
import { BUILT_IN_RIGHTS, lostBy } from '../../src/domain/policy/rights.js';
import { TARGET } from '../support/job-views.js';

const person = (...roles: Role[]): Person => ({ id: 'p', name: 'P', roles });
const runbook = { id: 'set-file-text', risk: 'R1', classes: ['ensure'] } as const;
const about = (tier: 0 | 1) => ({ target: { ...TARGET, tier }, runbook, own: false });

it('only approvers decide, whatever the tier, and nobody without a role reads jobs', () => {
  for (const tier of [0, 1] as const) {
    const deciders = ROLES.filter(
      (role) => !BUILT_IN_RIGHTS.denial({ action: 'decide', person: person(role), ...about(tier) }),
    );
    expect(deciders).toEqual(['approver']);
  }
  expect(BUILT_IN_RIGHTS.denial({ action: 'read-jobs', person: person() })).toMatchObject({ kind: 'not-allowed' });
});

it.each(['submit', 'plan', 'rollback'] as const)(
  'tier 0 is closed to the helpdesk for %s, whatever else they are',
  (action) => {
    const asked = (tier: 0 | 1, ...roles: Role[]) =>
      BUILT_IN_RIGHTS.denial({ action, person: person(...roles), ...about(tier) });
    expect(ROLES.filter((role) => !asked(0, 'helpdesk', role))).toEqual(['operator', 'admin']);
    expect(asked(1, 'helpdesk')).toBeUndefined();
  },
);

it('says which roles and rights nobody has any more', () => {
  const lost = lostBy([person('approver'), person('helpdesk')], [person('helpdesk')], BUILT_IN_RIGHTS);
  expect(lost.roles).toEqual(['approver']);
  expect(lost.actions).toContain('decide');
  expect(lostBy([person('admin')], [person('admin')], BUILT_IN_RIGHTS)).toEqual({ roles: [], actions: [] });
});
