import { stat } from 'node:fs/promises';
import { sha256 } from '../../domain/digest.js';
import { policyMistakes } from '../../domain/policy/mistakes.js';
import { PolicyUnreadable, type Policy } from '../../domain/policy/policy.js';
import { BUILT_IN_RIGHTS, rightsBy, type Rights } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { readOwnFile } from '../../platform/read-own-file.js';
import type { RightsSource } from '../../ports/rights.js';
import type { ValueChecker } from '../../ports/values.js';
import { PolicySchema } from './policy-schema.js';

/** A rule is four levels deep; 1 MiB holds more rules than anybody reads. */
const LIMITS = { depth: 8, bytes: 1024 * 1024 };
/** Mistakes that one message names. */
const MOST = 20;

/**
 * The policy file: `{ "rules": [ … ] }`. Read again whenever it changes; where there is none, the built-in policy counts.
 * @throws PolicyUnreadable
 */
export function createPolicyFile(path: string, values: ValueChecker): RightsSource {
  let known: { readonly stamp: string; readonly rights: Rights } | undefined;
  const fresh = async (): Promise<Rights> => {
    const found = await stat(path);
    const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (known?.stamp !== stamp) known = { stamp, rights: await readRights(path, values) };
    return known.rights;
  };
  return {
    read: () =>
      fresh().catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return BUILT_IN_RIGHTS;
        throw error instanceof PolicyUnreadable ? error : new PolicyUnreadable(placed(path, error.message));
      }),
  };
}

async function readRights(path: string, values: ValueChecker): Promise<Rights> {
  const text = await readOwnFile(path);
  const policy = policyOf(JSON.parse(text), values);
  if (policy.ok) return rightsBy(policy.value, sha256(text));
  const more = policy.error.length > MOST ? `; and ${policy.error.length - MOST} more` : '';
  throw new PolicyUnreadable(`${path} has mistakes: ${policy.error.slice(0, MOST).join('; ')}${more}`);
}

const placed = (path: string, message: string): string => (message.startsWith(path) ? message : `${path}: ${message}`);

/** A parsed policy file as a policy, or every mistake with its path. */
function policyOf(read: unknown, values: ValueChecker): Result<Policy, readonly string[]> {
  const checked = values.check({ ...PolicySchema }, read, LIMITS);
  const mistakes = checked.ok ? policyMistakes(checked.value as unknown as Policy) : checked.error;
  if (checked.ok && mistakes.length === 0) return ok(checked.value as unknown as Policy);
  return fail(mistakes.map(({ path, message }) => `${path === '' ? '/' : path} ${message}`));
}
