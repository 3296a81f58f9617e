import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Lab, LabTarget } from '../lab/index.js';
import type { Client } from '../src/cli/api/client.js';
import { Refusal } from '../src/cli/api/refusal.js';
import { Unchecked, type Target } from '../src/cli/api/types.js';
import { canonicalJson } from '../src/domain/canonical.js';
import {
  changeCredentialsFile,
  credentialsPath,
  readCredentials,
  type CredentialEntry,
  type CredentialsFile,
} from '../src/installation/credentials.js';

/** What became of a target of the laboratory in the inventory. */
export interface Registered {
  readonly name: string;
  readonly outcome: 'added' | 'changed' | 'unchanged';
}

type Estate = Pick<Lab, 'inventory' | 'credentialsFile'>;

/**
 * Brings the targets of the laboratory into the inventory and its credentials into the worker's file; both may be there already, of an
 * earlier start. What has the same name and is not the laboratory's stays, and nothing is written then. @throws Refusal
 */
export async function registerEstate(client: Client, estate: Estate): Promise<readonly Registered[]> {
  const known = await knownTargets(client, estate.inventory);
  await registerCredentials(estate);
  return registerTargets(client, estate.inventory, known);
}

/** Whether this person may register; asked before the laboratory is started. @throws Refusal */
export async function assertMayRegister(client: Client): Promise<void> {
  const { id, name, may } = await client.get('/v1/me');
  if (!may.includes('edit-targets'))
    throw new Refusal({
      code: 'not-allowed',
      title: `${name} (${id}) may not change the inventory.`,
      detail: 'To register targets needs the right edit-targets.',
    });
}

/** The inventory's targets of those names. @throws Refusal when one is not the laboratory's */
async function knownTargets(client: Client, inventory: readonly LabTarget[]): Promise<ReadonlyMap<string, Target>> {
  const known = new Map<string, Target>();
  for (const { name } of inventory) {
    const target = await client.get('/v1/targets/{id}', { path: { id: name } }).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'target-not-found') return undefined;
      throw error;
    });
    if (target?.tags.includes('lab') === false)
      throw new Refusal({
        code: 'name-taken',
        title: `The inventory has a target ${name} that is not the laboratory's: it has no tag lab.`,
        detail: `Nothing was registered. Rename it first: fixpoint target edit ${name} --name <name>`,
      });
    if (target) known.set(name, target);
  }
  return known;
}

async function registerTargets(
  client: Client,
  inventory: readonly LabTarget[],
  known: ReadonlyMap<string, Target>,
): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  for (const target of inventory) {
    const { name } = target;
    const old = known.get(name);
    const body = new Unchecked(target);
    if (!old) await client.post('/v1/targets', { body });
    else if (!isSame(old, target)) await client.patch('/v1/targets/{id}', { path: { id: old.id }, body });
    registered.push({ name, outcome: !old ? 'added' : isSame(old, target) ? 'unchanged' : 'changed' });
  }
  return registered;
}

/** The laboratory has new ports and host keys at each start. A list that was not given is stored as an empty one. */
function isSame({ id: _, ...known }: Target, target: LabTarget): boolean {
  const plain = (of: LabTarget | typeof known) => {
    const given = Object.entries(of.settings).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
    return canonicalJson({ ...of, settings: Object.fromEntries(given) });
  };
  return plain(known) === plain(target);
}

/** Adds the laboratory's entries and its authority to the worker's file. @throws Refusal when a name is in use for another secret */
async function registerCredentials({ credentialsFile }: Estate): Promise<void> {
  // The demo's worker reads the laboratory's own file.
  if (resolve(credentialsPath()) === resolve(credentialsFile)) return;
  const ours = JSON.parse(readFileSync(credentialsFile, 'utf8')) as CredentialsFile;
  const { credentials: theirs } = await readCredentials();
  for (const [name, { reference }] of Object.entries(ours.credentials)) {
    const entry = Object.hasOwn(theirs, name) ? theirs[name] : undefined;
    if (entry && entry.reference !== reference)
      throw new Refusal({
        code: 'credential-exists',
        title: `There is a credential ${name} that is not the laboratory's.`,
        detail: 'Nothing was registered. Remove it, or use another home for the laboratory.',
      });
  }
  await changeCredentialsFile((file) => ({ ...file, ...together(file, ours) }));
}

/** Both files in one. An entry keeps the targets that it was allowed on since. */
function together(file: CredentialsFile, ours: CredentialsFile): CredentialsFile {
  const credentials = Object.entries(ours.credentials).map(([name, entry]) => {
    const before = Object.hasOwn(file.credentials, name) ? (file.credentials[name]?.targets ?? []) : [];
    return [name, { ...entry, targets: [...new Set([...entry.targets, ...before])] }] satisfies [
      string,
      CredentialEntry,
    ];
  });
  return {
    credentials: { ...file.credentials, ...Object.fromEntries(credentials) },
    trustedCas: [...new Set([...(file.trustedCas ?? []), ...(ours.trustedCas ?? [])])],
  };
}
