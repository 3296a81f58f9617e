import type { Actor } from '../../domain/people.js';
import type { TargetScope } from '../../domain/policy/policy.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { isBounded, selectTargets } from '../../domain/rollouts/selection.js';
import type { ApiContext } from '../api-context.js';
import { allTargets } from '../inventory/all-targets.js';
import { itemsToRetry } from './items-to-retry.js';
import type { Chosen, RolloutWish, SelectionFailure } from './wish.js';

type Asked = Pick<RolloutWish, 'items' | 'select' | 'selection' | 'retryOf' | 'parameters' | 'runbook'>;

/** The items that a wish means now, in their order: what the inventory says later changes nothing of them. */
export async function chosenItems(
  context: Pick<ApiContext, 'inventory' | 'rollouts' | 'selections' | 'rights'>,
  actor: Actor,
  { items, select, selection, retryOf, parameters = {}, runbook }: Asked,
): Promise<Result<Chosen, SelectionFailure>> {
  if ([items, select, selection, retryOf].filter((each) => each !== undefined).length !== 1)
    return fail({ kind: 'selection-unclear' });
  if (retryOf !== undefined) return itemsToRetry(context, actor, retryOf, runbook);
  const filter = await filterOf(context, select, selection);
  if (!filter.ok) return filter;
  if (items === undefined && !isBounded(filter.value)) return fail({ kind: 'selection-unbounded' });
  const chosen =
    items?.map((item) => ({ target: item.target, parameters: { ...parameters, ...item.parameters } })) ??
    selectTargets(await readable(context, actor), filter.value).map(({ id: target }) => ({ target, parameters }));
  return chosen.length === 0 ? fail({ kind: 'selection-empty' }) : ok({ items: chosen });
}

/** A filter means targets that the person may see: how many others fit it would tell of them. */
async function readable(context: Pick<ApiContext, 'inventory' | 'rights'>, { person }: Actor) {
  const rights = await context.rights.read();
  const all = await allTargets(context);
  if (rights.everywhere(person, 'read-targets')) return all;
  return all.filter((target) => !rights.denial({ action: 'read-targets', person, target }));
}

/** The filter that is given, or that of a selection by its id or name. */
async function filterOf(
  { selections }: Pick<ApiContext, 'selections'>,
  select: TargetScope = {},
  named?: string,
): Promise<Result<TargetScope, SelectionFailure>> {
  if (named === undefined) return ok(select);
  const [stored] = await selections.find([named]);
  return stored ? ok(stored.value.select) : fail({ kind: 'selection-not-found', name: named });
}
