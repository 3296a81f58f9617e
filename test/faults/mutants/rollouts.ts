import type { Mutant } from './index.js';

/** What one approval of many items allows: these plans, in this order, and not after too many of them failed. */
export const ROLLOUTS: readonly Mutant[] = [
  {
    name: 'wave-gate',
    removes: 'a wave begins when the wave before it is proved',
    edits: [
      {
        file: 'src/domain/rollouts/next-step.ts',
        find: "  if (!positions.every((at) => hasEnded(items[at]))) return { kind: 'wait', for: 'results' };\n",
        replace: '',
      },
      {
        file: 'src/domain/rollouts/next-step.ts',
        find: "if (showsTheFix(view, positions) || passed.has(passKey(wave, 'wave-not-proved'))) return",
        replace: 'if (positions.length > 0) return',
      },
    ],
    scene: 'slow canary',
    turns: 'unapproved',
  },
  {
    name: 'failure-budget',
    removes: 'a rollout with more failures than its budget allows starts nothing more',
    edits: [
      {
        file: 'src/domain/rollouts/next-step.ts',
        find: 'return overBudget(view) ?? inWave(view, view.proved.length);',
        replace: 'return inWave(view, view.proved.length);',
      },
    ],
    scene: 'failure in a wave',
    turns: 'unapproved',
  },
  {
    name: 'frozen-list',
    removes: 'a plan that is not in the approved list gets no grant (authority) and is not carried out (worker)',
    edits: [
      {
        file: 'src/usecases/rollouts/authority/listed-jobs.ts',
        find: 'list && list.length > 0 && listRoot(list) === root ? list : undefined',
        replace: 'list && list.length > 0 ? list : undefined',
      },
      {
        file: 'src/usecases/claim/approval-problem.ts',
        find: "  if (!isInItsList(grant)) return blocked('grant-invalid', 'the plan is not in the list that was approved');\n",
        replace: '',
      },
    ],
    scene: 'changed list',
    turns: 'unapproved',
  },
];
