import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createPolicyFile } from '../adapters/identity/policy-file.js';
import { createValueChecker } from '../adapters/runbook-files/index.js';
import { BUILT_IN_RIGHTS, type Rights } from '../domain/policy/rights.js';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';

/** The policy file of this installation, whether it is there or not. */
export function policyPath(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_POLICY) ?? join(homeDirectory(), 'policy.json');
}

/** The policy that a file holds. @throws PolicyUnreadable with every mistake; Error where there is no such file */
export async function policyIn(path: string): Promise<Rights> {
  if (!existsSync(path)) throw new Error(`${path} is not there.`);
  return createPolicyFile(path, createValueChecker()).read();
}

/**
 * The policy of this installation: its file, or the built-in one where there is none. Of a file that cannot be used: `problem`, in words
 * that name what to correct, and the built-in policy, for questions that are no decisions.
 */
export async function policyHere(path = policyPath()): Promise<{
  readonly rights: Rights;
  /** `file`: its path. The built-in policy has none. */
  readonly file?: string;
  readonly problem?: string;
}> {
  if (!existsSync(path)) return { rights: BUILT_IN_RIGHTS };
  try {
    return { rights: await policyIn(path), file: path };
  } catch (error) {
    return { rights: BUILT_IN_RIGHTS, file: path, problem: (error as Error).message };
  }
}
