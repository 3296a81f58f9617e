import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ROLES, type Person, type Role } from '../domain/people.js';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';
import { ensureHome, writeWhole } from '../platform/own-files.js';
import { readOwnFileSync } from '../platform/read-own-file.js';

export function peoplePath(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_PEOPLE) ?? join(homeDirectory(), 'people.json');
}

/** The people of the people file; none where there is no file yet. @throws Error when the file cannot be read: then nobody may write it */
export function readPeople(): readonly Person[] {
  const path = peoplePath();
  if (!existsSync(path)) return [];
  const unreadable = (why: string) =>
    new Error(`${path} cannot be read: ${why}. Nothing was written. Correct the file.`);
  let read: { readonly people?: unknown };
  try {
    read = JSON.parse(readOwnFileSync(path)) as { readonly people?: unknown };
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  if (!Array.isArray(read?.people)) throw unreadable('it has no list "people"');
  return read.people as readonly Person[];
}

/** @throws Error when nobody may have such an id or such roles */
export function checkPerson(id: string, name: string, roles: readonly string[]): Person {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id))
    throw new Error(`${id} is no id: an id has lower-case letters, digits, dots, underscores and hyphens.`);
  if (name.trim() === '' || name.length > 120) throw new Error('A name has 1 to 120 characters.');
  const wrong = roles.find((role) => !ROLES.includes(role as Role));
  if (wrong !== undefined) throw new Error(`Unknown role ${wrong}. Roles are ${ROLES.join(', ')}.`);
  return { id, name, roles: [...new Set(roles as readonly Role[])] };
}

/** Adds a person to the people file. @throws Error when the id is taken */
export function addPerson(id: string, name: string, roles: readonly string[]): Person {
  const person = checkPerson(id, name, roles);
  const people = readPeople();
  const known = people.find((one) => one.id === id);
  if (known)
    throw new Error(`${known.name} has the id ${id} already. Change them with: fixpoint person set ${id} --roles …`);
  writePeople([...people, person]);
  return person;
}

/** What the people file would become, and what it is. */
export interface PeopleChange {
  readonly person: Person;
  readonly before: readonly Person[];
  readonly after: readonly Person[];
}

/** A person with another name or other roles; nothing is written. @throws Error when there is no such person */
export function personSet(
  id: string,
  change: { readonly name?: string; readonly roles?: readonly string[] },
): PeopleChange {
  const known = needPerson(id);
  const person = checkPerson(id, change.name ?? known.name, change.roles ?? known.roles);
  const before = readPeople();
  return { person, before, after: before.map((one) => (one.id === id ? person : one)) };
}

/** Everybody but this person; nothing is written. @throws Error when there is no such person */
export function personRemoved(id: string): PeopleChange {
  const person = needPerson(id);
  const before = readPeople();
  return { person, before, after: before.filter((one) => one.id !== id) };
}

/**
 * Writes the change, which counts at the next request of each person: who was removed no longer signs in.
 * @throws Error when the file was changed since it was read
 */
export function changePeople({ before, after }: PeopleChange): void {
  if (!isDeepStrictEqual(readPeople(), before))
    throw new Error(`${peoplePath()} was changed meanwhile. Nothing was written. Run the command again.`);
  writePeople(after);
}

function needPerson(id: string): Person {
  const people = readPeople();
  const known = people.find((one) => one.id === id);
  if (known) return known;
  throw new Error(`There is no person ${id}. There are: ${people.map((one) => one.id).join(', ') || 'none'}.`);
}

function writePeople(people: readonly Person[]): void {
  const path = peoplePath();
  if (!existsSync(dirname(path))) ensureHome(dirname(path));
  // Whole or not at all: the processes read it at any time.
  writeWhole(path, `${JSON.stringify({ people }, null, 2)}\n`, 0o644);
}
