import { Type } from 'typebox';
import { STATES } from '../../domain/job.js';
import { ROLES } from '../../domain/people.js';
import { closed, literals } from './parts.js';

const text = Type.String();
const maybe = Type.Optional(text);
const json = Type.Unknown();
const object = Type.Unsafe<object>({ type: 'object', additionalProperties: true });
const DIGEST = '^[0-9a-f]{64}$';
const digest = Type.String({ pattern: DIGEST });
export const time = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' });
const maybeTime = Type.Optional(time);

export const PersonRef = Type.Object({ id: text, name: text }, closed);
const requester = Type.Object({ id: text, name: text, roles: Type.Array(literals(...ROLES)) }, closed);
const state = literals(...STATES);
const risk = literals('R0', 'R1', 'R2', 'R3');

/** Who let the version of the runbook run: two people, or in development mode the account that started Fixpoint. */
const PlannedUnder = Type.Object({ id: text, how: literals('people', 'development'), by: Type.Array(text) }, closed);

const change = {
  id: text,
  resource: text,
  property: text,
  before: json,
  after: json,
  action: text,
  label: Type.Optional(Type.String({ description: 'What people call the resource; part of the plan.' })),
  undoes: maybe,
  backupRef: maybe,
};
export const Change = Type.Object(change, closed);

const summary = {
  id: text,
  kind: literals('remediation', 'rollback-of', 'scan'),
  state,
  code: maybe,
  meaning: maybe,
  detail: maybe,
  nextTryAt: maybeTime,
  until: maybeTime,
  rollbackOf: maybe,
  supersedes: maybe,
  follows: maybe,
  /** When it may begin to change something. */
  window: Type.Optional(Type.Object({ from: time, to: time }, closed)),
  /** The scan that it is an item of, and its place there. */
  scan: Type.Optional(Type.Object({ id: text, index: Type.Integer() }, closed)),
  /** The schedule that it comes from, and the instant at which that fired. */
  schedule: Type.Optional(Type.Object({ id: text, instant: time }, closed)),
  ticket: maybe,
  runbook: Type.Object({ id: text, version: text, contentDigest: text }, closed),
  target: Type.Object({ id: text, name: text, kind: text, tier: Type.Integer() }, closed),
  parameters: object,
  supplied: Type.Optional(object),
  requester,
  reason: text,
  traceId: maybe,
  submittedAt: time,
  stateSince: time,
  findings: Type.Optional(object),
  /** `digest` is the planDigest that a decision must name. */
  plan: Type.Optional(
    Type.Object(
      {
        ...{ digest, risk, approvalsRequired: Type.Integer(), expiresAt: time, changes: Type.Array(Change) },
        admission: Type.Optional(PlannedUnder),
      },
      closed,
    ),
  ),
  locks: Type.Optional(Type.Array(text)),
  grant: Type.Optional(
    Type.Object({ jti: text, executeBy: maybeTime, onFailure: literals('leave', 'rollback') }, closed),
  ),
  outcome: Type.Optional(literals('fixed', 'already-fine')),
  cancel: Type.Optional(Type.Object({ by: requester, reason: text, at: text }, closed)),
  partial: Type.Boolean(),
  drifts: Type.Integer(),
  proofs: Type.Array(
    Type.Object(
      {
        source: literals('reported by the target', 'seen from outside'),
        what: text,
        at: text,
        evidence: Type.Optional(Type.Array(object)),
      },
      closed,
    ),
  ),
  engineDigest: maybe,
  worker: maybe,
  erasedAt: Type.Optional(time),
};

/** A job as a list shows it. */
export const JobSummary = Type.Object(summary, closed);

/** A job with everything that happened to it. */
export const JobDetail = Type.Object(
  {
    ...summary,
    problem: Type.Union([Type.String(), Type.Null()], {
      description:
        'Why what is stored of the job is not what was submitted and approved, by the digests in the audit log; null where nothing is wrong.',
    }),
    claims: Type.Array(
      Type.Object(
        {
          kind: literals('consent', 'earlier-step', 'missing-step', 'waiver', 'statement'),
          what: text,
          text: maybe,
          by: Type.Optional(PersonRef),
          at: maybe,
          ref: maybe,
        },
        closed,
      ),
    ),
    approvals: Type.Array(
      Type.Object(
        {
          decision: literals('approve', 'reject'),
          person: PersonRef,
          reason: text,
          decidedAt: time,
          status: literals('pending', 'accepted', 'refused'),
          proof: literals('key', 'token'),
          kid: maybe,
          code: maybe,
        },
        closed,
      ),
    ),
    progress: Type.Object({ done: Type.Integer(), of: Type.Integer() }, closed),
    changes: Type.Array(
      Type.Object(
        {
          ...change,
          result: literals('changed', 'noop', 'in-place', 'failed', 'not-in-place', 'unknown', 'open'),
          code: maybe,
          detail: maybe,
          undo: Type.Optional(literals('changed', 'noop', 'in-place', 'failed', 'not-in-place', 'unknown')),
        },
        closed,
      ),
    ),
    timeline: Type.Array(Type.Object({ at: time, state: json, code: json, facts: json }, closed)),
  },
  closed,
);

/** The exact plan that a decision is about; its digest is computed from these members. */
export const PlanDocument = Type.Object(
  {
    job: text,
    salt: Type.Optional(text),
    runbook: text,
    parameters: text,
    target: text,
    locks: Type.Array(text),
    request: Type.Optional(
      Type.String({
        pattern: DIGEST,
        description: 'Digest of the request: who asked for what, and why. A plan of an earlier version has none.',
      }),
    ),
    findings: Type.Optional(
      Type.String({ pattern: DIGEST, description: 'Digest of the `findings` of the job that the plan was made from.' }),
    ),
    admission: Type.Optional(PlannedUnder),
    changes: Type.Array(Change),
  },
  closed,
);

export const JobOutput = Type.Object(
  { seq: Type.Integer(), at: time, kind: literals('state', 'record', 'progress'), body: object },
  closed,
);
