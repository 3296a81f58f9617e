import type { State, TRANSITIONS } from './job.js';

/** The processes that move jobs, each with a database role of its own. */
export const MOVERS = ['api', 'authority', 'worker'] as const;
export type Mover = (typeof MOVERS)[number];

const API = ['api'] as const;
const AUTHORITY = ['authority'] as const;
const WORKER = ['worker'] as const;
/** Cancelled by a person where nothing runs yet, and by the worker that comes across it. */
const BOTH = ['api', 'worker'] as const;

/**
 * Who makes each move of the table of edges. The database enforces it: a role that is not named here cannot write that move, whatever
 * its process was made to do. An edge without an entry does not compile.
 */
export const WHO_MOVES: {
  readonly [From in State]: { readonly [To in (typeof TRANSITIONS)[From][number]]: readonly Mover[] };
} = {
  planning: {
    compliant: WORKER,
    drifted: WORKER,
    'awaiting-approval': WORKER,
    deferred: WORKER,
    blocked: WORKER,
    cancelled: BOTH,
  },
  deferred: { planning: WORKER, queued: WORKER, blocked: WORKER, expired: WORKER, cancelled: BOTH },
  'awaiting-approval': {
    queued: AUTHORITY,
    rejected: AUTHORITY,
    expired: WORKER,
    superseded: API,
    cancelled: API,
  },
  queued: { running: WORKER, expired: WORKER, cancelled: BOTH, blocked: WORKER },
  running: {
    deferred: WORKER,
    'awaiting-approval': WORKER,
    waiting: WORKER,
    succeeded: WORKER,
    failed: WORKER,
    unknown: WORKER,
    'rolling-back': WORKER,
    blocked: WORKER,
    expired: WORKER,
    cancelled: WORKER,
    'needs-attention': WORKER,
  },
  waiting: { succeeded: WORKER, failed: WORKER },
  unknown: {
    succeeded: WORKER,
    queued: WORKER,
    'needs-attention': WORKER,
    cancelled: WORKER,
    'rolled-back': WORKER,
    'rollback-failed': WORKER,
  },
  'needs-attention': { succeeded: WORKER, failed: BOTH },
  'rolling-back': { 'rolled-back': WORKER, 'rollback-failed': WORKER, unknown: WORKER },
  compliant: {},
  drifted: {},
  succeeded: {},
  failed: {},
  'rolled-back': {},
  'rollback-failed': {},
  rejected: {},
  expired: {},
  superseded: {},
  cancelled: {},
  blocked: {},
};
