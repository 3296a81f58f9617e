import type { AuditEvent } from '../domain/audit.js';

/** Until then no job begins on a target. */
export interface Maintenance {
  readonly until: Date;
  /** Name of the person who began it. */
  readonly by: string;
  readonly reason: string;
  readonly since: Date;
}

/** What workers last saw of a target, and whether it is in maintenance. Nothing here is part of what an approval binds. */
export interface TargetStatus {
  /** When a worker was last signed in to it. */
  readonly seenAt?: Date;
  /** When a worker last tried. */
  readonly triedAt?: Date;
  /** Why the last try failed, such as `unreachable`; absent where it did not. */
  readonly code?: string;
  readonly maintenance?: Maintenance;
}

export interface TargetStatuses {
  /** Of those of these targets (by id) of which anything is known. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, TargetStatus>>;
  /** The maintenance that a target is in now. */
  maintenanceOf(id: string): Promise<Maintenance | undefined>;
  /** Notes how a worker got on with a target. Written within seconds, many at a time; a note that cannot be written is lost. */
  noteContact(id: string, code?: string): void;
  /** Begins the maintenance of a target, or changes the one that it is in. Of one that is as asked nothing changes, and there is no event. */
  startMaintenance(id: string, given: Omit<Maintenance, 'since'>, event: AuditEvent): Promise<Maintenance>;
  /** False: it was in none, and there is no event. What waited for its end is tried at once. */
  endMaintenance(id: string, event: AuditEvent): Promise<boolean>;
  /** Writes what was noted. */
  flush(): Promise<void>;
}
