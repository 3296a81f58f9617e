import type { Effect } from '../../generative/host.js';

/** How many other people must approve each runbook of the figures: what their manifests say, and no row of a database. */
const NEEDED: Readonly<Record<string, number>> = { 'set-file-text': 1, once: 1, irreversible: 2 };

interface Asked {
  readonly runbook: string;
  readonly requester: string;
  /** By the digest of a plan: its changes, who approved them, and whether somebody of them wants an undo on failure. */
  readonly plans: Map<string, { readonly changes: readonly Change[]; readonly people: Set<string>; undo: boolean }>;
}
type Change = Pick<Effect, 'resource' | 'before' | 'after'>;

/** What people did and what reached the targets, held outside the product. Jobs are known by the folder that they were asked for. */
export interface Truth {
  asked(directory: string, runbook: string, requester: string): void;
  /** @param plan as the API showed it to whoever approved */
  approved(directory: string, who: string, plan: any, body: { readonly planDigest?: string; onFailure?: string }): void;
  happened(effect: Effect): void;
  /** How many changes reached a target; of one folder where it is named. */
  effects(directory?: string): number;
  /** Why a change that was not told before should not have happened; undefined where there is none. */
  violation(): string | undefined;
}

export function createTruth(): Truth {
  const jobs = new Map<string, Asked>();
  const all: Effect[] = [];
  let told = 0;
  return {
    asked: (directory, runbook, requester) => void jobs.set(directory, { runbook, requester, plans: new Map() }),
    approved(directory, who, plan, { planDigest, onFailure }) {
      // Whoever approves a digest that nobody was shown has approved nothing.
      if (!plan || planDigest !== plan.digest) return;
      const { plans } = jobs.get(directory) as Asked;
      const known = plans.get(plan.digest) ?? {
        changes: plan.changes as Change[],
        people: new Set<string>(),
        undo: false,
      };
      known.people.add(who);
      known.undo ||= onFailure === 'rollback';
      plans.set(plan.digest, known);
    },
    happened: (effect) => void all.push(effect),
    effects: (directory) => all.filter((effect) => directory === undefined || effect.directory === directory).length,
    violation() {
      const news = all.slice(told);
      told = all.length;
      return news.map((effect) => whyNot(jobs.get(effect.directory), effect)).find((why) => why !== undefined);
    },
  };
}

function whyNot(asked: Asked | undefined, { directory, phase, resource, before, after }: Effect): string | undefined {
  if (!asked) return `${resource} was changed, and nobody asked for ${directory}`;
  const needed = NEEDED[asked.runbook] ?? 9;
  const is = (change: Change) => change.resource === resource && change.before === before && change.after === after;
  const plans = [...asked.plans.values()].filter(
    ({ changes, undo }) => changes.some(is) && (phase === 'Apply' || undo),
  );
  const most = Math.max(0, ...plans.map(({ people }) => [...people].filter((who) => who !== asked.requester).length));
  return most >= needed ? undefined : `${phase} of ${resource}: ${most} of ${needed} people approved it`;
}
