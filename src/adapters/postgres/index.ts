import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { resilientConnection } from '../../platform/pg-client.js';
import type { ManifestReader } from '../../ports/runbook-catalogue.js';
import { createStoredMetrics } from './relay/metrics.js';
import { createAuditLog } from './relay/audit-log.js';
import { createConsents } from './registry/consents.js';
import { createInventory } from './registry/inventory.js';
import { createJobEvents } from './jobs/job-events.js';
import { createJobStore } from './jobs/job-store.js';
import { listen } from './listen.js';
import { createAdmissionRequests } from './registry/admission-requests.js';
import { createAdmissions } from './registry/admissions.js';
import { createCatalogue } from './registry/catalogue.js';
import { createFreeze } from './registry/freeze.js';
import { createTargetStatuses } from './registry/target-status.js';
import { createHeartbeats } from './registry/heartbeats.js';
import { createSubjectAdmissions } from './registry/subject-admissions.js';
import { createPersonKeys } from './registry/person-keys.js';
import { createNudges } from './nudges.js';
import { createJobQueries } from './jobs/job-queries.js';
import { createTokenReads, createTokens } from './registry/tokens.js';
import { createPreviousSteps } from './jobs/previous-steps.js';
import { createDeliveries } from './relay/deliveries.js';
import { createRelayStore } from './relay/relay-store.js';
import { createRollbacks } from './jobs/rollbacks.js';
import { createRollouts } from './rollouts/index.js';
import { createScans } from './scans/index.js';
import type { Database } from './schema.js';
import { createSubmissions } from './jobs/submissions.js';
import { createCalendars, createSelections } from './registry/named.js';
import { createStanding } from './schedules/standing.js';
import { createSchedules } from './schedules/schedules.js';

export { dumpDatabase, type BackupIndex } from './backup/dump.js';
export { loadDatabase, RestoreRefused } from './backup/load.js';
export type { Restored } from './backup/after-restore.js';
export { inspectServer, type ServerFacts, type StuckJob } from './install/inspect.js';
export { migrate, withDatabase } from './install/migrate.js';
export { reachableDatabases } from './install/reachable-databases.js';
export { DATABASE_ROLES, roleName, type LoginRole } from './install/roles.js';

export interface StoreOptions {
  /** Connections at once; default 10. */
  readonly max?: number;
  /** Without it no stored runbook can be read. */
  readonly readManifest?: ManifestReader;
}

/** The database as one of its roles sees it: every port over one pool. What the role may not do fails in the database. */
export function createStore(connectionString: string, options: StoreOptions = {}) {
  // A lost database must fail, not hang: results that arrive meanwhile are spooled.
  const pool = new pg.Pool({ ...resilientConnection(connectionString), max: options.max ?? 10 });
  // Without a listener an idle client's error would end the process; the next query reports the loss.
  pool.on('error', () => undefined);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const nudges = createNudges(pool);
  const targetStatuses = createTargetStatuses(db);
  return {
    jobs: createJobStore(db, nudges),
    submissions: createSubmissions(db, nudges),
    schedules: createSchedules(db, nudges),
    calendars: createCalendars(db),
    selections: createSelections(db),
    standing: createStanding(db),
    events: createJobEvents(db, nudges, connectionString),
    inventory: createInventory(db),
    consents: createConsents(db),
    previousSteps: createPreviousSteps(db),
    rollbacks: createRollbacks(db),
    rollouts: createRollouts(db, nudges),
    scans: createScans(db, nudges),
    queries: createJobQueries(db),
    freeze: createFreeze(db),
    targetStatuses,
    tokens: createTokens(db),
    tokenReads: createTokenReads(db),
    personKeys: createPersonKeys(db),
    audit: createAuditLog(db),
    admissions: createAdmissions(db),
    subjectAdmissions: createSubjectAdmissions(db),
    admissionRequests: createAdmissionRequests(db),
    catalogue: createCatalogue(db, options.readManifest ?? (() => undefined)),
    heartbeats: createHeartbeats(db),
    figures: createStoredMetrics(db),
    relay: createRelayStore(db, nudges, connectionString),
    deliveries: createDeliveries(db),
    /** Calls back for each new decision, and once after each (re)connect. */
    watchDecisions: (onDecision: () => void, signal: AbortSignal) =>
      listen(connectionString, 'fixpoint_decision', onDecision, signal),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: async () => {
      await targetStatuses.flush();
      await nudges.close();
      await db.destroy();
    },
  };
}
