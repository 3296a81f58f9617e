import type { AuditEvent } from '../domain/audit.js';

export interface FrozenState {
  readonly frozen: boolean;
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** The global freeze: no planning and no claims begin; a running job finishes its current change and pauses. */
export interface Freeze {
  read(): Promise<FrozenState>;
  /**
   * Freezes or, without a state, lifts the freeze. Of a state that is so already nothing changes: who froze first and why stays, and
   * there is no event.
   */
  set(state: { readonly by: string; readonly reason: string } | undefined, event: AuditEvent): Promise<FrozenState>;
}
