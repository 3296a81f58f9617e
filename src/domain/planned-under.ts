/** How a plan names the admission of its runbook; an approver reads it. */
export interface PlannedUnder {
  /** Of the admission. */
  readonly id: string;
  /** Two people, or the account that started Fixpoint in development mode. */
  readonly how: 'people' | 'development';
  /** The people, or the account. */
  readonly by: readonly string[];
}
