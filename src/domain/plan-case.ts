import type { ValueObject } from './canonical.js';
import type { JsonSchema } from './manifest.js';
import type { PlannedChange } from './plan.js';

/** One case of `tests/plan.json`: what Plan must say to these parameters and this state. */
export interface PlanCase {
  readonly title: string;
  /** `$Parameters`: what a requester gives, and the supplied values that the manifest names. */
  readonly parameters: ValueObject;
  /** `$State`: what Detect returned. */
  readonly state: ValueObject;
  /** Every change, in order. Either this or `refuses`. */
  readonly changes?: readonly PlannedChange[];
  /** The code that Plan throws. */
  readonly refuses?: string;
}

const text = (maxLength: number): JsonSchema => ({ type: 'string', minLength: 1, maxLength });

/** A change as Plan emits it; any value may stand before and after. */
export const PLANNED_CHANGE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['resource', 'property', 'action'],
  properties: {
    ...{ resource: text(4096), property: text(512), action: text(128), label: text(4096) },
    ...{ before: {}, after: {} },
  },
};

/** The whole file `tests/plan.json`. */
export const PLAN_CASES: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['title', 'parameters', 'state'],
    properties: {
      title: text(200),
      parameters: { type: 'object' },
      state: { type: 'object' },
      changes: {
        type: 'array',
        items: { ...PLANNED_CHANGE, required: ['resource', 'property', 'before', 'after', 'action'] },
      },
      refuses: text(100),
    },
  },
};
