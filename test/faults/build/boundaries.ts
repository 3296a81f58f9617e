/**
 * Where a crash hurts: calls after which something is committed, enqueued, spawned, sent or acknowledged. The build puts a fail
 * point before and after each call of these. A test compares the table with the ports, so that a new method cannot be forgotten.
 */
export type BoundaryKind = 'commit' | 'enqueue' | 'spawn' | 'send' | 'acknowledge';

export interface Boundary {
  /** What stands before the dot, as the code names it; absent: a plain function. */
  readonly receiver?: string;
  readonly call: string;
  readonly kind: BoundaryKind;
}

const ports: Readonly<Record<string, Readonly<Record<string, BoundaryKind>>>> = {
  jobs: { transition: 'commit', renewLease: 'commit' },
  submissions: { submit: 'commit' },
  events: { append: 'commit' },
  freeze: { set: 'commit' },
  inventory: { create: 'commit', createAll: 'commit', replace: 'commit', remove: 'commit' },
  consents: { create: 'commit' },
  audit: { append: 'commit' },
  catalogue: { admit: 'commit', retire: 'commit' },
  relay: { relayOutbox: 'enqueue', enqueueDue: 'enqueue', chain: 'commit' },
  deliveries: { take: 'acknowledge' },
  host: { open: 'spawn', request: 'send' },
  session: { runPhase: 'send' },
  queue: { send: 'enqueue', addBulk: 'enqueue' },
  spool: { keep: 'commit', drain: 'acknowledge' },
};

/** Functions of ours that stand for such a call. */
const functions: Readonly<Record<string, BoundaryKind>> = {
  transitionClaimed: 'commit',
  startHost: 'spawn',
  enqueue: 'enqueue',
};

export const BOUNDARIES: readonly Boundary[] = [
  ...Object.entries(ports).flatMap(([receiver, calls]) =>
    Object.entries(calls).map(([call, kind]) => ({ receiver, call, kind })),
  ),
  ...Object.entries(functions).map(([call, kind]) => ({ call, kind })),
];

