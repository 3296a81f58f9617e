export const ROLES = ['helpdesk', 'approver', 'operator', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The people file is there and cannot be read: nobody can sign in, and nothing was done. The message names the file. */
export class PeopleUnreadable extends Error {}

/** A person of the people file. Roles live in that file, by digest, never in a table. */
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
