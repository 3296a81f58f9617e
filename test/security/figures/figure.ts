/** What one figure says. A figure counts what was tried and what went through; it judges no speed. */
export interface Figure {
  readonly name: string;
  readonly tried: number;
  /** What must not be: effects, violations, tamperings that were not found. None is the goal of every figure. */
  readonly wrong: number;
  /** The first of them in words, for people; at most twenty. */
  readonly problems: readonly string[];
  /** Further counts, by name. */
  readonly more?: Readonly<Record<string, number>>;
}

/** How much of a figure is played, and from which seed: the same two play the same cases. */
export interface Amount {
  readonly count: number;
  readonly seed: number;
}

const MOST_PROBLEMS = 20;

/** Collects what a figure finds. */
export function tally(name: string) {
  let tried = 0;
  let wrong = 0;
  const problems: string[] = [];
  return {
    /** One case, and what is wrong with it; undefined where nothing is. */
    add(problem: string | undefined): void {
      tried += 1;
      if (problem === undefined) return;
      wrong += 1;
      if (problems.length < MOST_PROBLEMS) problems.push(problem);
    },
    figure: (more?: Figure['more']): Figure => ({ name, tried, wrong, problems, ...(more ? { more } : {}) }),
  };
}
