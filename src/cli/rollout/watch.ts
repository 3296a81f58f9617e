import type { Client } from '../api/client.js';
import type { RolloutDetail } from '../api/types.js';
import { say } from '../say.js';
import { endedOf, progressBlock } from './progress.js';
import { statusText } from './text.js';

/** So often the rollout is read again (milliseconds). */
const EVERY_MS = 2000;

/** Where a watch is shown. */
export interface Screen {
  /** Whether what was written can be written over. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Shows a rollout until it ends: on a terminal as bars that are drawn over, elsewhere as a line whenever something changes.
 * @param screen undefined: nothing is shown
 * @returns it as it ended
 */
export async function watchRollout(
  client: Client,
  id: string,
  screen: Screen | undefined,
  everyMs = EVERY_MS,
): Promise<RolloutDetail> {
  const show = screen === undefined ? () => undefined : screen.isTTY === true ? drawing(screen) : telling();
  for (;;) {
    const rollout = await client.get('/v1/rollouts/{id}', { path: { id } });
    show(rollout);
    if (rollout.status === 'ended') return rollout;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function telling(): (rollout: RolloutDetail) => void {
  let before = '';
  return (rollout) => {
    const line = progressLine(rollout);
    if (line !== before) say(line);
    before = line;
  };
}

/** Draws over what it drew before: up by so many lines, and everything from there on is cleared. */
function drawing(screen: Screen): (rollout: RolloutDetail) => void {
  let lines = 0;
  let first: { readonly ended: number; readonly at: number } | undefined;
  return (rollout) => {
    first ??= { ended: endedOf(rollout.items), at: performance.now() };
    const pace = { endedBefore: first.ended, ms: performance.now() - first.at };
    // One column stays free: some terminals begin a new line behind the last one.
    const block = progressBlock(rollout, Math.max(40, (screen.columns ?? 80) - 1), pace);
    const up = lines === 0 ? '' : `\u001b[${lines}A\u001b[J`;
    screen.write(`${up}${block.map((line) => `${line}\n`).join('')}`);
    lines = block.length;
  };
}

/** Where it is, in one line. */
export function progressLine(rollout: RolloutDetail): string {
  const { items, waves } = rollout;
  const many = (...of: readonly string[]) => items.filter(({ status }) => of.includes(status)).length;
  const wave = Math.min(waves.filter(({ proved }) => proved).length + 1, waves.length);
  const done = many('fixed', 'already-fine');
  const results = [`${many('failed')} failed`, `${many('unknown')} unknown`, `${many('unreached')} unreached`];
  return `${statusText(rollout)}  wave ${wave} of ${waves.length}  ${done} of ${items.length} done, ${many('started')} running, ${results.join(', ')}`;
}
