import { stat } from 'node:fs/promises';
import { sha256 } from '../../domain/digest.js';
import { PeopleUnreadable, ROLES, type People, type Person, type Role } from '../../domain/people.js';
import { readOwnFile } from '../../platform/read-own-file.js';
import type { PeopleSource } from '../../ports/people.js';

/** The people file: `{ "people": [{ "id", "name", "roles": [] }] }`. Read again whenever it changes. @throws PeopleUnreadable */
export function createPeopleFile(path: string): PeopleSource {
  let known: { readonly stamp: string; readonly people: People } | undefined;
  return {
    async read() {
      try {
        const found = await stat(path);
        const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
        if (known?.stamp !== stamp) known = { stamp, people: parse(await readOwnFile(path)) };
        return known.people;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return NOBODY;
        throw new PeopleUnreadable(message.startsWith(path) ? message : `${path}: ${message}`);
      }
    },
  };
}

const NOBODY: People = { digest: sha256(''), find: () => undefined, all: [] };

function parse(text: string): People {
  const wrong = (why: string) => new Error(why);
  const people = (JSON.parse(text) as { readonly people?: readonly (Partial<Person> | null)[] } | null)?.people;
  if (!Array.isArray(people)) throw wrong('must hold { "people": [ … ] }');
  const byId = new Map<string, Person>();
  for (const entry of people as readonly (Partial<Person> | null)[]) {
    const { id, name, roles } = entry ?? {};
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
