import { Type, type TSchema } from 'typebox';
import { ROLES } from '../../domain/people.js';
import { ALL_ACTIONS } from '../../domain/policy/actions.js';
import { Change, JobDetail, JobOutput, JobSummary, PersonRef, PlanDocument, time } from './jobs.js';
import { closed, literals } from './parts.js';
import { ConsentBody, TargetBody } from './requests.js';
import { CalendarShown } from './calendars.js';
import { NextRun, ScheduleDetail, ScheduleSummary } from './schedules.js';
import { ChangeStreamEvent, JobStreamEvent } from './streams.js';

const text = Type.String();
const maybe = Type.Optional(text);
const json = Type.Unsafe<object>({ type: 'object', additionalProperties: true });

/** A page of a list; `next` is the cursor of the following page, null on the last one. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([text, Type.Null()]) }, closed);

export const Me = Type.Object(
  {
    id: text,
    name: text,
    roles: Type.Array(literals(...ROLES)),
    /** Rights that the policy gives for one target or job at least. */
    may: Type.Array(literals(...ALL_ACTIONS)),
    token: Type.Object({ id: text, kind: literals('personal', 'service') }, closed),
  },
  closed,
);

/** `settings` hold what the target was given; older versions may have stored more than this one takes. */
export const Target = Type.Object({ ...TargetBody.properties, id: text, settings: json }, closed);
const Maintenance = Type.Object({ until: time, by: text, reason: text, since: time }, closed);
/** What workers last saw of a target. `code`: why the last try failed. */
export const TargetStatus = Type.Object(
  { id: text, name: text, seenAt: maybe, triedAt: maybe, code: maybe, maintenance: Type.Optional(Maintenance) },
  closed,
);
export const Consent = Type.Object(
  { ...ConsentBody.properties, id: text, recordedBy: PersonRef, recordedAt: time },
  closed,
);
export const Frozen = Type.Object({ frozen: Type.Boolean(), by: maybe, at: maybe, reason: maybe }, closed);

/** `required`: how many people must approve a plan of that risk. */
const count = Type.Integer({ minimum: 0 });
const Approval = Type.Object(
  {
    roles: Type.Array(text),
    required: Type.Partial(Type.Object({ R0: count, R1: count, R2: count, R3: count }, closed)),
    expiresIn: text,
    executeWithin: text,
  },
  closed,
);

const runbook = {
  id: text,
  version: text,
  title: text,
  summary: text,
  owner: text,
  contentDigest: text,
  loadedAt: time,
  kinds: Type.Optional(Type.Array(text)),
  phases: Type.Optional(json),
  detect: Type.Optional(json),
  parameters: json,
  supplied: Type.Optional(Type.Array(text)),
  actions: Type.Optional(json),
  approval: Approval,
  onFailure: Type.Optional(literals('leave', 'rollback')),
  rollback: maybe,
};
export const Runbook = Type.Object(runbook, closed);
export const RunbookDetail = Type.Object({ ...runbook, manifest: json }, closed);

const person = Type.Object({ id: text, name: text }, closed);
/** Of an event about a change: the change as the approved plan has it. `result` is how an attempt ended. */
const AuditedChange = Type.Object(
  {
    ...{ resource: text, label: maybe, property: text, action: text },
    ...{ before: Change.properties.before, after: Change.properties.after },
    result: Type.Union([text, Type.Null()]),
  },
  closed,
);
/** Who asked, and who approved the plan that was in force. */
const AuditedDecision = Type.Object(
  {
    requester: person,
    reason: Type.Union([text, Type.Null()]),
    ticket: Type.Union([text, Type.Null()]),
    approvals: Type.Array(Type.Object({ person, at: time, reason: Type.Union([text, Type.Null()]) }, closed)),
  },
  closed,
);

