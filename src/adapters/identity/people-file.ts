import { stat } from 'node:fs/promises';
import { sha256 } from '../../domain/digest.js';
import { ROLES, type People, type Person, type Role } from '../../domain/people.js';
import { readOwnFile } from '../../platform/read-own-file.js';
import type { PeopleSource } from '../../ports/people.js';

/** The people file: `{ "people": [{ "id", "name", "roles": [] }] }`. Read again whenever it changes. */
export function createPeopleFile(path: string): PeopleSource {
  let known: { readonly stamp: string; readonly people: People } | undefined;
  return {
    async read() {
      const found = await stat(path).catch(() => undefined);
      if (!found) return NOBODY;
      const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
      if (known?.stamp !== stamp) known = { stamp, people: parse(path, await readOwnFile(path)) };
      return known.people;
    },
  };
}

const NOBODY: People = { digest: sha256(''), find: () => undefined, all: [] };

function parse(path: string, text: string): People {
  const wrong = (why: string) => new Error(`${path}: ${why}`);
  const { people } = JSON.parse(text) as { readonly people?: readonly Partial<Person>[] };
  if (!Array.isArray(people)) throw wrong('must hold { "people": [ … ] }');
  const byId = new Map<string, Person>();
  for (const { id, name, roles } of people as readonly Partial<Person>[]) {
    if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id))
      throw wrong(`"${String(id)}" is no id of a person`);
    if (typeof name !== 'string' || name.length === 0 || name.length > 120) throw wrong(`${id} needs a name`);
    if (!Array.isArray(roles) || !roles.every((role: Role) => ROLES.includes(role)))
      throw wrong(`${id} has a role that is none of ${ROLES.join(', ')}`);
    if (byId.has(id)) throw wrong(`${id} is there twice`);
    byId.set(id, { id, name, roles });
  }
  return { digest: sha256(text), find: (id) => byId.get(id), all: [...byId.values()] };
}
