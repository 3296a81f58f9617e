import type { ValueObject } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import type { Phase, RunbookBundle } from '../../domain/manifest.js';
import { changeValue, phaseParameters } from '../../domain/phases.js';
import type { Change } from '../../domain/plan.js';
import { undoing, withPlanned } from '../../domain/planned.js';
import { fail, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
import type { CredentialUse } from '../../ports/credentials.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import type { OwnCodes } from '../../domain/codes/lookup.js';
import { effectOf, type Effect } from '../journal/record-result.js';
import type { OnRecord } from '../phases/job-output.js';
import { observe, type Observation, type ObserveContext } from '../phases/observe.js';
import { openRunspace, runPhase, type OpenRunspaceFailure, type ReachContext } from '../phases/run-phase.js';
import { suppliedValues, type SuppliedFailure } from '../plan/supplied-values.js';
import type { SupplySources } from '../plan/supply-sources.js';
import { stopOf } from '../stop/stop-reason.js';

export type RehearsalContext = ReachContext & ObserveContext;
export type RehearsalFailure = OpenRunspaceFailure | PhaseFailure | SuppliedFailure;

/** Why a step did not end as it should: its code, and what is known beside it. */
export function reasonOf(failure: RehearsalFailure, own: OwnCodes): string {
  if (failure.kind === 'setting-missing') return `setting-missing: there is no value for ${failure.name}`;
  const { code, detail } = stopOf(failure, own);
  return detail === undefined || detail === code ? code : `${code}: ${detail}`;
}

/** What the phases run with. */
export interface Rehearsed {
  readonly bundle: RunbookBundle;
  readonly target: Target;
  /** What the requester gives, and supplied values that are fixed by the author. */
  readonly parameters: ValueObject;
}

/** The phases of a runbook as a job runs them, without a job: nothing of it is stored. */
export interface Rehearsal {
  /** @param look `undone`: every change was undone, and Detect is that of the rollback */
  observe(look?: {
    readonly undone?: boolean;
    readonly onRecord?: OnRecord;
  }): Promise<Result<Observation, RehearsalFailure>>;
  apply(change: Change): Promise<Result<Effect, RehearsalFailure>>;
  undo(change: Change): Promise<Result<Effect, RehearsalFailure>>;
}

/** What a job gets that is the first of its kind: no consents, no earlier steps. */
const NO_RECORD: SupplySources = {
  jobs: { view: async () => undefined },
  catalogue: { manifest: async () => undefined },
  consents: { latest: async () => [] },
  previousSteps: { list: async () => [] },
  rollbacks: { isOpen: async () => false },
};

/** @param now the time of the request, on this machine's clock */
export function createRehearsal(context: RehearsalContext, rehearsed: Rehearsed, now: Date): Rehearsal {
  const { bundle, target, parameters } = rehearsed;
  const { manifest } = bundle;
  const isSupplied = (name: string) => (manifest.supplied as readonly string[]).includes(name);
  const members = Object.entries(parameters);
  const fixed = Object.fromEntries(members.filter(([name]) => isSupplied(name)));
  const job: Pick<Job, 'id' | 'target' | 'parameters' | 'submittedAt'> & { readonly runbook: { readonly id: string } } =
    {
      id: context.newId(),
      target,
      parameters: Object.fromEntries(members.filter(([name]) => !isSupplied(name))),
      submittedAt: now,
      runbook: { id: manifest.id },
    };
  let supplied: ValueObject | undefined;
  const { signal } = new AbortController();

  const inRunspace = async <T>(
    phase: Phase,
    use: CredentialUse,
    work: (runspace: Parameters<typeof runPhase>[0], values: ValueObject) => Promise<Result<T, RehearsalFailure>>,
  ): Promise<Result<T, RehearsalFailure>> => {
    const opened = await openRunspace(context, bundle, job, phase, use, signal);
    if (!opened.ok) return opened;
    try {
      if (!supplied) {
        const left = { ...manifest, supplied: manifest.supplied.filter((name) => !Object.hasOwn(fixed, name)) };
        const values = await suppliedValues(NO_RECORD, job, left, opened.value.session.remote.clockOffsetMs);
        if (!values.ok) return fail(values.error);
        supplied = { ...values.value, ...fixed };
      }
      return await work(opened.value, supplied);
    } finally {
      await opened.value.session.close();
    }
  };
  const change = (phase: 'apply' | 'rollback', one: Change) =>
    inRunspace<Effect>(phase, 'apply', async (runspace, values) => {
      const given = { Parameters: phaseParameters(job, values), Change: changeValue(one) };
      const ran = await runPhase(runspace, bundle, phase, given, () => undefined, signal);
      return ran.ok ? effectOf(ran.value) : ran;
    });
  return {
    observe: ({ undone = false, onRecord = () => undefined } = {}) =>
      inRunspace<Observation>('detect', 'detect', async (reader, values) => {
        const given = undone ? undoing(values) : values;
        const seen = await observe(context, reader, bundle, job, given, onRecord, signal);
        if (!seen.ok) return seen;
        // From the first plan on a job names its objects by what the plan locks.
        if (values.planned === null) supplied = withPlanned(values, seen.value.locks);
        return seen;
      }),
    apply: (one) => change('apply', one),
    undo: (one) => change('rollback', one),
  };
}
