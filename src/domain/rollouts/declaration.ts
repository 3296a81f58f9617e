import type { ValueObject } from '../canonical.js';

/** How many items a wave takes: a number, a percentage of the list such as `10%`, or `rest`: what is left. */
export type WaveSize = number | string;

/** One wave, as the requester declares it. */
export interface Wave {
  readonly size: WaveSize;
  /** For people: `canary`. */
  readonly name?: string;
  /** How long nothing more starts after the wave before was proved, such as `30m`; default none. */
  readonly soak?: string;
  /** Whether a person must approve before this wave starts. Default false. */
  readonly approval?: boolean;
}

/** The most results of each kind over the whole rollout; one more pauses it. */
export interface Budget {
  /** Items that failed. One whose outcome is unknown counts here too until it is reconciled. */
  readonly failed: number;
  /** Items whose outcome is unknown; at most `failed`. */
  readonly unknown: number;
  /** Items that were granted and could not be reached. */
  readonly unreached: number;
}

/** How a rollout is carried out. Everything of it is approved and signed. */
export interface Declaration {
  readonly waves: readonly Wave[];
  readonly budget: Budget;
  /** Items that were started and have not ended, at most. With `budget` it bounds how many can fail. */
  readonly atOnce: number;
  /** Of these at one site, at most. Absent: no limit of its own. */
  readonly perSite?: number;
  /** From the approval on; nothing starts after it. Such as `8h`, at most `72h`. */
  readonly window: string;
}

/** What a requester may leave out. */
export type AskedDeclaration = Partial<Omit<Declaration, 'budget'>> & { readonly budget?: Partial<Budget> };

/** One item, then a tenth, then the rest. */
const DEFAULT_WAVES: readonly Wave[] = [{ name: 'canary', size: 1 }, { size: '10%' }, { size: 'rest' }];
const DEFAULT_AT_ONCE = 10;
const DEFAULT_WINDOW = '8h';

/** The declaration with its defaults: no failure, nothing unknown, and a tenth of the items may be unreachable. */
export function completeDeclaration(asked: AskedDeclaration, count: number): Declaration {
  const { failed = 0 } = asked.budget ?? {};
  return {
    waves: asked.waves ?? (count === 1 ? [{ size: 'rest' }] : DEFAULT_WAVES),
    budget: {
      failed,
      unknown: asked.budget?.unknown ?? failed,
      unreached: asked.budget?.unreached ?? Math.ceil(count / 10),
    },
    atOnce: asked.atOnce ?? DEFAULT_AT_ONCE,
    ...(asked.perSite === undefined ? {} : { perSite: asked.perSite }),
    window: asked.window ?? DEFAULT_WINDOW,
  };
}

/** A declaration as a value with one canonical form: what is absent is not there. */
export function declarationValue({ waves, budget, atOnce, perSite, window }: Declaration): ValueObject {
  return {
    waves: waves.map(({ size, name, soak, approval }) => ({
      size,
      ...(name === undefined ? {} : { name }),
      ...(soak === undefined ? {} : { soak }),
      ...(approval === true ? { approval } : {}),
    })),
    budget: { failed: budget.failed, unknown: budget.unknown, unreached: budget.unreached },
    ...{ atOnce, window },
    ...(perSite === undefined ? {} : { perSite }),
  };
}
