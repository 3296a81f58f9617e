import type { ChangeClass, Manifest, Risk } from '../manifest.js';
import type { Person } from '../people.js';
import type { Target } from '../target.js';
import type { Action } from './actions.js';

/** What a rule may ask about a runbook. Without a manifest that can be trusted, risk and classes are not known. */
export interface RunbookFacts {
  readonly id: string;
  /** The highest risk of its actions. */
  readonly risk?: Risk;
  /** The classes of its actions. */
  readonly classes?: readonly ChangeClass[];
}

export type TargetFacts = Pick<Target, 'id' | 'name' | 'kind' | 'tier' | 'site' | 'tags'>;

/** One question to the policy. Every fact that `ACTIONS` names for the action must be there, or the answer is no. */
export interface PolicyRequest {
  readonly action: Action;
  readonly person: Pick<Person, 'id' | 'roles'>;
  readonly target?: TargetFacts;
  readonly runbook?: RunbookFacts;
  /** The person is the requester of the job. */
  readonly own?: boolean;
  /** `decide` only: false where the decision is a rejection, which a requester may make. Absent counts as an approval. */
  readonly approves?: boolean;
  /** The job would touch an object that nobody may change. */
  readonly protectedObject?: boolean;
}

const RISKS: readonly Risk[] = ['R0', 'R1', 'R2', 'R3'];

/** The facts of a runbook, from its manifest. A runbook without actions has risk R0 and no classes. */
export function runbookFacts({ id, actions }: Pick<Manifest, 'id' | 'actions'>): RunbookFacts {
  const rules = Object.values(actions);
  const highest = Math.max(0, ...rules.map(({ risk }) => RISKS.indexOf(risk)));
  return { id, risk: RISKS[highest] ?? 'R3', classes: [...new Set(rules.map((rule) => rule.class))] };
}
