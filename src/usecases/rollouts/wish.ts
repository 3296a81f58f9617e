import type { ValueObject } from '../../domain/canonical.js';
import type { TargetScope } from '../../domain/policy/policy.js';
import type { AskedDeclaration, Declaration } from '../../domain/rollouts/declaration.js';

/** What a person asks for: one runbook over a list or a filter, and how many items they expect it to have. */
export interface RolloutWish extends AskedDeclaration {
  readonly runbook: string;
  readonly reason: string;
  readonly ticket?: string;
  /** The items, such as the rows of a table. Either these, a filter, a selection, or an earlier rollout. */
  readonly items?: readonly { readonly target: string; readonly parameters?: ValueObject }[];
  readonly select?: TargetScope;
  /** Id or name of a selection. */
  readonly selection?: string;
  readonly retryOf?: string;
  /** Of every item; what an item says itself wins. */
  readonly parameters?: ValueObject;
  /** The number of items, typed by the person. */
  readonly expect: number;
}

/** One item before it is checked. */
export interface ChosenItem {
  /** Id or name of a target. */
  readonly target: string;
  readonly parameters: ValueObject;
}

/** What a wish is over. `again`: how the rollout was carried out whose items are asked for again. */
export interface Chosen {
  readonly items: readonly ChosenItem[];
  readonly again?: Declaration;
}

export type SelectionFailure =
  | { readonly kind: 'selection-not-found'; readonly name?: string }
  | {
      readonly kind:
        | 'selection-empty'
        | 'selection-unbounded'
        | 'selection-unclear'
        | 'rollout-not-found'
        | 'not-ended-rollout'
        | 'rollout-is-rollback';
    };
