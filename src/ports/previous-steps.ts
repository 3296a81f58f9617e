import type { ValueObject } from '../domain/canonical.js';
import type { State } from '../domain/job.js';

/** An ended remediation of the same target for the same user, as the database has it. */
export interface PreviousStep {
  readonly runbook: string;
  readonly job: string;
  readonly state: State;
  readonly outcome?: string;
  /** A later rollback put back what it had changed. */
  readonly undone: boolean;
  readonly parameters: ValueObject;
  readonly requester: { readonly id: string; readonly name: string };
  readonly endedAt: Date;
}

export interface PreviousSteps {
  /**
   * Ended jobs of one target that looked or acted, newest first. `subject` is the parameter that names the user, with its value.
   */
  list(filter: {
    readonly target: string;
    readonly subject: { readonly parameter: string; readonly value: string };
    readonly limit: number;
  }): Promise<readonly PreviousStep[]>;
}
