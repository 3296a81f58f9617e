import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createAdmittedPolicy } from '../adapters/identity/admitted-policy.js';
import { createPolicyFile } from '../adapters/identity/policy-file.js';
import { openAdmissionVerifier } from '../adapters/keys/index.js';
import { createStore } from '../adapters/postgres/index.js';
import { createValueChecker } from '../adapters/runbook-files/index.js';
import { BUILT_IN_RIGHTS, type Rights } from '../domain/policy/rights.js';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';
import { apiDatabaseUrl } from './database-url.js';
import { publicKeysPath } from './public-files.js';

/** The policy file of this installation, whether it is there or not. */
export function policyPath(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_POLICY) ?? join(homeDirectory(), 'policy.json');
}

/** The policy that a file holds. @throws PolicyUnreadable with every mistake; Error where there is no such file */
export async function policyIn(path: string): Promise<Rights> {
  if (!existsSync(path)) throw new Error(`${path} is not there.`);
  return createPolicyFile(path, createValueChecker()).read();
}

/** The policy by which this installation decides, as far as this machine can say. */
export interface PolicyHere {
  readonly rights: Rights;
  /** Where it is from: the path of its file, or words. */
  readonly from: string;
  /** Why it cannot be used or read; `rights` is the built-in policy then, for questions that are no decisions. */
  readonly problem?: string;
  /** A policy file that counts for nothing, because in production two people admit the policy. */
  readonly ignored?: string;
}

const BUILT_IN: PolicyHere = { rights: BUILT_IN_RIGHTS, from: 'built in: there is no policy file' };

/** The policy of this installation: in development its file, in production the one that two people admitted. */
export async function policyHere(path = policyPath()): Promise<PolicyHere> {
  if (process.env.FIXPOINT_MODE === 'production') return admittedPolicy(path);
  if (!existsSync(path)) return BUILT_IN;
  try {
    return { rights: await policyIn(path), from: path };
  } catch (error) {
    return { rights: BUILT_IN_RIGHTS, from: path, problem: (error as Error).message };
  }
}

async function admittedPolicy(path: string): Promise<PolicyHere> {
  const ignored = existsSync(path) ? { ignored: path } : {};
  try {
    const { subjectAdmissions, close } = createStore(apiDatabaseUrl(), { max: 1 });
    try {
      const { verifySubjectAdmission } = openAdmissionVerifier(publicKeysPath());
      const values = createValueChecker();
      const rights = await createAdmittedPolicy(subjectAdmissions, () => verifySubjectAdmission, values).read();
      const isBuiltIn = rights.digest === BUILT_IN_RIGHTS.digest;
      return { rights, from: isBuiltIn ? 'built in: nobody admitted another' : 'admitted by two people', ...ignored };
    } finally {
      await close();
    }
  } catch (error) {
    return { rights: BUILT_IN_RIGHTS, from: 'unknown', problem: (error as Error).message, ...ignored };
  }
}
