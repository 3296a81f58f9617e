import type { Admission } from '../../src/domain/admission.js';
import { utcText } from '../../src/domain/time.js';
import { digestOfTarget, type Target } from '../../src/domain/target.js';
import { makePlan } from '../../src/domain/made-plan.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import type { ChangeResult, JournalEntry } from '../../src/domain/journal.js';
import type { Manifest } from '../../src/domain/manifest.js';
import type { JobView } from '../../src/domain/move.js';
import { numberChanges } from '../../src/domain/plan.js';

/** A job, its plan and its journal as values: for tables over pure deciders. No database, no engine. */
export const NOW = new Date('2026-01-02T12:00:00.000Z');
export const after = (ms: number) => new Date(NOW.getTime() + ms);

export const TARGET: Target = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'box',
  kind: 'server',
  tier: 1,
  transport: { type: 'local' },
  credentials: { detect: 'reader', apply: 'writer' },
  site: 'hq',
  tags: [],
  settings: {},
};

export const MANIFEST = {
  id: 'set-file-text',
  version: '1.0.0',
  actions: {
    set: { class: 'ensure', risk: 'R1' },
    send: { class: 'once', risk: 'R2' },
    proven: { class: 'once', risk: 'R2', proof: '/sent' },
  },
  approval: { roles: ['approver'], required: { R1: 1, R2: 1 }, expiresIn: '8h', executeWithin: '24h' },
  defer: { upTo: '1h', every: '5m' },
} as unknown as Manifest;

const planned = (action: string) => ({
  resource: `file:${action}`,
  property: 'text',
  before: null,
  after: 'x',
  action,
});

/** The salt of these jobs. */
const SALT = 'a5'.repeat(16);

/** The changes of a plan by their actions, numbered as a worker numbers them. */
export function changesOf(...actions: readonly string[]) {
  const numbered = numberChanges(actions.map(planned), MANIFEST.actions, SALT);
  if (!numbered.ok) throw new Error(JSON.stringify(numbered.error));
  return numbered.value;
}

/** A running job with a plan of these actions and a grant. */
export function jobOf(more: Partial<Job> = {}, ...actions: readonly string[]): Job {
  const job: Job = {
    id: '00000000-0000-7000-8000-0000000000aa',
    kind: 'remediation',
    state: 'running',
    runbook: { id: MANIFEST.id, version: MANIFEST.version, contentDigest: 'a'.repeat(64) },
    target: TARGET,
    targetDigest: digestOfTarget(TARGET),
    pool: 'default',
    parameters: { path: '/tmp/x' },
    supplied: {},
    salt: SALT,
    requester: { id: 'helen', name: 'Helen', roles: ['helpdesk'] },
    reason: 'test',
    submittedAt: NOW,
    stateSince: NOW,
    grantJti: 'grant-1',
    epoch: 3,
    leaseUntil: after(30_000),
    partial: false,
    drifts: 0,
    crashes: 0,
    proofs: [],
    revision: 7,
  };
  const request: Job = {
    ...job,
    ...(more.ticket === undefined ? {} : { ticket: more.ticket }),
    ...(more.window === undefined ? {} : { window: more.window }),
    ...(more.schedule === undefined ? {} : { schedule: more.schedule }),
  };
  return { ...job, plan: makePlanOf(request, ...actions), ...more };
}

/** As the authority of these tests admitted what their jobs run. */
export const ADMISSION: Admission = {
  v: 1,
  id: 'admission-1',
  runbook: { id: MANIFEST.id, version: MANIFEST.version, contentSha256: 'a'.repeat(64) },
  engineSha256: 'e'.repeat(64),
  gate: 'passed',
  by: { how: 'development', account: 'root (0) on box' },
  before: null,
  notBefore: utcText(after(-1000)),
  notAfter: utcText(after(1_000_000)),
  kid: 'k',
};

/** A plan of these actions for a job. */
export function makePlanOf(job: Job, ...actions: readonly string[]): MadePlan {
  const changes = changesOf(...(actions.length > 0 ? actions : ['set']));
  return makePlan(
    job,
    { manifest: MANIFEST },
    { credentialScope: 'scope', admission: ADMISSION },
    {},
    { finding: 'present' },
    ['host:box'],
    changes,
    NOW,
  );
}

/** A journal entry of the n-th change of a job's plan. Without a result the outcome is unknown. */
export function entryOf(
  job: Job,
  n: number,
  result?: ChangeResult,
  direction: JournalEntry['direction'] = 'apply',
): JournalEntry {
  const changeId = job.plan?.plan.changes[n]?.id ?? '';
  return { changeId, direction, attempt: 1, epoch: job.epoch, n, intentAt: NOW, ...(result ? { result } : {}) };
}

export function viewOf(job: Job, ...journal: readonly JournalEntry[]): JobView {
  return { job, journal, decisions: [], now: NOW, latest: NOW };
}
