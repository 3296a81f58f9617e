/** One thing that was tried with a runbook, and what was wrong with it. */
export interface Verdict {
  /** `plan`: a case of tests/plan.json. `hostile`: its parameters with hostile text. `sandbox`: a case of tests/sandbox.json. */
  readonly kind: 'plan' | 'hostile' | 'sandbox';
  readonly title: string;
  /** What is not as it must be, a line each; none where the case passed. */
  readonly problems: readonly string[];
}
