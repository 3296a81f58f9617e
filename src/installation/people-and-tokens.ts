import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { createStore } from '../adapters/postgres/index.js';
import { ROLES, type Person, type Role } from '../domain/people.js';
import { utcText } from '../domain/time.js';
import { homeDirectory } from '../platform/install-root.js';
import { ensureHome, writeWhole } from '../platform/own-files.js';

const HOUR_MS = 3_600_000;

export function peoplePath(): string {
  return process.env.FIXPOINT_PEOPLE ?? join(homeDirectory(), 'people.json');
}

/** The people of the people file; none where there is no file yet. @throws Error when the file cannot be read: then nobody may write it */
export function readPeople(): readonly Person[] {
  const path = peoplePath();
  if (!existsSync(path)) return [];
  const unreadable = (why: string) =>
    new Error(`${path} cannot be read: ${why}. Nothing was written. Correct the file.`);
  let read: { readonly people?: unknown };
  try {
    read = JSON.parse(readFileSync(path, 'utf8')) as { readonly people?: unknown };
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  if (!Array.isArray(read?.people)) throw unreadable('it has no list "people"');
  return read.people as readonly Person[];
}

/** Adds a person to the people file, or gives one other roles. */
export function savePerson(id: string, name: string, roles: readonly string[]): void {
  const wrong = roles.find((role) => !ROLES.includes(role as Role));
  if (wrong !== undefined) throw new Error(`Unknown role ${wrong}. Roles are ${ROLES.join(', ')}.`);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id))
    throw new Error('An id has lower-case letters, digits, dots, underscores and hyphens.');
  const people = [...readPeople().filter((person) => person.id !== id), { id, name, roles: roles as readonly Role[] }];
  const path = peoplePath();
  if (!existsSync(dirname(path))) ensureHome(dirname(path));
  // Whole or not at all: the processes read it at any time.
  writeWhole(path, `${JSON.stringify({ people }, null, 2)}\n`, 0o644);
}

/** A new token for a person; shown once, stored as a digest. Personal ones live 12 hours, service ones 90 days. */
export async function issueToken(databaseUrl: string, person: string, kind: 'personal' | 'service'): Promise<string> {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const createdAt = new Date();
  const lifeMs = kind === 'personal' ? 12 * HOUR_MS : 90 * 24 * HOUR_MS;
  const record = createStore(databaseUrl, { max: 1 });
  try {
    await record.tokens.create(
      {
        id,
        person,
        kind,
        secretSha256: createHash('sha256').update(secret).digest('hex'),
        createdAt,
        expiresAt: new Date(createdAt.getTime() + lifeMs - 1000),
      },
      {
        v: 1,
        eventId: uuidv7(),
        action: 'token.issued',
        outcome: 'success',
        at: utcText(createdAt),
        actor: { type: 'service', id: 'command-line', name: 'command line of this machine', roles: [] },
        job: null,
        target: null,
        data: { token: id, person, kind },
      },
    );
  } finally {
    await record.close();
  }
  return `fxp_${id}_${secret}`;
}
