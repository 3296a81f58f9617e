import type { Consents } from '../ports/consents.js';
import type { Inventory } from '../ports/inventory.js';
import type { StoredMetrics } from '../ports/metrics.js';
import type { JobEvents } from '../ports/job-events.js';
import type { JobFeed } from '../ports/job-feed.js';
import type { JobStore } from '../ports/job-store.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { Freeze } from '../ports/freeze.js';
import type { ManifestReader } from '../ports/runbook-catalogue.js';
import type { GrantVerifier } from '../ports/grants.js';
import type { Heartbeats } from '../ports/heartbeats.js';
import type { Rollouts } from '../ports/rollouts.js';
import type { Scans } from '../ports/scans.js';
import type { Rollbacks } from '../ports/rollbacks.js';
import type { JobQueries } from '../ports/job-queries.js';
import type { Tokens } from '../ports/tokens.js';
import type { Calendars, Selections } from '../ports/named-store.js';
import type { Schedules } from '../ports/schedules.js';
import type { TargetStatuses } from '../ports/target-status.js';
import type { Submissions } from '../ports/submissions.js';
import type { PersonKeys } from '../ports/person-keys.js';
import type { PeopleSource } from '../ports/people.js';
import type { AdmissionRequests, Admissions, SubjectAdmissions } from '../ports/admissions.js';
import type { AdmissionContext } from './in-force.js';
import type { RightsSource } from '../ports/rights.js';
import type { InFlight } from './submit/in-flight.js';
import type { ValueChecker } from '../ports/values.js';

/** Everything the API's use cases need, by name. No key, no way to a target. */
export interface ApiContext extends Pick<AdmissionContext, 'admissionRules'> {
  readonly admissions: Admissions;
  readonly subjectAdmissions: SubjectAdmissions;
  readonly admissionRequests: AdmissionRequests;
  /** Reads the manifest among files that a person sent. */
  readonly readManifest: ManifestReader;
  readonly jobs: JobStore;
  readonly submissions: Submissions;
  readonly schedules: Schedules;
  readonly calendars: Calendars;
  readonly selections: Selections;
  readonly events: JobEvents;
  readonly feed: JobFeed;
  readonly inventory: Inventory;
  readonly consents: Consents;
  readonly rollouts: Rollouts;
  readonly scans: Scans;
  readonly rollbacks: Pick<Rollbacks, 'doneBy'>;
  readonly queries: JobQueries;
  readonly freeze: Freeze;
  readonly targetStatuses: Pick<TargetStatuses, 'of' | 'startMaintenance' | 'endMaintenance'>;
  readonly tokens: Tokens;
  readonly keys: PersonKeys;
  readonly audit: AuditLog;
  readonly catalogue: Catalogue;
  readonly heartbeats: Heartbeats;
  readonly figures: Pick<StoredMetrics, 'read' | 'poolsWaiting'>;
  /** Verifies grants by the public keys of this installation; undefined where this process has none. */
  readonly grants: () => Promise<GrantVerifier | undefined>;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly values: ValueChecker;
  readonly inFlight: InFlight;
  readonly newId: () => string;
  readonly settings: ApiSettings;
}

export interface ApiSettings {
  readonly pool: string;
  readonly allowLocal: boolean;
  /** Whether a target counts only as two people admitted it: in production. */
  readonly fourEyes: boolean;
  /** Requests that one person may submit for one target in a minute. */
  readonly submitPerMinute: number;
}
