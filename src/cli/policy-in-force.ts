import { Refusal } from './api/refusal.js';

/** The module that reads policies, loaded where a command needs it. */
export const loadPolicies = () => import('../installation/policy.js');

/** @throws Refusal where the file cannot be used: nothing is allowed then, and nothing can be explained by another policy */
export async function policyInForce() {
  const here = await (await loadPolicies()).policyHere();
  if (here.problem !== undefined) return unusable(new Error(here.problem));
  return here;
}

/** @throws Refusal with the mistakes of a policy file */
export function unusable(error: unknown): never {
  const { message } = error as Error;
  throw new Refusal({ code: 'policy-unusable', title: 'The policy file cannot be used.', detail: message });
}
