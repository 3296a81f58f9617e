import type { PlanList } from '../../../domain/rollout-list.js';
import type { RolloutGrant } from '../../../domain/rollout-grant.js';
import type { Declaration } from '../../../domain/rollouts/declaration.js';
import { isExposed, statusOf, type ItemFacts } from '../../../domain/rollouts/item-status.js';
import { passKey, type ItemView, type PauseCode, type RolloutView } from '../../../domain/rollouts/next-step.js';
import { splitWaves } from '../../../domain/rollouts/split.js';
import type { RolloutDecision, RolloutItem, RolloutRecord, RolloutStop } from '../../../ports/rollouts.js';

const GATES: readonly PauseCode[] = ['budget-exceeded', 'wave-not-proved', 'approval-due'];

/**
 * What the next step is decided by. Waves, budget and window are those that were signed; items are judged by their jobs.
 * @param resumes those whose proof holds
 */
export function viewOf(
  { items, stops, proved, now }: Pick<RolloutRecord, 'items' | 'stops' | 'proved' | 'now'>,
  grant: Pick<RolloutGrant, 'declaration' | 'until'>,
  list: PlanList,
  resumes: readonly RolloutDecision[],
): RolloutView {
  const declaration = grant.declaration as unknown as Declaration;
  const ended = new Set(resumes.flatMap(({ ends }) => ends));
  const pauses = stops.filter(({ kind }) => kind === 'pause');
  const excused = new Set(resumes.flatMap(({ exclude }) => exclude));
  const excluded = new Set([
    ...excused,
    ...stops.filter(({ kind }) => kind === 'exclude').flatMap((stop) => stop.items),
  ]);
  return {
    declaration,
    waves: splitWaves(declaration.waves, list.length),
    items: list.map(({ index, plan }) => itemView(items[index], plan, excluded.has(index), excused.has(index))),
    proved,
    passed: new Set(pauses.filter(({ id }) => ended.has(id)).flatMap(passOf)),
    held: pauses.some(({ id }) => !ended.has(id)),
    aborted: stops.some(({ kind }) => kind === 'abort'),
    until: new Date(grant.until),
    now,
  };
}

/** A gate that `authority` shut; what a person wrote opens none. */
function passOf({ person, code, wave }: RolloutStop): readonly string[] {
  const gate = GATES.find((each) => each === code);
  return person === undefined && gate !== undefined && wave !== undefined ? [passKey(wave, gate)] : [];
}

/** The facts of an item, as the database holds them. An item that is not there was left out. */
export function factsOf(item: RolloutItem, plan: string, excluded: boolean): ItemFacts {
  const { job, planDigest, granted, endLogged } = item;
  const { state, outcome, code, partial } = job;
  return {
    ...{ state, partial, granted, endLogged, excluded, planListed: planDigest === plan },
    ...(outcome === undefined ? {} : { outcome }),
    ...(code === undefined ? {} : { code }),
  };
}

function itemView(item: RolloutItem | undefined, plan: string, excluded: boolean, excused: boolean): ItemView {
  if (!item) return { status: 'left-out', site: '', exposed: false, excused };
  const facts = factsOf(item, plan, excluded);
  const status = statusOf(facts);
  return { status, site: item.job.target.site, exposed: isExposed(status, facts), excused };
}
