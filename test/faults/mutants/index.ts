/** One protection taken out of the product at build time. */
export interface Mutant {
  readonly name: string;
  /** What the product then lacks, in words. */
  readonly removes: string;
  readonly file: string;
  /** Exact text, there once. */
  readonly find: string;
  readonly replace: string;
  /** The smallest scene that shows it. */
  readonly scene: string;
}

export const MUTANTS: readonly Mutant[] = [];
