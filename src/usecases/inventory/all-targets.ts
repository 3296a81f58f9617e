import type { Target } from '../../domain/target.js';
import type { ApiContext } from '../api-context.js';

const PAGE = 500;

/** Every target of the inventory, in the order of their names. */
export async function allTargets({ inventory }: Pick<ApiContext, 'inventory'>): Promise<readonly Target[]> {
  const all: Target[] = [];
  for (let after: string | undefined; ;) {
    const page = await inventory.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    all.push(...page.map(({ target }) => target));
    after = page.at(-1)?.target.name;
    if (page.length < PAGE || after === undefined) return all;
  }
}
