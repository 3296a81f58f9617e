import { completeDeclaration, type AskedDeclaration, type Declaration, type Wave } from './declaration.js';
import { mostInFirstWave } from './limits.js';
import { splitWaves } from './split.js';

/** The declaration of an earlier rollout for the items that are asked for again; what is asked for anew wins. */
export function declarationLike(earlier: Declaration, asked: AskedDeclaration, count: number): Declaration {
  const { waves, budget, atOnce, window } = earlier;
  const { perSite = earlier.perSite } = asked;
  // Fewer may fail now than outcomes could be unknown before: what follows from the number that is given wins too.
  const { unknown, ...others } = budget;
  const known = asked.budget?.failed === undefined ? { unknown } : {};
  return completeDeclaration(
    {
      atOnce: asked.atOnce ?? atOnce,
      window: asked.window ?? window,
      ...(perSite === undefined ? {} : { perSite }),
      ...wavesLike(waves, asked.waves, count),
      budget: { ...others, ...known, ...asked.budget },
    },
    count,
  );
}

/** The waves that were declared before; the default where they begin with too many of so few items. */
function wavesLike(earlier: readonly Wave[], asked: readonly Wave[] | undefined, count: number) {
  if (asked) return { waves: asked };
  const [first] = splitWaves(earlier, count);
  return first && first.to <= mostInFirstWave(count) ? { waves: earlier } : {};
}
