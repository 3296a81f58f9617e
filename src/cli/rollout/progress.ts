import type { RolloutDetail } from '../api/types.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';
import { pauseLines, statusText } from './text.js';

type Items = RolloutDetail['items'];
type Item = Items[number];
/** Results of items that have begun and ended, whatever the result. */
const ENDED: readonly Item['status'][] = ['fixed', 'already-fine', 'failed', 'unknown', 'unreached'];
const MOST_BAR = 40;
const LEAST_BAR = 10;
/** Characters from here on may take two cells; one that takes one only leaves room. */
const WIDE = 0x1100;

/** How many items had ended when the watch began, and how long ago that is (milliseconds). */
export interface Pace {
  readonly endedBefore: number;
  readonly ms: number;
}

/** Items that have a result. */
export const endedOf = (items: Items): number => items.filter(({ status }) => ENDED.includes(status)).length;

/**
 * A rollout as a terminal shows it while it is carried out: a bar for each wave, then the results, the rate and the time left.
 * @param columns width of the terminal; no line is longer, and a longer one is continued in the next
 * @param pace absent where nothing was watched yet
 */
export function progressBlock(rollout: RolloutDetail, columns: number, pace?: Pace): readonly string[] {
  const { id, runbook, items, waves } = rollout;
  const width = Math.max(LEAST_BAR, Math.min(MOST_BAR, columns - 44));
  const bars = waves.map(({ name, items: size, proved }, wave) => {
    const own = items.filter((item) => item.wave === wave);
    const ended = endedOf(own);
    const failed = own.filter(({ status }) => ['failed', 'unknown', 'unreached'].includes(status)).length;
    const filled = size === 0 ? 0 : Math.min(width, Math.floor((ended * width) / size));
    const label = visible(name ?? `wave ${wave + 1}`).slice(0, 12);
    const notes = [...(proved ? ['proved'] : []), ...(failed > 0 ? [`${failed} not fixed`] : [])].join(', ');
    return `${label.padEnd(12)} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${`${ended}/${size}`.padStart(9)}  ${notes}`.trimEnd();
  });
  const of = (...wanted: readonly Item['status'][]) => items.filter(({ status }) => wanted.includes(status)).length;
  const results = [
    `${of('fixed', 'already-fine')} done`,
    `${of('failed')} failed`,
    `${of('unknown')} unknown`,
    `${of('unreached')} unreached`,
    `${of('started')} running`,
  ].join(', ');
  return [
    `Rollout ${id}  ${visible(runbook.id)} over ${count(items.length, 'item')}  ${statusText(rollout)}`,
    ...bars,
    results,
    ...(pace === undefined ? [] : paceLine(rollout, pace)),
    ...pauseLines(rollout),
  ].flatMap((line) => folded(line, columns));
}

/** A line in pieces that fit: whoever draws over them must know how many lines the terminal has. */
function folded(line: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const character of line) {
    const cells = (character.codePointAt(0) ?? 0) < WIDE ? 1 : 2;
    if (width + cells > columns) {
      pieces.push(piece);
      piece = '';
      width = 0;
    }
    piece += character;
    width += cells;
  }
  return [...pieces, piece];
}

function paceLine({ items, status }: RolloutDetail, { endedBefore, ms }: Pace): readonly string[] {
  const since = endedOf(items) - endedBefore;
  if (status !== 'running' || since < 1 || ms < 1) return [];
  const perMinute = (since * 60_000) / ms;
  const left = items.filter((item) => item.wave !== null && ['ready', 'started'].includes(item.status)).length;
  const rate = `${perMinute < 10 ? perMinute.toFixed(1) : Math.round(perMinute)} a minute`;
  return [left === 0 ? rate : `${rate}, about ${durationText((left / perMinute) * 60_000)} left`];
}

/** To the minute; below one, to ten seconds. */
function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 60_000) return `${Math.max(10, Math.ceil(ms / 10_000) * 10)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
