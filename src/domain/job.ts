import type { ValueObject } from './canonical.js';
import type { JobWindow } from './job-window.js';
import type { Risk } from './manifest.js';
import type { PersonRef } from './people.js';
import type { Plan } from './plan.js';
import type { Target } from './target.js';

/** Where each state may go (docs/architecture.md draws it). The only table of edges: database, console and docs derive from it. */
export const TRANSITIONS = {
  planning: ['compliant', 'drifted', 'awaiting-approval', 'deferred', 'blocked', 'cancelled'],
  deferred: ['planning', 'queued', 'blocked', 'expired', 'cancelled'],
  'awaiting-approval': ['queued', 'rejected', 'expired', 'superseded', 'cancelled'],
  queued: ['running', 'expired', 'cancelled', 'blocked'],
  running: [
    'deferred',
    'awaiting-approval',
    'waiting',
    'succeeded',
    'failed',
    'unknown',
    'rolling-back',
    'blocked',
    'expired',
    'cancelled',
    'needs-attention',
  ],
  waiting: ['succeeded', 'failed'],
  unknown: ['succeeded', 'queued', 'needs-attention', 'cancelled', 'rolled-back', 'rollback-failed'],
  'needs-attention': ['succeeded', 'failed'],
  'rolling-back': ['rolled-back', 'rollback-failed', 'unknown'],
  compliant: [],
  drifted: [],
  succeeded: [],
  failed: [],
  'rolled-back': [],
  'rollback-failed': [],
  rejected: [],
  expired: [],
  superseded: [],
  cancelled: [],
  blocked: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type State = keyof typeof TRANSITIONS;
export const STATES = Object.keys(TRANSITIONS) as readonly State[];

/** Staying in a state (a lease, a next try, a further approval) is always possible while the job lives. */
export function canTransition(from: State, to: State): boolean {
  return (from === to && TRANSITIONS[from].length > 0) || (TRANSITIONS[from] as readonly State[]).includes(to);
}

export function isTerminal(state: State): boolean {
  return TRANSITIONS[state].length === 0;
}

export type Outcome = 'fixed' | 'already-fine';
export type OnFailure = 'leave' | 'rollback';

/** A plan as it was made: the exact bytes, and what the approver needs beside them. */
export interface MadePlan {
  readonly bytes: string;
  readonly digest: string;
  readonly plan: Plan;
  readonly risk: Risk;
  readonly approvalsRequired: number;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  /** Digest of the scope of the credentials named by the target, as the planning worker's file had it. */
  readonly credentialScope: string;
}

export interface Proof {
  readonly source: 'reported by the target' | 'seen from outside';
  readonly what: string;
  readonly at: string;
  readonly evidence?: readonly ValueObject[];
}

/** One instant of a schedule: at most one job comes from it. */
export interface Firing {
  /** Id of the schedule. */
  readonly id: string;
  readonly instant: Date;
}

/** One request for one target. Which members are present follows from the state: see `invariantViolation`. */
export interface Job {
  readonly id: string;
  /** A `scan` is planned and ends with that: nothing can be approved or applied of it. */
  readonly kind: 'remediation' | 'rollback-of' | 'scan';
  /** The job that a `rollback-of` undoes. */
  readonly rollbackOf?: string;
  readonly state: State;
  readonly code?: string;
  readonly detail?: string;
  readonly runbook: { readonly id: string; readonly version: string; readonly contentDigest: string };
  /** The target as it was when the job was submitted. */
  readonly target: Target;
  readonly targetDigest: string;
  readonly pool: string;
  readonly parameters: ValueObject;
  /** Filled at planning, then fixed for the life of the job. */
  readonly supplied?: ValueObject;
  /** See `Salt`; absent after the values of the job were erased. */
  readonly salt?: string;
  readonly requester: PersonRef;
  readonly reason: string;
  readonly ticket?: string;
  readonly supersedes?: string;
  /** The job that this one is the next step of. */
  readonly follows?: string;
  /** Absent: it may run as soon as it is approved. */
  readonly window?: JobWindow;
  /** The firing of a schedule that it comes from. */
  readonly schedule?: Firing;
  /** The rollout that it is an item of, and its place in the frozen selection. It is decided with the others, never alone. */
  readonly rollout?: { readonly id: string; readonly index: number };
  /** Of a `scan`: the scan that it is an item of, and its place in the frozen selection. */
  readonly scan?: { readonly id: string; readonly index: number };
  readonly submittedAt: Date;
  readonly stateSince: Date;
  readonly findings?: ValueObject;
  readonly plan?: MadePlan;
  readonly grantJti?: string;
  readonly executeBy?: Date;
  readonly onFailure?: OnFailure;
  readonly nextTryAt?: Date;
  /** End of a deferral or a wait. */
  readonly until?: Date;
  /** Raised by each claim; every write of a worker carries it. */
  readonly epoch: number;
  readonly leaseUntil?: Date;
  readonly worker?: string;
  readonly engineDigest?: string;
  readonly outcome?: Outcome;
  readonly partial: boolean;
  readonly drifts: number;
  /** Claims that ended without a word since the last progress. */
  readonly crashes: number;
  readonly proofs: readonly Proof[];
  readonly cancel?: { readonly by: PersonRef; readonly reason: string; readonly at: string };
  /** W3C Trace Context of the request that made the job; its work is part of that trace. */
  readonly traceparent?: string;
  /** When its values were erased. */
  readonly erasedAt?: Date;
  /** Counts the writes; the ETag. */
  readonly revision: number;
}

/** States whose job must hold a plan and a grant. */
const GRANTED: readonly State[] = [
  'queued',
  'running',
  'waiting',
  'unknown',
  'needs-attention',
  'rolling-back',
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
];

/** States in which a job of a scan may be: none in which anything is decided, granted or changed. */
export const SCAN_STATES: readonly State[] = [
  'planning',
  'deferred',
  'compliant',
  'drifted',
  'blocked',
  'expired',
  'cancelled',
];

/** What a job in its state lacks, or undefined: a job without a grant cannot be running. */
export function invariantViolation(job: Job): string | undefined {
  const isScan = job.kind === 'scan';
  if (isScan !== (job.scan !== undefined)) return 'a job of a scan has its place there, and no other job has one';
  if (isScan && (job.grantJti !== undefined || !SCAN_STATES.includes(job.state))) return `a scan that is ${job.state}`;
  if (job.state === 'drifted' && !(isScan && job.plan)) return 'drifted without the plan of a scan';
  if (GRANTED.includes(job.state) && !(job.plan && job.grantJti)) return `${job.state} without plan and grant`;
  if (job.state === 'awaiting-approval' && !job.plan) return 'awaiting-approval without a plan';
  if (job.state === 'deferred' && !(job.nextTryAt && job.until && job.code)) return 'deferred without a next try';
  if (job.state === 'waiting' && !(job.nextTryAt && job.until)) return 'waiting without a deadline';
  if (job.state === 'succeeded' && !job.outcome) return 'succeeded without an outcome';
  return undefined;
}
