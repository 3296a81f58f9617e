import { CODES } from '../domain/codes/index.js';
import { productionProblems, type ProductionProblem, type Viewer } from '../domain/production.js';
import type { Settings } from './compose.js';
import type { ConfigProblem } from './config.js';
import { readProductionFacts } from './production-facts.js';

/** What production refuses in the set-up of this process or this machine; nothing in development, which protects from none of it. */
export function problemsOfProduction(viewer: Viewer, settings: Settings): readonly ProductionProblem[] {
  if (settings.config.mode !== 'production') return [];
  return productionProblems(readProductionFacts(viewer, settings, process.env));
}

/** A problem as the sentence that stops a start. */
export function asConfigProblem({ code, detail }: ProductionProblem): ConfigProblem {
  const { en, next } = CODES[code];
  return { variable: detail, problem: `[${code}]: ${en} ${next.en}` };
}
