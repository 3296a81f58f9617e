import type { Who } from '../support/people.js';
import { FATES, type Fate } from './host.js';
import type { Random } from './random.js';
import { RUNBOOK_OF, type World } from './world.js';

/** What a request to one operation should say so that it goes deep; whatever is left out is made from the schemas. */
export interface Depth {
  readonly id?: string;
  readonly who?: readonly Who[];
  readonly body?: unknown;
}

export type Deepen = (world: World, random: Random) => Depth;

export const READERS: readonly Who[] = ['admin', 'operator', 'auditor', 'approver'];

/** A request for a job, with the fate of that job in its text. */
export function submission(world: World, random: Random) {
  const fate: Fate = random.chance(0.5) ? 'plain' : random.pick(Object.keys(FATES) as Fate[]);
  const runbook = RUNBOOK_OF[fate] ?? random.pick(['set-file-text', 'set-file-text', 'once', 'irreversible']);
  return {
    runbook,
    target: random.pick(world.targets),
    parameters: {
      directory: random.pick(['/srv/a', '/srv/b']),
      names: random.shuffled(['n1', 'n2', 'n3']).slice(0, 1 + random.int(1)),
      text: `${fate} ${random.int(1e6)}`,
    },
    reason: random.pick(['ticket', 'Störung', '測試', 'two\nlines']),
    ...(random.chance(0.3) ? { ticket: `T-${random.int(99)}` } : {}),
  };
}

export const reason = (random: Random) => ({ reason: random.pick(['because', 'Grund', '原因']) });
