import type { Target } from './target.js';

export const ROLES = ['helpdesk', 'approver', 'operator', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A person of the people file. Roles live in that file, by digest, never in a table. */
/** The people file is there and cannot be read: nobody can sign in, and nothing was done. The message names the file. */
export class PeopleUnreadable extends Error {}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Who acts, as authenticated: the person and the token they used. */
export interface Actor {
  readonly person: Person;
  readonly tokenId: string;
  readonly tokenKind: 'personal' | 'service';
}

export interface PersonRef {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface People {
  /** SHA-256 of the file's bytes; signed into each grant. */
  readonly digest: string;
  find(id: string): Person | undefined;
  /** Everybody, in the order of the file. */
  readonly all: readonly Person[];
}

export type Action =
  | 'submit'
  | 'plan'
  | 'decide'
  | 'cancel'
  | 'rollback'
  | 'resolve'
  | 'freeze'
  | 'admit-runbooks'
  | 'manage-keys'
  | 'edit-targets'
  | 'record-consent'
  | 'read-jobs'
  | 'read-all-jobs'
  | 'read-audit'
  | 'read-all-audit'
  | 'read-metrics';

const MAY: Readonly<Record<Action, readonly Role[]>> = {
  submit: ['helpdesk', 'operator', 'admin'],
  plan: ['helpdesk', 'operator', 'admin'],
  decide: ['approver'],
  cancel: ['helpdesk', 'operator', 'admin'],
  rollback: ['helpdesk', 'operator', 'admin'],
  resolve: ['operator'],
  freeze: ['operator', 'admin'],
  'admit-runbooks': ['admin'],
  'manage-keys': ['admin'],
  'edit-targets': ['admin', 'operator'],
  'record-consent': ['helpdesk', 'operator', 'admin'],
  'read-jobs': ROLES,
  'read-all-jobs': ['approver', 'operator', 'auditor', 'admin'],
  'read-audit': ROLES,
  'read-all-audit': ['auditor', 'admin'],
  'read-metrics': ['operator', 'auditor', 'admin'],
};

export type Denial = { readonly kind: 'not-allowed'; readonly action: Action; readonly why: string };

/**
 * The one place that says who may do what. Deny by default, and a deny beats every permit: tier 0 is closed to anybody
 * without the operator or admin role, whatever else they hold.
 */
export function authorise(person: Person, action: Action, target?: Pick<Target, 'tier'>): Denial | undefined {
  if (target?.tier === 0 && (action === 'submit' || action === 'plan' || action === 'rollback')) {
    if (!person.roles.includes('operator') && !person.roles.includes('admin')) {
      return { kind: 'not-allowed', action, why: 'tier 0 targets are closed to the helpdesk' };
    }
  }
  if (MAY[action].some((role) => person.roles.includes(role))) return undefined;
  return { kind: 'not-allowed', action, why: `needs one of the roles ${MAY[action].join(', ')}` };
}

/** Roles that somebody had and nobody has any more, and what nobody may do any more. */
export function lostBy(before: readonly Person[], after: readonly Person[]) {
  const held = (people: readonly Person[], role: Role) => people.some(({ roles }) => roles.includes(role));
  const may = (people: readonly Person[], action: Action) => people.some((person) => !authorise(person, action));
  return {
    roles: ROLES.filter((role) => held(before, role) && !held(after, role)),
    actions: (Object.keys(MAY) as Action[]).filter((action) => may(before, action) && !may(after, action)),
  };
}
