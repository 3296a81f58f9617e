/**
 * Whether ending these pauses lets more happen than was approved, so that an approver has to decide it: one of them was written by
 * `authority`, or results are left out of the budget.
 */
export function needsApprover(ended: readonly { readonly person?: object }[], exclude: readonly number[]): boolean {
  return exclude.length > 0 || ended.some(({ person }) => person === undefined);
}
