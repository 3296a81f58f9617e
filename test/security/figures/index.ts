import { coverage } from './coverage.js';
import type { Amount, Figure } from './figure.js';
import { forgedReal } from './forged-real.js';
import { forged } from './forged.js';
import { fourEyesReal } from './four-eyes-real.js';
import { fourEyes } from './four-eyes.js';
import { gate } from './gate.js';
import { messages } from './messages.js';
import { mutations } from './mutations.js';
import { rights } from './rights.js';
import { falseAlarms, tampering } from './tampering.js';
import { verifySpeed } from './verify-speed.js';

export type Mode = 'quick' | 'usual' | 'release';

export interface Part {
  readonly play: (amount: Amount) => Promise<Figure>;
  /** Cases by mode, 0 where it is not played; where the cases are fixed, how many of what costs most: the gate runs so many scripts. */
  readonly counts: Readonly<Record<Mode, number>>;
  /** Not to be divided among processes. */
  readonly whole?: true;
  /** Measures a speed: nothing else runs beside it. */
  readonly alone?: true;
}

/** So many cases of a part, from a seed. */
export interface Shard extends Amount {
  readonly name: string;
}

/** The parts of `npm run security`, those that take longest first. */
export const PARTS: Readonly<Record<string, Part>> = {
  'four-eyes-real': { play: fourEyesReal, counts: { quick: 0, usual: 200, release: 5000 } },
  'forged-real': { play: forgedReal, counts: { quick: 20, usual: 200, release: 10_000 } },
  mutations: { play: mutations, counts: { quick: 40, usual: 400, release: 100_000 }, whole: true },
  messages: { play: messages, counts: { quick: 0, usual: 200, release: 10_000 }, whole: true },
  'four-eyes': { play: fourEyes, counts: { quick: 4_000, usual: 20_000, release: 1_000_000 } },
  rights: { play: rights, counts: { quick: 1, usual: 1, release: 1 }, whole: true },
  gate: { play: gate, counts: { quick: 10, usual: 300, release: 300 }, whole: true },
  coverage: { play: coverage, counts: { quick: 1, usual: 1, release: 1 }, whole: true },
  tampering: { play: tampering, counts: { quick: 4_000, usual: 10_000, release: 1_000_000 } },
  forged: { play: forged, counts: { quick: 2_000, usual: 2_000, release: 100_000 } },
  'false-alarms': { play: falseAlarms, counts: { quick: 1_000, usual: 1_000, release: 1_000 }, whole: true },
  'verify-speed': {
    play: verifySpeed,
    counts: { quick: 50_000, usual: 100_000, release: 200_000 },
    whole: true,
    alone: true,
  },
};
