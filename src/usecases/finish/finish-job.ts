import type { RunbookBundle } from '../../domain/manifest.js';
import { phaseCode, type JobCode } from '../../domain/codes/lookup.js';
import type { ValueObject } from '../../domain/canonical.js';
import type { Job, Proof } from '../../domain/job.js';
import { latest, type JournalEntry } from '../../domain/journal.js';
import { durationMs, utcText } from '../../domain/time.js';
import type { Move, Write } from '../../domain/move.js';
import { ended, waiting } from '../../domain/moves.js';
import { phaseParameters } from '../../domain/phases.js';
import type { Execution } from '../claim/execution.js';
import { failJob } from '../undo/fail-job.js';
import { workerEvent } from '../facts.js';
import { freshChanges } from '../phases/fresh-changes.js';
import type { Observation } from '../phases/observe.js';
import { phaseScript } from '../../domain/bundle.js';
import { openChecked } from '../phases/open-checked.js';
import { runPhase, type OpenRunspaceFailure, type Runspace } from '../phases/run-phase.js';
import { isRefusal, stopOf } from '../stop/stop-reason.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** Whether the job's end is proved: its own plan is empty, and Verify, where there is one, says so from outside. */
export type Proved =
  | { readonly kind: 'proved'; readonly proofs: readonly Proof[]; readonly state: ValueObject }
  | { readonly kind: 'not-yet'; readonly code: JobCode; readonly detail: string; readonly nextCheckUtc?: string }
  /** Nothing could be learnt now: the target or the engine did not answer. */
  | { readonly kind: 'no-answer'; readonly detail: string }
  /** Nothing will be learnt: the target or its credentials refuse. It is not asked again, because accounts lock. */
  | { readonly kind: 'refused'; readonly code: JobCode; readonly detail: string };

type Proving = Pick<Execution, 'job' | 'bundle' | 'story' | 'hold'>;

/** A last Detect + Plan, then Verify. */
export async function prove(context: WorkerContext, proving: Proving, reader: Runspace): Promise<Proved> {
  const { job, bundle, story, hold } = proving;
  const fresh = await freshChanges(context, reader, bundle, job, story.onRecord, hold.reading);
  if (!fresh.ok) {
    const { error } = fresh;
    if (error.kind === 'reported')
      return { kind: 'not-yet', code: thrown(bundle, error.code), detail: error.error.message };
    if (error.kind === 'malformed-output') return { kind: 'not-yet', code: error.kind, detail: error.detail };
    return { kind: 'no-answer', detail: error.kind };
  }
  const { observation, changes } = fresh.value;
  if (observation.finding === 'inconclusive') {
    return { kind: 'not-yet', code: 'inconclusive', detail: 'Detect cannot tell whether the change is in place' };
  }
  if (changes.length > 0) {
    const detail = `a fresh plan still lists ${changes.length} change${changes.length === 1 ? '' : 's'}`;
    return { kind: 'not-yet', code: 'not-verified', detail };
  }
  const own: Proof = {
    source: 'reported by the target',
    what: 'a fresh Detect and Plan found nothing left to do',
    at: utcText(new Date()),
  };
  const state = observation.state;
  if (job.kind === 'rollback-of' || !phaseScript(bundle, 'verify')) return { kind: 'proved', proofs: [own], state };
  return verify(context, proving, observation, own);
}

async function verify(
  context: WorkerContext,
  { job, bundle, story, hold }: Proving,
  observation: Observation,
  own: Proof,
): Promise<Proved> {
  const outside = await openChecked(context, bundle, job, 'verify', 'detect', hold.reading);
  if (!outside.ok) return notOpened(outside.error, bundle);
  try {
    const parameters = { Parameters: phaseParameters(job, job.supplied), State: observation.state };
    const ran = await runPhase(outside.value, bundle, 'verify', parameters, story.onRecord, hold.reading);
    if (!ran.ok) {
      if (ran.error.kind !== 'reported') return { kind: 'no-answer', detail: ran.error.kind };
      return { kind: 'not-yet', code: thrown(bundle, ran.error.code), detail: ran.error.error.message };
    }
    const said = context.values.check(VERIFY_SCHEMA, ran.value[0]);
    if (!said.ok || ran.value.length !== 1) {
      return {
        kind: 'not-yet',
        code: 'malformed-output',
        detail: 'Verify must emit { proven, code?, nextCheckUtc?, evidence }',
      };
    }
    const { proven, code, nextCheckUtc, evidence = [] } = said.value;
    if (proven !== true) {
      const next = typeof nextCheckUtc === 'string' ? { nextCheckUtc } : {};
      return {
        kind: 'not-yet',
        code: typeof code === 'string' ? thrown(bundle, code) : 'not-verified',
        detail: 'the outside proof is not there yet',
        ...next,
      };
    }
    const seen: Proof = {
      source: 'seen from outside',
      what: 'Verify',
      at: utcText(new Date()),
      evidence: evidence as readonly ValueObject[],
    };
    return { kind: 'proved', proofs: [own, seen], state: observation.state };
  } finally {
    await outside.value.session.close();
  }
}

