import type { AuditEvent } from '../domain/audit.js';

export interface FrozenState {
  readonly frozen: boolean;
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** The global freeze: no new planning, no claims; running changes finish the one in hand. */
export interface Freeze {
  read(): Promise<FrozenState>;
  set(state: { readonly by: string; readonly reason: string } | undefined, event: AuditEvent): Promise<FrozenState>;
}
