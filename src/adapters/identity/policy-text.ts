import { sha256 } from '../../domain/digest.js';
import { policyMistakes } from '../../domain/policy/mistakes.js';
import type { Policy } from '../../domain/policy/policy.js';
import { rightsBy, type Rights } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { ValueChecker } from '../../ports/values.js';
import { PolicySchema } from './policy-schema.js';

/** A rule is four levels deep; 1 MiB holds more rules than anybody reads. */
const LIMITS = { depth: 8, bytes: 1024 * 1024 };
/** Mistakes that one message names. */
const MOST = 20;

/**
 * The policy that a text holds, with the digest of the text; or its mistakes, each with its path.
 * @throws SyntaxError where it is no JSON
 */
export function rightsOfText(text: string, values: ValueChecker): Result<Rights, string> {
  const policy = policyOf(JSON.parse(text), values);
  if (policy.ok) return ok(rightsBy(policy.value, sha256(text)));
  const more = policy.error.length > MOST ? `; and ${policy.error.length - MOST} more` : '';
  return fail(`${policy.error.slice(0, MOST).join('; ')}${more}`);
}

/** The same of a text that somebody sent: that it is no JSON is a mistake like the others. */
export function judgedPolicyText(text: string, values: ValueChecker): Result<Rights, string> {
  try {
    return rightsOfText(text, values);
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** A parsed policy as it counts, or every mistake with its path. */
function policyOf(read: unknown, values: ValueChecker): Result<Policy, readonly string[]> {
  const checked = values.check({ ...PolicySchema }, read, LIMITS);
  const mistakes = checked.ok ? policyMistakes(checked.value as unknown as Policy) : checked.error;
  if (checked.ok && mistakes.length === 0) return ok(checked.value as unknown as Policy);
  return fail(mistakes.map(({ path, message }) => `${path === '' ? '/' : path} ${message}`));
}
