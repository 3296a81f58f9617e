import type { Value, ValueObject } from '../../domain/canonical.js';
import type { Salt } from '../../domain/digest.js';
import type { Job } from '../../domain/job.js';
import { lockKeys } from '../../domain/locks.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { phaseParameters } from '../../domain/phases.js';
import { PLANNED_CHANGE } from '../../domain/plan-case.js';
import { numberChanges, planFailureText, type Change, type PlannedChange } from '../../domain/plan.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import type { OnRecord } from './job-output.js';
import { runPhase, type Runspace } from './run-phase.js';
import type { WorkerContext } from '../worker-context.js';

/** What a Detect followed by a Plan said. */
export interface Observation {
  readonly state: ValueObject;
  readonly finding: 'present' | 'absent' | 'inconclusive' | 'not-applicable';
  readonly changes: readonly Change[];
  readonly locks: readonly string[];
}

export type ObserveFailure = PhaseFailure;

/** What Detect and Plan need: an engine, and the check of what they return. */
export type ObserveContext = Pick<WorkerContext, 'host' | 'values'>;

/** Detect in the reader, then Plan in a locked-down runspace on the worker. Reads only. */
export async function observe(
  context: ObserveContext,
  reader: Runspace,
  bundle: RunbookBundle,
  job: Pick<Job, 'parameters' | 'target' | 'salt'>,
  supplied: ValueObject,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<Result<Observation, ObserveFailure>> {
  const parameters = phaseParameters(job, supplied);
  const detected = await runPhase(reader, bundle, 'detect', { Parameters: parameters }, onRecord, signal);
  if (!detected.ok) return detected;
  if (detected.value.length !== 1) {
    return malformed(`Detect must emit one object, it emitted ${detected.value.length}`);
  }
  const state = context.values.check(bundle.manifest.state, detected.value[0]);
  if (!state.ok) return malformed(`Detect: ${problems(state.error)}`);
  const finding = state.value.finding as Observation['finding'];
  const locks = lockKeys(bundle.manifest, state.value, job.target.id);
  if (locks.some((key) => key.includes('\u0000')))
    return malformed('Detect: a name that is locked has a NUL character');
  const changes = await plan(context, bundle, parameters, state.value, job.salt, onRecord, signal);
  if (!changes.ok) return changes;
  if (finding !== 'present' && changes.value.length > 0)
    return malformed(`Plan emitted changes for finding ${finding}`);
  return ok({ state: state.value, finding, changes: changes.value, locks });
}

async function plan(
  context: ObserveContext,
  bundle: RunbookBundle,
  parameters: ValueObject,
  state: ValueObject,
  salt: Salt,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<Result<readonly Change[], PhaseFailure>> {
  const session = await context.host.open({ kind: 'plan' }, { signal });
  if (!session.ok) return session;
  try {
    return await planIn(context, { session: session.value }, bundle, parameters, state, salt, onRecord, signal);
  } finally {
    await session.value.close();
  }
}

/** Plan in an open runspace of its kind: its changes with their ids, checked against the manifest. */
export async function planIn(
  { values }: Pick<WorkerContext, 'values'>,
  runspace: Runspace,
  bundle: RunbookBundle,
  parameters: ValueObject,
  state: ValueObject,
  salt: Salt,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<Result<readonly Change[], PhaseFailure>> {
  const given = { Parameters: parameters, State: state };
  const emitted = await runPhase(runspace, bundle, 'plan', given, onRecord, signal);
  if (!emitted.ok) return emitted;
  const planned: PlannedChange[] = [];
  for (const value of emitted.value) {
    const change = values.check(PLANNED_CHANGE, value);
    if (!change.ok) return malformed(`Plan: ${problems(change.error)}`);
    const { resource, property, action, label, before = null, after = null } = change.value as Record<string, Value>;
    const named = label === undefined ? {} : { label };
    planned.push({ resource, property, before, after, action, ...named } as PlannedChange);
  }
  const numbered = numberChanges(planned, bundle.manifest.actions, salt);
  return numbered.ok ? numbered : malformed(`Plan: ${planFailureText(numbered.error)}`);
}

function malformed(detail: string): { readonly ok: false; readonly error: PhaseFailure } {
  return fail({ kind: 'malformed-output', detail });
}

function problems(list: readonly { readonly path: string; readonly message: string }[]): string {
  return list
    .slice(0, 5)
    .map(({ path, message }) => `${path === '' ? '/' : path} ${message}`)
    .join('; ');
}
