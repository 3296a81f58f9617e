import { ACTIONS, factsOf, type Action, type Fact } from './actions.js';
import type { AccessRule, Policy, Rule } from './policy.js';

/** `path`: JSON Pointer into the policy. `message` continues a sentence whose subject is what is there. */
export interface PolicyMistake {
  readonly path: string;
  readonly message: string;
}

/** What a schema cannot say: rules that share an id, and limits that an action of the rule does not have. */
export function policyMistakes({ rules }: Policy): readonly PolicyMistake[] {
  return rules.flatMap((rule, index) => [...repeated(rules, rule, index), ...pointless(rule, index)]);
}

function repeated(rules: readonly Rule[], { id }: Rule, index: number): readonly PolicyMistake[] {
  const first = rules.findIndex((one) => one.id === id);
  return first === index ? [] : [{ path: `/rules/${index}/id`, message: `is the id of rule ${first} too: ${id}` }];
}

function pointless(rule: Rule, index: number): readonly PolicyMistake[] {
  if (rule.effect === 'require') return [];
  const limits = { targets: rule.targets, runbooks: rule.runbooks, conditions: rule.conditions };
  return (Object.keys(limits) as (keyof typeof limits)[]).flatMap((member) => {
    const wrong = limits[member] === undefined ? undefined : rule.actions.find((action) => !has(action, member));
    if (wrong === undefined) return [];
    const can = (Object.keys(ACTIONS) as Action[]).filter((action) => has(action, member));
    return [{ path: `/rules/${index}/${member}`, message: `cannot limit ${wrong}; it can limit ${can.join(', ')}` }];
  });
}

const FACTS = { targets: 'target', runbooks: 'runbook', conditions: 'own' } as const satisfies Partial<
  Record<keyof AccessRule, Fact>
>;

const has = (action: Action, member: keyof typeof FACTS): boolean => factsOf(action).includes(FACTS[member]);