/** An audit event with its link in the chain; `chained` is false for the second until it has one. */
export const AuditEntry = Type.Object(
  {
    v: Type.Integer(),
    eventId: text,
    action: text,
    outcome: literals('success', 'failure', 'denied', 'unknown'),
    at: text,
    actor: Type.Object({ type: text, id: text, name: text, roles: Type.Array(text) }, closed),
    job: Type.Union([text, Type.Null()]),
    target: Type.Union([text, Type.Null()]),
    data: json,
    writer: text,
    seq: Type.Optional(Type.Integer()),
    prevHash: maybe,
    hash: maybe,
    chained: Type.Boolean(),
    subject: Type.Union([text, Type.Null()], {
      description: 'Whom or what the job is for, as the requester named it.',
    }),
    change: Type.Union([AuditedChange, Type.Null()]),
    decision: Type.Union([AuditedDecision, Type.Null()]),
    reason: Type.Union([text, Type.Null()], {
      description: 'Of a rejection and of an erasure: why its actor did it.',
    }),
    erased: Type.Boolean({ description: 'The values of the job were erased.' }),
    verified: Type.Boolean({
      description:
        'The link of the event, the signature of the approval, and the plan, the request and the reasons that are shown were checked against the chain. Whether the chain is complete is for `fixpoint audit verify` to say.',
    }),
    problem: Type.Union([text, Type.Null()], { description: 'Why the line is not verified.' }),
  },
  closed,
);

/** A key of a person: what was asked for, who confirmed it, and what became of it. */
export const PersonKey = Type.Object(
  {
    id: text,
    person: PersonRef,
    kid: Type.String({ description: 'First 32 hex digits of the SHA-256 of the public key: what people compare.' }),
    publicKey: text,
    status: literals('requested', 'confirmed', 'registered', 'refused', 'revoked'),
    code: maybe,
    requestedAt: time,
    confirmedBy: Type.Optional(
      Type.Union([PersonRef, Type.Null()], { description: 'Null for the first key of the installation.' }),
    ),
    registeredAt: Type.Optional(time),
    revokedAt: Type.Optional(time),
    revokedBy: Type.Optional(PersonRef),
  },
  closed,
);

/** RFC 9457, with a stable `code`. */
export const Problem = Type.Object({
  type: text,
  title: text,
  status: Type.Integer(),
  code: Type.String({ description: 'Stable; what callers may rely on.' }),
  detail: text,
  errors: Type.Optional(
    Type.Array(
      Type.Object(
        { path: text, code: text, message: text, index: Type.Optional(Type.Integer()), target: Type.Optional(text) },
        closed,
      ),
    ),
  ),
});

/** The jobs of a batch, in the order of its requests. */
export const BatchAccepted = Type.Object(
  { items: Type.Array(Type.Object({ id: text, state: JobSummary.properties.state, location: text }, closed)) },
  closed,
);
/** The targets of an import, in its order. */
export const TargetsImported = Type.Object(
  { items: Type.Array(Type.Object({ id: text, name: text }, closed)) },
  closed,
);
export const JobPage = pageOf(JobSummary);
export const OutputPage = pageOf(JobOutput);
export const TargetPage = pageOf(Target);
export const TargetStatusPage = pageOf(TargetStatus);
export const ConsentPage = pageOf(Consent);
const RefusedRunbook = Type.Object({ id: text, folder: text, problems: Type.Array(text) }, closed);
export const RunbookPage = Type.Object(
  { items: Type.Array(Runbook), next: Type.Union([text, Type.Null()]), refused: Type.Array(RefusedRunbook) },
  closed,
);
export const AuditPage = pageOf(AuditEntry);
export const PersonKeyPage = pageOf(PersonKey);

/** Schemas that have a name in the OpenAPI document. */
export const NAMED = {
  ...{ JobSummary, JobDetail, JobPage, JobOutput, OutputPage, Change, PlanDocument, Me, Target, TargetPage },
  ...{ TargetStatus, TargetStatusPage },
  ...{ Consent, ConsentPage, Frozen, Runbook, RunbookDetail, RunbookPage, AuditEntry, AuditPage, Problem, TargetBody },
  ...{ PersonKey, PersonKeyPage },
  ...{ ScheduleSummary, ScheduleDetail, NextRun, CalendarShown },
  ...{ Approval, BatchAccepted, TargetsImported, JobStreamEvent, ChangeStreamEvent },
} as const;

export { ChangeStreamEvent, JobDetail, JobStreamEvent, JobSummary, PlanDocument };
