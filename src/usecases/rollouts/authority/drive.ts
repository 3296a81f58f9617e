import type { Code } from '../../../domain/codes/index.js';
import { NOT_ADMITTED } from '../../../domain/admission.js';
import { nextStep, type Step } from '../../../domain/rollouts/next-step.js';
import { isTerminal } from '../../../domain/job.js';
import type { RolloutRecord, RolloutStop } from '../../../ports/rollouts.js';
import type { RolloutAuthority } from './context.js';
import { issueChild } from './issue.js';
import { end, leaveOut, mark, pause, showStatus } from './record-steps.js';
import { manifestOf, requestProblem } from './listed-jobs.js';
import { runningGrant, type Running } from './running.js';
import { viewOf } from './view.js';

/** Steps that follow one another at once: a wave that is proved and the next one begun. */
const MOST_STEPS = 8;
/** Rollouts that are looked at in one pass. */
const MOST_LIVE = 1000;

/**
 * Brings every rollout one step further, as far as what was signed and what its jobs show allow. Nothing is started while all work is
 * frozen. One that fails holds up no other.
 */
export async function driveRollouts(
  context: RolloutAuthority,
  failed: (rollout: string, error: unknown) => void,
): Promise<void> {
  if ((await context.freeze.read()).frozen) return;
  for (const id of await context.rollouts.live(MOST_LIVE))
    await context.rollouts.alone(id, () => drive(context, id)).catch((error: unknown) => failed(id, error));
}

async function drive(context: RolloutAuthority, id: string): Promise<void> {
  for (let i = 0; i < MOST_STEPS; i++) {
    const record = await context.rollouts.record(id);
    if (!record || record.rollout.status === 'ended') return;
    const isFurther = record.grant ? await running(context, record) : await open(context, record);
    if (!isFurther) return;
  }
}

/** A rollout that nobody approved ends when it was aborted, or when no item of it can be approved any more. */
async function open(context: RolloutAuthority, record: RolloutRecord): Promise<false> {
  const isAborted = record.stops.some(({ kind }) => kind === 'abort');
  if (isAborted) await end(context, record, 'aborted');
  else if (record.items.every(({ job }) => isTerminal(job.state))) {
    const isFine = record.items.every(({ job }) => job.state === 'compliant');
    await end(context, record, isFine ? 'finished' : 'not-approved');
  }
  return false;
}

/** @returns whether the next look may find a further step at once */
async function running(context: RolloutAuthority, record: RolloutRecord): Promise<boolean> {
  const run = await runningGrant(context, record);
  if (!run) {
    const isAborted = record.stops.some(({ kind }) => kind === 'abort');
    return isAborted ? end(context, record, 'aborted') : pause(context, record, run, 'grant-invalid', undefined, []);
  }
  const step = nextStep(viewOf(record, run.grant, run.list, run.resumes));
  switch (step.kind) {
    case 'start':
      return start(context, record, run, step);
    case 'prove':
      await mark(context, record, step.wave, 'proved');
      return true;
    case 'pause':
      return pause(context, record, run, step.code, step.wave, indexesOf(run, step.positions));
    case 'end':
      return end(context, record, step.as);
    case 'wait':
      await showStatus(context, record, step.for === 'person' ? 'paused' : 'running');
      return false;
  }
}

async function start(
  context: RolloutAuthority,
  record: RolloutRecord,
  run: Running,
  { wave, positions }: Extract<Step, { kind: 'start' }>,
): Promise<boolean> {
  // Only a rollout that is what was submitted and approved starts anything.
  const changed = await requestProblem(context, record);
  const manifest = await manifestOf(context, record.rollout.runbook);
  if (changed !== undefined || !manifest)
    return pause(context, record, run, changed ?? 'runbook-changed', undefined, []);
  await showStatus(context, record, 'running');
  await mark(context, record, wave, 'began');
  for (const position of positions) {
    // What somebody stops while the others are signed counts for this one.
    const stops = await context.rollouts.stops(record.rollout.id);
    if (holdsAll(stops, run)) return false;
    if (isTakenOut(stops, indexesOf(run, [position]))) continue;
    // The request was compared with its submission and with what was signed: it says what is undone.
    const { rollbackOf: undone } = record.rollout;
    const issue = { grant: run.grant, list: run.list, manifest, undone, wave, position };
    const problem = await issueChild(context, issue);
    if (problem === undefined) continue;
    if (isOfAll(problem)) return pause(context, record, run, problem, undefined, indexesOf(run, [position]));
    await leaveOut(context, record, problem, wave, indexesOf(run, [position]));
  }
  return false;
}

/** Whether the rollout was aborted, or paused by something that nobody has ended. */
function holdsAll(stops: readonly RolloutStop[], { resumes }: Running): boolean {
  const ended = new Set(resumes.flatMap(({ ends }) => ends));
  return stops.some(({ id, kind }) => kind === 'abort' || (kind === 'pause' && !ended.has(id)));
}

const isTakenOut = (stops: readonly RolloutStop[], indexes: readonly number[]): boolean =>
  stops.some(({ kind, items }) => kind === 'exclude' && items.some((index) => indexes.includes(index)));

/** Problems of the approvals or the runbook: they hold for every item. */
const OF_ALL: readonly Code[] = [
  ...NOT_ADMITTED,
  ...(['approver-lost-rights', 'approvals-missing', 'key-required', 'key-unknown', 'key-revoked'] as const),
  'signature-invalid',
];
const isOfAll = (code: Code) => OF_ALL.includes(code);

const indexesOf = ({ list }: Running, positions: readonly number[]) =>
  positions.flatMap((position) => list[position]?.index ?? []);
