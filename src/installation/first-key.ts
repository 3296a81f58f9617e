import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signFirst } from '../adapters/keys/person-keys.js';
import { createStore } from '../adapters/postgres/index.js';
import { utcText } from '../domain/time.js';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';
import type { KeyEntry, KeyRequest } from '../ports/person-keys.js';

const JUDGED_WITHIN_MS = 10_000;
const LOOK_MS = 200;

/** The private key of `authority`, as FIXPOINT_GRANT_KEY or the home names it. */
export function grantKeyFile(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_GRANT_KEY) ?? join(homeDirectory(), 'keys', 'grant.pem');
}

/** The request of a key, from the database of this machine. */
export async function keyRequest(databaseUrl: string, id: string): Promise<KeyRequest | undefined> {
  const record = createStore(databaseUrl, { max: 1 });
  try {
    return (await record.personKeys.entry(id))?.request;
  } finally {
    await record.close();
  }
}

/**
 * Confirms the first key of an installation with the private grant key, and waits for `authority` to judge that. The database gives no
 * right to it: whoever cannot read that key confirms nothing.
 * @returns the key as it is then; undefined where the request was confirmed or judged meanwhile
 * @throws Error when the private key cannot be read
 */
export async function confirmFirstKey(
  databaseUrl: string,
  grantKey: string,
  { id, person, kid, publicKey }: Pick<KeyRequest, 'id' | 'person' | 'kid' | 'publicKey'>,
): Promise<KeyEntry | undefined> {
  const at = utcText(new Date());
  const signed = await signFirst(grantKey, { key: id, person, kid, publicKey, by: null, at });
  const record = createStore(databaseUrl, { max: 1 });
  try {
    const { personKeys: keys } = record;
    if (!(await keys.confirm(id, { by: null, at, ...signed }))) return undefined;
    const deadline = performance.now() + JUDGED_WITHIN_MS;
    for (;;) {
      const entry = await keys.entry(id);
      if (entry?.request.status !== 'pending' || performance.now() > deadline) return entry;
      await sleep(LOOK_MS);
    }
  } finally {
    await record.close();
  }
}
