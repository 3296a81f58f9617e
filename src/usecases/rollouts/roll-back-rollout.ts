import type { Manifest } from '../../domain/manifest.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import { readList } from '../../domain/rollout-list.js';
import { completeDeclaration, type AskedDeclaration } from '../../domain/rollouts/declaration.js';
import type { LeftOut } from '../../domain/rollouts/request.js';
import { reverseWaves } from '../../domain/rollouts/reverse.js';
import { splitWaves } from '../../domain/rollouts/split.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { RolloutItem, RolloutRecord, StoredRollout } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';
import { admissionOf } from '../in-force.js';
import { jobFacts } from '../job-rights.js';
import type { RefusedItem } from '../submit/check-items.js';
import { orFirst, scopeOf } from '../submit/idempotency.js';
import { rollbackJob, undoProblem } from '../submit/undo-problem.js';
import type { RolloutFailure } from './rollout-failure.js';
import { limitProblem, storeRollout } from './store-rollout.js';

/** How a person wants a rollout rolled back: by default in its own waves, the last one first. */
export interface RollbackWish extends AskedDeclaration {
  readonly reason: string;
  readonly ticket?: string;
  /** How many items are rolled back, typed by the person. */
  readonly expect: number;
}

/**
 * A new rollout whose items are the rollbacks of those items of an ended one that changed something. It is planned, approved as a list and
 * carried out in waves like any other. What cannot be put back is left out, each item with why; approvers sign that too.
 */
export async function rollBackRollout(
  context: ApiContext,
  actor: Actor,
  id: string,
  key: string,
  wish: RollbackWish,
): Promise<Result<Made<StoredRollout>, RolloutFailure>> {
  const scope = scopeOf(actor, `POST /v1/rollouts/${id}/rollback`, key, wish);
  return orFirst(await rollBackNew(context, actor, id, scope, wish), () => context.rollouts.first(scope));
}

async function rollBackNew(
  context: ApiContext,
  actor: Actor,
  undone: string,
  key: IdempotencyKey,
  wish: RollbackWish,
): Promise<Result<Made<StoredRollout>, RolloutFailure>> {
  const denial = (await context.rights.read()).denial({ action: 'start-rollouts', person: actor.person });
  if (denial) return fail(denial);
  const record = await context.rollouts.record(undone);
  if (!record) return fail({ kind: 'rollout-not-found' });
  const manifest = await context.catalogue.manifest(record.rollout.runbook.contentDigest);
  const refused = await rolloutProblem(context, record, manifest);
  if (refused) return fail(refused);
  const denied = await deniedItems(context, actor, record, manifest);
  if (denied.length > 0) return fail({ kind: 'rollout-refused', members: denied });
  const { undoable, leftOut } = await itemsToUndo(context, record);
  const reversed = reversedOf(record, undoable);
  const count = reversed.items.length;
  if (count === 0) return fail({ kind: 'nothing-to-roll-back', leftOut });
  const declaration = completeDeclaration({ ...wish, waves: wish.waves ?? reversed.waves }, count);
  const problem = await limitProblem(context, actor, declaration, count, wish.expect);
  if (problem) return fail(problem.kind === 'count-mismatch' ? { ...problem, leftOut } : problem);
  const { reason, ticket } = wish;
  const about = { reason, ...(ticket === undefined ? {} : { ticket }) };
  const id = context.newId();
  const jobs = reversed.items.map(({ job }, index) =>
    rollbackJob(context, actor, job, { ...about, rollout: { id, index } }),
  );
  return storeRollout(context, actor, key, { id, declaration, ...about, rollbackOf: undone, leftOut }, jobs);
}

/** Why nothing of a rollout can be rolled back now, whoever asks and whatever its items did. */
async function rolloutProblem(
  context: ApiContext,
  { rollout, undoneBy }: RolloutRecord,
  manifest: Manifest | undefined,
): Promise<RolloutFailure | undefined> {
  if (rollout.rollbackOf !== undefined) return { kind: 'rollout-is-rollback' };
  if (rollout.status !== 'ended') return { kind: 'not-ended-rollout' };
  if (undoneBy.some(({ status }) => status !== 'ended')) return { kind: 'rollback-not-ended' };
  const rollback = manifest?.rollback;
  if (rollback !== 'script') return { kind: 'no-rollback', why: rollback?.none ?? 'the runbook is not stored' };
  const admission = await admissionOf(context, rollout.runbook.contentDigest);
  return admission.ok ? undefined : { kind: admission.error.code, why: admission.error.detail };
}

/** The items that were started and that this person may not roll back. */
async function deniedItems(
  context: ApiContext,
  { person }: Actor,
  { items }: RolloutRecord,
  manifest: Manifest | undefined,
): Promise<readonly RefusedItem[]> {
  const rights = await context.rights.read();
  return items.flatMap(({ job, granted }, index) => {
    if (!granted) return [];
    const asked = jobFacts(person, job, manifest);
    const failure: Denial | undefined =
      rights.denial({ action: 'rollback', ...asked }) ?? rights.denial({ action: 'plan', ...asked });
    return failure ? [{ index, target: job.target.name, failure }] : [];
  });
}

/** Which items can be put back, by their indexes, and why each of the others cannot. */
async function itemsToUndo(context: ApiContext, { items }: RolloutRecord) {
  const undoable = new Set<number>();
  const leftOut: LeftOut[] = [];
  for (const [index, item] of items.entries()) {
    const code = await codeOf(context, item);
    if (code === undefined) undoable.add(index);
    else leftOut.push({ index, target: item.job.target.name, code });
  }
  return { undoable, leftOut };
}

async function codeOf(context: ApiContext, { job, granted }: RolloutItem): Promise<LeftOut['code'] | undefined> {
  // What was never started changed nothing, whatever became of its job.
  const view = granted ? await context.jobs.view(job.id) : undefined;
  return view ? (await undoProblem(context, view))?.kind : 'nothing-to-undo';
}

/** The items in the order in which they are rolled back, and their waves. Positions are those of the list that was approved. */
function reversedOf({ rollout, items, list: bytes }: RolloutRecord, undoable: ReadonlySet<number>) {
  const list = (bytes === undefined ? undefined : readList(bytes)) ?? [];
  const undone = list.flatMap(({ index }, position) => (undoable.has(index) ? [position] : []));
  const { positions, waves } = reverseWaves(splitWaves(rollout.declaration.waves, list.length), new Set(undone));
  return { waves, items: positions.flatMap((position) => items[list[position]?.index ?? -1] ?? []) };
}
