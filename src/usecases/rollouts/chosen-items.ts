import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { isBounded, selectTargets } from '../../domain/rollouts/selection.js';
import type { Target } from '../../domain/target.js';
import type { ApiContext } from '../api-context.js';
import { itemsToRetry } from './items-to-retry.js';
import type { Chosen, RolloutWish, SelectionFailure } from './wish.js';

type Asked = Pick<RolloutWish, 'items' | 'select' | 'retryOf' | 'parameters' | 'runbook'>;

/** The items that a wish means now, in their order: what the inventory says later changes nothing of them. */
export async function chosenItems(
  context: Pick<ApiContext, 'inventory' | 'rollouts'>,
  actor: Actor,
  { items, select, retryOf, parameters = {}, runbook }: Asked,
): Promise<Result<Chosen, SelectionFailure>> {
  if ([items, select, retryOf].filter((each) => each !== undefined).length !== 1)
    return fail({ kind: 'selection-unclear' });
  if (retryOf !== undefined) return itemsToRetry(context, actor, retryOf, runbook);
  if (select !== undefined && !isBounded(select)) return fail({ kind: 'selection-unbounded' });
  const chosen =
    items?.map((item) => ({ target: item.target, parameters: { ...parameters, ...item.parameters } })) ??
    selectTargets(await allTargets(context), select ?? {}).map(({ id: target }) => ({ target, parameters }));
  return chosen.length === 0 ? fail({ kind: 'selection-empty' }) : ok({ items: chosen });
}

const PAGE = 500;

async function allTargets({ inventory }: Pick<ApiContext, 'inventory'>): Promise<readonly Target[]> {
  const all: Target[] = [];
  for (let after: string | undefined; ;) {
    const page = await inventory.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    all.push(...page.map(({ target }) => target));
    after = page.at(-1)?.target.name;
    if (page.length < PAGE || after === undefined) return all;
  }
}