/** What a session that did not open says about the proof. */
export function notOpened(failure: OpenRunspaceFailure, { manifest }: RunbookBundle): Proved {
  if (!isRefusal(failure)) return { kind: 'no-answer', detail: failure.kind };
  const { code, detail = code } = stopOf(failure, manifest.codes);
  return { kind: 'refused', code, detail };
}

/** The code that a phase gave: of the table, of the runbook's own, or `script-error`. */
function thrown({ manifest }: RunbookBundle, code: string): JobCode {
  return phaseCode(code, manifest.codes).code;
}

const VERIFY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['proven'],
  properties: {
    proven: { type: 'boolean' },
    code: { type: 'string', maxLength: 64 },
    nextCheckUtc: { type: 'string', maxLength: 24 },
    evidence: { type: 'array', items: { type: 'object' }, maxItems: 100 },
  },
} as const;

/** Ends a run whose changes are all in place: proved, waiting for the proof, or failed where the manifest allows no wait. */
export async function finishJob(context: WorkerContext, execution: Execution, proved: Proved): Promise<void> {
  const { job, bundle } = execution;
  if (proved.kind === 'proved') return succeed(context, job, proved);
  const wait = bundle.manifest.verify ?? (proved.kind === 'no-answer' ? { within: '10m', every: '15s' } : undefined);
  const code = proved.kind === 'no-answer' ? 'unreachable' : proved.code;
  if (proved.kind === 'refused') return failJob(context, execution, proved.code, proved.detail);
  if (!wait) return failJob(context, execution, 'not-verified', proved.detail);
  await transitionClaimed(context, job, ['running'], ({ now }): Move => {
    const until = new Date(now.getTime() + durationMs(wait.within));
    const nextTryAt = nextCheck(now, until, durationMs(wait.every), proved);
    const events = [workerEvent(context, 'job.waiting', job, { data: { code, until: until.toISOString() } })];
    return waiting({ code, detail: proved.detail }, nextTryAt, until, { events });
  });
}

/** When to look again: as Verify asked, within reason, else by the manifest's interval. */
export function nextCheck(now: Date, until: Date, everyMs: number, proved: Proved): Date {
  const asked = proved.kind === 'not-yet' && proved.nextCheckUtc ? Date.parse(proved.nextCheckUtc) : Number.NaN;
  const at = Number.isFinite(asked) && asked > now.getTime() + 1000 ? asked : now.getTime() + everyMs;
  return new Date(Math.min(at, until.getTime()));
}

export async function succeed(
  context: WorkerContext,
  job: Job,
  { proofs, state }: Extract<Proved, { kind: 'proved' }>,
): Promise<void> {
  await transitionClaimed(
    context,
    job,
    ['running', 'waiting', 'unknown', 'needs-attention'],
    ({ job: current, journal }): Move => {
      const outcome = ours(journal) ? 'fixed' : 'already-fine';
      const data = { outcome, proofs: proofs.map(({ source }) => source) };
      const set = { code: null, detail: null, partial: false, outcome, proofs, findings: state } as const;
      const events = [workerEvent(context, 'job.succeeded', job, { data })];
      const writes = current.state === 'needs-attention' ? seenInPlace(current, journal) : [];
      return ended('succeeded', {}, { set, events, writes });
    },
  );
}

/** Every granted change without a recorded result: a person said that it is in place, and the target now shows it. */
function seenInPlace(job: Job, journal: readonly JournalEntry[]): readonly Write[] {
  const done = latest(journal, 'apply');
  const undone = latest(journal, 'undo');
  const granted = job.plan?.plan.changes ?? [];
  return [
    ...granted.flatMap(({ id }): Write[] => {
      const known = done.get(id);
      if (known?.result === 'changed' || known?.result === 'noop' || known?.result === 'in-place') return [];
      const attempt = known && known.result === undefined ? known.attempt : 0;
      return [{ kind: 'result', changeId: id, direction: 'apply', attempt, result: 'in-place' }];
    }),
    ...[...undone.values()]
      .filter(({ result }) => result === undefined)
      .map(({ changeId, attempt }): Write => ({
        kind: 'result',
        changeId,
        direction: 'undo',
        attempt,
        result: 'not-in-place',
      })),
  ];
}

function ours(journal: readonly JournalEntry[]): boolean {
  return [...latest(journal, 'apply').values()].some(({ result }) => result === 'changed');
}
