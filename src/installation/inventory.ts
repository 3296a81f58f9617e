import { createStore } from '../adapters/postgres/index.js';
import type { Target } from '../domain/target.js';
import { apiDatabaseUrl } from './database-url.js';

const A_PAGE = 200;

/** The targets of this installation; undefined where its database cannot be asked now, which is no fault of the command that asks. */
export async function knownTargets(): Promise<readonly Target[] | undefined> {
  const targets: Target[] = [];
  try {
    const { inventory, close } = createStore(apiDatabaseUrl(), { max: 1 });
    try {
      for (let after: string | undefined; ;) {
        const page = await inventory.list({ limit: A_PAGE, ...(after === undefined ? {} : { after }) });
        targets.push(...page.map(({ target }) => target));
        after = page.at(-1)?.target.name;
        if (page.length < A_PAGE) return targets;
      }
    } finally {
      await close();
    }
  } catch {
    return undefined;
  }
}
