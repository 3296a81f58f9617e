import type { Selectable, Updateable } from 'kysely';
import { canonicalJson, type ValueObject } from '../../../domain/canonical.js';
import type { Job, MadePlan, Outcome, Proof, State } from '../../../domain/job.js';
import type { Risk } from '../../../domain/manifest.js';
import type { Plan } from '../../../domain/plan.js';
import type { PersonRef } from '../../../domain/people.js';
import type { Target } from '../../../domain/target.js';
import type { JobPatch } from '../../../domain/move.js';
import type { Database, JobsTable } from '../schema.js';

/** A row as it comes by itself, or as a member of a JSON value, where a time is text. */
export type Read<T extends keyof Database> = {
  readonly [K in keyof Selectable<Database[T]>]: Date extends Selectable<Database[T]>[K]
    ? Selectable<Database[T]>[K] | string
    : Selectable<Database[T]>[K];
};

const parse = <T>(text: string): T => JSON.parse(text) as T;

export function planOf(row: Read<'plans'>): MadePlan {
  return {
    bytes: row.bytes,
    digest: row.digest,
    plan: parse<Plan>(row.bytes),
    risk: row.risk as Risk,
    approvalsRequired: row.approvals_required,
    madeAt: new Date(row.made_at),
    expiresAt: new Date(row.expires_at),
    credentialScope: row.credential_scope,
  };
}

export function jobOf(row: Selectable<JobsTable>, plan: MadePlan | undefined): Job {
  return {
    id: row.id,
    kind: row.kind as Job['kind'],
    state: row.state as State,
    runbook: { id: row.runbook_id, version: row.runbook_version, contentDigest: row.content_digest },
    // Its id is that of the column, which events are checked by: one that was changed in either place can still be refused with an event.
    target: { ...parse<Target>(row.target), id: row.target_id },
    targetDigest: row.target_digest,
    pool: row.pool,
    parameters: parse<ValueObject>(row.parameters),
    requester: parse<PersonRef>(row.requester),
    reason: row.reason,
    submittedAt: row.submitted_at,
    stateSince: row.state_since,
    epoch: Number(row.epoch),
    partial: row.partial,
    drifts: row.drifts,
    crashes: row.crashes,
    proofs: parse<readonly Proof[]>(row.proofs),
    revision: Number(row.revision),
    ...given('rollbackOf', row.rollback_of),
    ...given('code', row.code),
    ...given('detail', row.detail),
    ...given('salt', row.salt),
    ...given('supplied', row.supplied === null ? null : parse<ValueObject>(row.supplied)),
    ...given('erasedAt', row.erased_at),
    ...given('ticket', row.ticket),
    ...given('supersedes', row.supersedes),
    ...given('follows', row.follows),
    ...given('window', row.window_from && row.window_to && { from: row.window_from, to: row.window_to }),
    ...given('schedule', firingOf(row)),
    ...given(
      'rollout',
      row.rollout === null || row.rollout_index === null ? null : { id: row.rollout, index: row.rollout_index },
    ),
    ...given('scan', row.scan === null || row.scan_index === null ? null : { id: row.scan, index: row.scan_index }),
    ...given('findings', row.findings === null ? null : parse<ValueObject>(row.findings)),
    ...given('plan', plan),
    ...given('grantJti', row.grant_jti),
    ...given('executeBy', row.execute_by),
    ...given('onFailure', row.on_failure as Job['onFailure'] | null),
    ...given('nextTryAt', row.next_try_at),
    ...given('until', row.until),
    ...given('leaseUntil', row.lease_until),
    ...given('worker', row.worker),
    ...given('engineDigest', row.engine_digest),
    ...given('outcome', row.outcome as Outcome | null),
    ...given('traceparent', row.traceparent),
    ...given('cancel', row.cancel === null ? null : parse<NonNullable<Job['cancel']>>(row.cancel)),
  };
}

const firingOf = ({ schedule_id: id, schedule_instant: instant }: Selectable<JobsTable>): Job['schedule'] =>
  id !== null && instant !== null ? { id, instant } : undefined;

function given<K extends string, V>(name: K, value: V | null | undefined): { readonly [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}

/** Where each member of a patch is written: a new member without a place does not compile. */
const AS_IT_IS = {
  code: 'code',
  detail: 'detail',
  grantJti: 'grant_jti',
  executeBy: 'execute_by',
  onFailure: 'on_failure',
  nextTryAt: 'next_try_at',
  until: 'until',
  leaseUntil: 'lease_until',
  worker: 'worker',
  engineDigest: 'engine_digest',
  outcome: 'outcome',
  epoch: 'epoch',
  partial: 'partial',
  drifts: 'drifts',
  crashes: 'crashes',
} as const satisfies { readonly [K in Exclude<keyof JobPatch, keyof typeof AS_JSON | 'plan'>]: keyof JobsTable };
const AS_JSON = {
  supplied: 'supplied',
  findings: 'findings',
  cancel: 'cancel',
  proofs: 'proofs',
} as const satisfies { readonly [K in keyof JobPatch]?: keyof JobsTable };

/** The columns that a patch sets. The plan goes to its own table; the job keeps its digest. */
export function columnsOf(patch: JobPatch): Updateable<JobsTable> {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(patch)) {
    if (isMember(AS_IT_IS, name)) columns[AS_IT_IS[name]] = value;
    else if (isMember(AS_JSON, name)) columns[AS_JSON[name]] = value === null ? null : canonicalJson(value);
    else if (name === 'plan') columns.plan_digest = patch.plan?.digest ?? null;
  }
  return columns;
}

function isMember<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name);
}
