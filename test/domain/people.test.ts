import { expect, it } from '@jest/globals';
import { authorise, lostBy, ROLES, type Person, type Role } from '../../src/domain/people.js';

const person = (...roles: Role[]): Person => ({ id: 'p', name: 'P', roles });

it('only approvers decide, and nobody without a role does anything', () => {
  expect(ROLES.filter((role) => !authorise(person(role), 'decide'))).toEqual(['approver']);
  expect(authorise(person(), 'read-jobs')).toMatchObject({
    kind: 'not-allowed',
    why: expect.stringMatching('needs one'),
  });
});

it.each(['submit', 'plan', 'rollback'] as const)(
  'tier 0 is closed to the helpdesk for %s, whatever else they are',
  (action) => {
    const allowed = ROLES.filter((role) => !authorise(person('helpdesk', role), action, { tier: 0 }));
    expect(allowed).toEqual(['operator', 'admin']);
    expect(authorise(person('helpdesk'), action, { tier: 1 })).toBeUndefined();
  },
);

it('a tier says nothing about who decides', () => {
  expect(authorise(person('approver'), 'decide', { tier: 0 })).toBeUndefined();
});

it('says which roles and rights nobody has any more', () => {
  const lost = lostBy([person('approver'), person('helpdesk')], [person('helpdesk')]);
  expect(lost.roles).toEqual(['approver']);
  expect(lost.actions).toContain('decide');
  expect(lostBy([person('admin')], [person('admin')])).toEqual({ roles: [], actions: [] });
});
