import type { TargetScope } from './policy/policy.js';

/** A filter over the inventory that people keep under a name. What it selects is found anew each time it is used. */
export interface Selection {
  readonly id: string;
  readonly name: string;
  readonly select: TargetScope;
}