/** Port methods that change nothing that a crash could tear: reads, and what is repeated by itself. */
export const NO_BOUNDARIES: readonly string[] = [
  'JobStore.get',
  'JobStore.view',
  'JobStore.grant',
  'JobStore.grantUse',
  'JobStore.pendingDecisions',
  'Submissions.first',
  'Submissions.firstAll',
  // The statement of `Submissions.submit`, with more rows: its crashes are played there.
  'Submissions.submitAll',
  // The set of the fail points has no schedules, rollouts or scans: their crashes are not played there. Each is one transaction, and what a person asks
  // for is repeated by them with its key; what `authority` and the API decide by themselves is decided anew from the record.
  ...['create', 'record', 'setStatus', 'putOff'].map((call) => `Schedules.${call}`),
  ...['submit', 'decide', 'stop', 'judge', 'markWave', 'setStatus'].map((call) => `Rollouts.${call}`),
  ...['submit', 'end'].map((call) => `Scans.${call}`),
  ...['first', 'record', 'list', 'countOpen', 'findings', 'done'].map((call) => `Scans.${call}`),
  'Schedules.find',
  'Schedules.list',
  'Schedules.firings',
  'Schedules.due',
  ...['create', 'find', 'list', 'replace', 'remove'].map((call) => `NamedStore.${call}`),
  'Standing.toJudge',
  'Standing.used',
  'Standing.isUsedUp',
  'JobEvents.after',
  'JobEvents.watch',
  'JobFeed.changed',
  'JobFeed.follow',
  'JobFeed.changes',
  'JobFeed.run',
  'JobQueries.head',
  'Freeze.read',
  // Beside the record: what was seen is seen again, and a person asks again for a maintenance that did not begin.
  ...['of', 'maintenanceOf', 'noteContact', 'startMaintenance', 'endMaintenance', 'flush'].map(
    (call) => `TargetStatuses.${call}`,
  ),
  'Inventory.get',
  'Inventory.byName',
  'Inventory.find',
  'Inventory.list',
  'Consents.list',
  'Consents.latest',
  'PreviousSteps.list',
  'Rollbacks.isOpen',
  'Rollbacks.doneBy',
  // Sums for people to look at: added up again from the record.
  'StoredMetrics.read',
  'StoredMetrics.poolsWaiting',
  'StoredMetrics.add',
  'RelayStore.rollUp',
  // What authority signed is signed again: a checkpoint that was lost is followed by the next one.
  'CheckpointSigner.signCheckpoint',
  'CheckpointVerifier.verifyCheckpoint',
  'RestoreSigner.signRestore',
  'CheckpointSink.keep',
  'CheckpointSink.kept',
  ...['first', 'get', 'record', 'list', 'planList', 'stops', 'isHeld', 'findDecision', 'pendingDecisions', 'live'].map(
    (call) => `Rollouts.${call}`,
  ),
  ...['Rollouts.submission', 'Rollouts.alone', 'RolloutGrantSigner.signRollout', 'RolloutGrantVerifier.verifyRollout'],
  'AuditLog.actorsNamed',
  'AuditLog.query',
  'AuditLog.submission',
  'AuditLog.chained',
  'AuditLog.records',
  'Catalogue.list',
  'Catalogue.current',
  'Catalogue.get',
  'Catalogue.manifest',
  'Catalogue.refused',
  // For people to look at: written again whenever the folders are read.
  'Catalogue.setRefused',
  'Catalogue.store',
  'StoredChecker.check',
  'StoredGate.problems',
  'Admissions.of',
  'Admissions.ofCurrent',
  'Admissions.setCurrent',
  'Admissions.setStatus',
  'AdmissionVerifier.verifyAdmission',
  'AdmissionSigner.signAdmission',
  'AdmissionSigner.signSubjectAdmission',
  'SubjectAdmissions.of',
  'SubjectAdmissions.contentOf',
  'SubjectAdmissions.ofTargets',
  'SubjectAdmissions.admitTargets',
  'SubjectAdmissions.admitPolicy',
  'SubjectAdmissions.admitStanding',
  'AdmissionRequests.get',
  'AdmissionRequests.list',
  'AdmissionRequests.vote',
  'AdmissionRequests.findVote',
  'AdmissionRequests.toJudge',
  'AdmissionRequests.judgeRequest',
  'AdmissionRequests.judgeVote',
  // Cases of an author: the command line alone has sandboxes.
  'Sandbox.close',
  'Sandboxes.canary',
  'Canary.touched',
  'Canary.close',
  'JobQueries.list',
  'JobQueries.countRecent',
  'JobQueries.byIds',
  // A request or a confirmation is a person's and is repeated by them; authority judges a confirmed key until that is committed.
  ...['byKid', 'byId', 'unrevoked', 'isNonceUsed', 'entry', 'entries', 'confirmed'].map((call) => `PersonKeys.${call}`),
  ...['ask', 'confirm', 'register', 'refuse', 'revoke'].map((call) => `PersonKeys.${call}`),
  ...['PersonKeySigner.signPersonKey', 'PersonKeyVerifier.verifyPersonKey', 'PersonKeyVerifier.verifyFirst'],
  'Tokens.find',
  'Tokens.list',
  // The command line alone issues and revokes tokens: no process of the product.
  'Tokens.create',
  'Tokens.revoke',
  // A lost heartbeat is sent again seconds later and decides nothing.
  'Heartbeats.beat',
  'Heartbeats.read',
  // What the clock said: noted again a moment later.
  'RelayStore.trackClock',
  'RelayStore.tidy',
  'RelayStore.watch',
  'MessageQueue.consume',
  'MessageQueue.waiting',
  'MessageQueue.live',
  'MessageQueue.ping',
  'MessageQueue.close',
  'Consumer.close',
  'Consumer.alive',
  'PowerShellHost.engineDigest',
  'PowerShellHost.checkScripts',
  'PowerShellHost.gateLists',
  'PowerShellHost.sessionCommands',
  'PowerShellHost.close',
  'Session.close',
];
