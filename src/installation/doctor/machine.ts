import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createPeopleFile } from '../../adapters/identity/people-file.js';
import { readJson } from '../../platform/file-fault.js';
import { composeGate, type Settings } from '../../processes/compose.js';
import { SECRET_VARIABLES } from '../../processes/secrets.js';
import type { Person, Role } from '../../domain/people.js';
import type { Rights } from '../../domain/policy/rights.js';
import { policyHere } from '../policy.js';
import { finding, type Finding } from './finding.js';

const LITTLE_BYTES = 1024 ** 3;
const LITTLE_SHARE = 0.05;

/** Files of the installation and their modes. */
export async function lookAtFiles({ config }: Settings): Promise<readonly Finding[]> {
  const { home, grantPrivateKey, grantPublicKey, credentialsFile, peopleFile, policyFile } = config;
  // In production the one function that judges a set-up judges modes too.
  const secret =
    config.mode === 'production'
      ? []
      : [
          grantPrivateKey,
          credentialsFile,
          join(home, 'connection.json'),
          join(home, 'postgres.password'),
          ...['api', 'authority', 'relay', 'worker', 'queue'].map((role) => join(home, 'keys', `${role}.password`)),
          ...Object.keys(SECRET_VARIABLES).map((key) => join(home, 'keys', `${key}.secret`)),
        ];
  const found: Finding[] = [];
  for (const path of secret) {
    const mode = await stat(path).then(
      (file) => file.mode & 0o777,
      () => undefined,
    );
    if (mode !== undefined && (mode & 0o077) !== 0)
      found.push(finding('file-permissions', `${path} has mode ${mode.toString(8)}`));
  }
  if (!existsSync(grantPublicKey)) found.push(finding('file-missing', grantPublicKey));
  for (const path of [grantPublicKey, credentialsFile, join(home, 'connection.json')]) {
    const wrong = malformed(path);
    if (wrong !== undefined) found.push(finding('file-malformed', wrong));
  }
  const { rights, problem, ignored } = await policyHere(policyFile);
  if (problem !== undefined) found.push(finding('policy-unusable', problem));
  if (ignored !== undefined) found.push(finding('policy-file-ignored', ignored));
  return [...found, ...(await lookAtPeople(peopleFile, rights))];
}

function malformed(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    readJson(path);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Without one of these something of the daily work can be done by nobody. */
const NEEDED: readonly Role[] = ['admin', 'approver', 'operator'];

async function lookAtPeople(path: string, rights: Rights): Promise<readonly Finding[]> {
  if (!existsSync(path)) return [finding('approvers-missing', `${path} is not there`)];
  let people: readonly Person[];
  try {
    people = (await createPeopleFile(path).read()).all;
  } catch (error) {
    return [finding('file-malformed', (error as Error).message)];
  }
  const may = (action: 'submit' | 'decide') => people.filter((person) => !rights.denialAnywhere(person, action));
  const pair = may('submit').some((one) => may('decide').some((other) => other.id !== one.id));
  // Without an approver the first finding says it all.
  const needed = NEEDED.filter(
    (role) => (pair || role !== 'approver') && !people.some(({ roles }) => roles.includes(role)),
  );
  return [
    ...(pair ? [] : [finding('approvers-missing', path)]),
    ...needed.map((role) => finding('role-unheld', `${role}, in ${path}`)),
  ];
}

/** Space where the database and the spools are. */
export async function lookAtDisk({ config }: Settings): Promise<readonly Finding[]> {
  if (!existsSync(config.home)) return [];
  const { bavail, blocks, bsize } = await statfs(config.home);
  const free = bavail * bsize;
  if (free >= LITTLE_BYTES && free / (blocks * bsize) >= LITTLE_SHARE) return [];
  return [finding('disk-space-low', `${Math.round(free / 1024 ** 2)} MB free at ${config.home}`)];
}

/** The engine, by starting one. */
export async function lookAtEngine({ config }: Settings): Promise<{ findings: readonly Finding[]; engine?: string }> {
  const host = composeGate(config);
  try {
    return { findings: [], engine: await host.engineDigest() };
  } catch (error) {
    const missing = (error as { code?: string }).code === 'engine-missing';
    return { findings: [finding(missing ? 'engine-missing' : 'engine-failed', (error as Error).message)] };
  } finally {
    await host.close();
  }
}
