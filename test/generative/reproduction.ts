import { bytesOf, type Draft } from './draft.js';
import { faultOf, type Judge, type Verdict } from './judge.js';
import type { Step } from './plan.js';
import { send } from './wire.js';
import type { World } from './world.js';

export interface Found {
  readonly seed: number;
  readonly step: Step;
  readonly draft: Draft;
  readonly fault: string;
  readonly judge: Judge;
  readonly hangsMs: number | undefined;
}

/** What a person needs to see the fault again: seed, number, and the smallest request that shows it alone. */
export async function reproduction(world: World, found: Found): Promise<string> {
  const { seed, step, draft, fault } = found;
  const { n, operation, mutation } = step;
  const logged = world.logged.splice(0);
  const alone = await again(world, found, draft);
  const smallest = alone === undefined ? draft : await shrunk(world, found, draft);
  return [
    `request ${n} of seed ${seed} (${operation.name}; ${mutation?.name ?? 'as documented'}): ${fault}`,
    ...logged,
    alone === undefined
      ? 'Sent again alone it is answered as documented. What was sent:'
      : 'Sent again alone it fails too. The smallest that fails:',
    shown(bytesOf(smallest)),
    `Again: npm run generative -- --seed ${seed} --only ${n}`,
  ].join('\n');
}

const again = async (world: World, { judge, step, hangsMs }: Found, draft: Draft): Promise<Verdict> => {
  const verdict = faultOf(judge, step.mutation, draft, await send(world.port, draft, hangsMs));
  return verdict ?? world.logged.splice(0)[0];
};

const firstLine = (text: string) => text.replace(/\n[^]*/, '');

/** Without the headers and parameters that the fault does not need. */
async function shrunk(world: World, found: Found, draft: Draft): Promise<Draft> {
  let smallest = draft;
  const attempt = async (smaller: Draft) => {
    const verdict = await again(world, found, smaller);
    if (verdict !== undefined && firstLine(verdict) === firstLine(found.fault)) smallest = smaller;
  };
  for (const header of draft.headers)
    await attempt({ ...smallest, headers: smallest.headers.filter((other) => other !== header) });
  for (const pair of draft.query)
    await attempt({ ...smallest, query: smallest.query.filter((other) => other !== pair) });
  return smallest;
}

/** Bytes as the text of a JavaScript string, cut where they are many. */
function shown(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const cut = text.length > 3000 ? `${text.slice(0, 3000)}… (${text.length} bytes)` : text;
  return JSON.stringify(cut).replaceAll('\\r\\n', '\\r\\n\n');
}
