import type { Consents, Inventory } from '../ports/inventory.js';
import type { Figures } from '../ports/figures.js';
import type { JobEvents } from '../ports/job-events.js';
import type { JobStore } from '../ports/job-store.js';
import type { AuditLog, Catalogue, Freeze, Heartbeats, JobQueries, Tokens } from '../ports/records.js';
import type { Submissions } from '../ports/submissions.js';
import type { PeopleSource, ValueChecker } from '../ports/worker-parts.js';

/** Everything the API's use cases need, by name. No key, no way to a target. */
export interface ApiContext {
  readonly jobs: JobStore;
  readonly submissions: Submissions;
  readonly events: JobEvents;
  readonly inventory: Inventory;
  readonly consents: Consents;
  readonly queries: JobQueries;
  readonly freeze: Freeze;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
  readonly catalogue: Catalogue;
  readonly heartbeats: Heartbeats;
  readonly figures: Pick<Figures, 'read'>;
  readonly people: PeopleSource;
  readonly values: ValueChecker;
  readonly newId: () => string;
  readonly settings: ApiSettings;
}

export interface ApiSettings {
  readonly pool: string;
  readonly allowLocal: boolean;
  /** Requests that one person may submit for one target in a minute. */
  readonly submitPerMinute: number;
}
