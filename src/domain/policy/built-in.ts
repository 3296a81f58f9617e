import { factsOf, type Action } from './actions.js';
import type { PolicyRequest } from './request.js';

/** What no policy can allow. The names have a character that no rule of a file may have in its id. */
export const BUILT_IN = {
  incomplete: 'built-in:incomplete',
  tierZero: 'built-in:tier-0',
  ownRequest: 'built-in:own-request',
  protectedObject: 'built-in:protected-object',
} as const;

export interface BuiltInDenial {
  readonly rule: (typeof BUILT_IN)[keyof typeof BUILT_IN];
  readonly words: string;
}

/** What lets a runbook run on a target, be it to read only. */
const BEGINS: readonly Action[] = ['submit', 'plan', 'scan', 'rollback', 'schedule'];

/** The built-in rule that denies a request, whatever the policy says; undefined where none does. */
export function builtInDenial(request: PolicyRequest): BuiltInDenial | undefined {
  const { action, person, target, own, approves = true, protectedObject = false } = request;
  const missing = factsOf(action).find((fact) => request[fact] === undefined);
  if (missing !== undefined) return { rule: BUILT_IN.incomplete, words: `the ${missing} of the request is not known` };
  const privileged = person.roles.includes('operator') || person.roles.includes('admin');
  const begins = BEGINS.includes(action);
  if (begins && target?.tier === 0 && !privileged)
    return { rule: BUILT_IN.tierZero, words: 'tier 0 targets are closed to the helpdesk' };
  if (action === 'decide' && own && approves)
    return { rule: BUILT_IN.ownRequest, words: 'a requester never approves their own request' };
  if (protectedObject && (begins || (action === 'decide' && approves)))
    return { rule: BUILT_IN.protectedObject, words: 'the object is protected' };
  return undefined;
}
