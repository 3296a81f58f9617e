import { ACCESS } from './access.js';
import { DURABILITY } from './durability.js';
import { ROLLOUTS } from './rollouts.js';

/** One protection taken out of the product at build time; where it is kept in several places, all of them. */
export interface Mutant {
  readonly name: string;
  /** What the product then lacks, in words. */
  readonly removes: string;
  readonly edits: readonly Edit[];
  /** The smallest scene that shows it. */
  readonly scene: string;
  /** The figure of the verdict that turns; `problems` where only the scene itself sees it. */
  readonly turns: 'lost' | 'unapproved' | 'repeats' | 'untrue' | 'overlaps' | 'problems';
}

export interface Edit {
  readonly file: string;
  /** Exact text, there once. */
  readonly find: string;
  readonly replace: string;
}

export const MUTANTS: readonly Mutant[] = [...ACCESS, ...DURABILITY, ...ROLLOUTS];
