import { wavesText } from '../../domain/rollouts/parse-waves.js';
import { count } from '../../platform/count.js';
import type { Rollout, RolloutDetail } from '../api/types.js';
import { named, table, visible } from '../print.js';
import { waitingResumes } from './resume-text.js';

/** Results in the order in which a person looks for them. */
const ORDER = [
  ...(['failed', 'unknown', 'unreached', 'started', 'ready', 'fixed', 'already-fine'] as const),
  ...(['left-out', 'planned', 'planning', 'no-plan'] as const),
] as const;

export function rolloutList(rollouts: readonly Rollout[]): string {
  if (rollouts.length === 0) return 'No rollouts.';
  return table([
    ['ROLLOUT', 'SUBMITTED (UTC)', 'STATUS', 'RUNBOOK', 'ITEMS', 'BY'],
    ...rollouts.map((one) => [
      ...[one.id, one.submittedAt.slice(0, 16).replace('T', ' '), statusText(one), one.runbook.id],
      ...[String(one.count), named(one.requester)],
    ]),
  ]);
}

export const statusText = ({ status, ending }: Pick<Rollout, 'status' | 'ending'>): string =>
  ending === undefined ? status : `${status} (${ending})`;

/** A rollout at one look: what was asked for, where each wave is, why it does not continue, and every item that needs somebody. */
export const rolloutText = (rollout: RolloutDetail): string => text(rollout, itemLines(rollout));

/** The same with a line for every item. */
export const rolloutReport = (rollout: RolloutDetail): string => text(rollout, itemTable(rollout.items));

function text(rollout: RolloutDetail, itemsShown: readonly string[]): string {
  const { id, runbook, requester, reason, declaration, count: items, grant, until } = rollout;
  const { waves, budget, atOnce, window } = declaration;
  return [
    `Rollout ${id}: ${statusText(rollout)}`,
    `  ${runbook.id} ${runbook.version} over ${count(items, 'item')}, ${named(requester)}: ${visible(reason)}`,
    `  Waves: ${wavesText(waves)}; at most ${atOnce} at once, window ${window}`,
    `  Budget: ${budget.failed} failed, ${budget.unknown} unknown, ${budget.unreached} unreached; at worst ${budget.failed + atOnce} fail`,
    grant === null ? '  Not approved' : `  Approved; nothing starts after ${until ?? ''}`,
    '',
    ...waveLines(rollout),
    ...pauseLines(rollout),
    ...waitingResumes(rollout),
    ...itemsShown,
  ].join('\n');
}

function waveLines({ waves, items }: RolloutDetail): readonly string[] {
  return waves.map(({ name, proved }, at) => {
    const own = items.filter(({ wave }) => wave === at);
    const counts = ORDER.flatMap((status) => {
      const many = own.filter((item) => item.status === status).length;
      return many === 0 ? [] : [`${many} ${status}`];
    });
    const what = name === undefined ? '' : ` (${name})`;
    return `Wave ${at + 1}${what}: ${counts.join(', ') || 'no items yet'}${proved ? '; proved' : ''}`;
  });
}

function pauseLines({ stops, items }: RolloutDetail): readonly string[] {
  const open = stops.filter(({ kind, ended }) => kind === 'abort' || (kind === 'pause' && !ended));
  return open.flatMap(({ id, kind, by, reason, meaning = '', code, items: about }) => {
    const why = by === null ? `${meaning} [${code ?? ''}]` : `${named(by)}: ${visible(reason ?? '')}`;
    const names = about.slice(0, 10).flatMap((index) => visible(items[index]?.target ?? ''));
    return [
      '',
      `${kind === 'abort' ? 'Aborted' : `Paused (${id})`}: ${why}`,
      ...(names.length > 0 ? [`  ${names.join(', ')}`] : []),
    ];
  });
}

function itemLines({ items }: RolloutDetail): readonly string[] {
  const wrong = items.filter(({ status }) => ['failed', 'unknown', 'unreached', 'no-plan'].includes(status));
  return wrong.length === 0 ? [] : itemTable(wrong);
}

function itemTable(items: RolloutDetail['items']): readonly string[] {
  const rows = items.map(({ index, target, wave, status, state, code = '', job }) => [
    ...[String(index), visible(target), waveNumber(wave), status, state, code, job],
  ]);
  return ['', table([['ITEM', 'TARGET', 'WAVE', 'RESULT', 'STATE', 'CODE', 'JOB'], ...rows])];
}

/** The number of a wave as people count: from 1; empty for an item that is in none. */
export const waveNumber = (wave: number | null): string => (wave === null ? '' : String(wave + 1));
