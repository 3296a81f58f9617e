import { existsSync } from 'node:fs';
import { ensureGrantKey } from '../adapters/keys/index.js';
import type { Person } from '../domain/people.js';
import { PRIVATE_FILE, writeOnce } from '../platform/own-files.js';
import type { Settings } from '../processes/compose.js';
import { prepareDatabase } from '../processes/supervisor.js';
import { credentialsPath } from './credentials.js';
import { withOwnServer } from './own-server.js';
import { addPerson, checkPerson, peoplePath, readPeople } from './people.js';
import { issueToken } from './tokens.js';

/** Roles of the first person: who sets an installation up, looks after it and reads its audit log, but neither requests nor approves. */
const FIRST_ROLES = ['admin', 'operator', 'auditor'] as const;

export interface Initialised {
  readonly home: string;
  readonly person: Person;
  /** Shown once, valid for 12 hours. */
  readonly token: string;
  /** Files that were there before and stay as they were. */
  readonly kept: readonly string[];
}

/**
 * Makes a new installation: its database, the keys that sign approvals, an empty credentials file, and the first person with a token.
 * A home that has some of it is completed: what is there stays, a person who is there keeps their name and roles.
 * @throws Error when this home has people and keys already: then nothing is changed
 */
export async function initialise(
  settings: Settings,
  { id, name }: Pick<Person, 'id' | 'name'>,
  log: (message: string) => void,
): Promise<Initialised> {
  const { home, grantPrivateKey, grantPublicKey } = settings.config;
  if (existsSync(peoplePath()) && existsSync(grantPrivateKey))
    throw new Error(`${home} is set up already: ${peoplePath()} is there. Add people with: fixpoint person add`);
  // Before anything is made: a wrong id leaves nothing behind.
  checkPerson(id, name, FIRST_ROLES);
  const known = readPeople().find((one) => one.id === id);
  const kept = [peoplePath(), credentialsPath(), grantPrivateKey, grantPublicKey].filter((path) => existsSync(path));
  return withOwnServer(settings, log, async ({ adminUrl, embedded }) => {
    const urls = await prepareDatabase(home, adminUrl, embedded);
    await ensureGrantKey(grantPrivateKey, grantPublicKey);
    if (!existsSync(credentialsPath())) writeOnce(credentialsPath(), '{ "credentials": {} }\n', PRIVATE_FILE);
    const token = await issueToken(urls.api, id, 'personal');
    // Last: with it the home counts as set up.
    const person = known ?? addPerson(id, name, FIRST_ROLES);
    return { home, person, token, kept };
  });
}
