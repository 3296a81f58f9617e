import { wavesText } from '../../domain/rollouts/parse-waves.js';
import { count } from '../../platform/count.js';
import type { Rollout, RolloutDetail } from '../api/types.js';
import { json, named, table, value, visible } from '../print.js';
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
  const { waves, budget, atOnce, perSite, window } = declaration;
  const bySite = perSite === undefined ? '' : `, ${perSite} at one site`;
  return [
    `Rollout ${id}: ${statusText(rollout)}`,
    `  ${runbook.id} ${runbook.version} over ${count(items, 'item')}, ${named(requester)}: ${visible(reason)}`,
    ...undoLines(rollout),
    `  Waves: ${wavesText(waves)}; at most ${atOnce} at once${bySite}, window ${window}`,
    `  Budget: ${budget.failed} failed, ${budget.unknown} unknown, ${budget.unreached} unreached; at worst ${budget.failed + atOnce} fail`,
    grant === null ? '  Not approved' : `  Approved; nothing starts after ${until ?? ''}`,
    '',
    ...waveLines(rollout),
    ...pauseLines(rollout),
    ...waitingResumes(rollout),
    ...itemsShown,
    ...leftOutLines(rollout),
  ].join('\n');
}

/** Which rollout it does again or undoes, and by which it is undone. */
function undoLines({ retryOf, rollbackOf, undoneBy }: RolloutDetail): readonly string[] {
  return [
    ...(retryOf === undefined ? [] : [`  Repeats rollout ${retryOf}`]),
    ...(rollbackOf === undefined ? [] : [`  Rolls back rollout ${rollbackOf}`]),
    ...(undoneBy.length === 0 ? [] : [`  Rolled back by rollout ${undoneBy.join(', ')}`]),
  ];
}

/** Items of the rollout that is rolled back which stay as they are, by why. */
export function leftOutLines({ leftOut = [] }: RolloutDetail): readonly string[] {
  const codes = [...new Set(leftOut.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const own = leftOut.filter((one) => one.code === code);
    const names = own.map(({ index, target }) => `${visible(target)} (item ${index})`).join(', ');
    return ['', `Not rolled back, ${count(own.length, 'item')}: ${own[0]?.meaning ?? ''} [${code}]`, `  ${names}`];
  });
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

/** Why it does not continue, and the command with which a person ends each pause. */
export function pauseLines({ stops, items }: RolloutDetail): readonly string[] {
  const open = stops.filter(({ kind, ended }) => kind === 'abort' || (kind === 'pause' && !ended));
  return open.flatMap(({ id, kind, by, reason, meaning = '', code, items: about }) => {
    const why = by === null ? `${meaning} [${code ?? ''}]` : `${named(by)}: ${visible(reason ?? '')}`;
    const names = about.slice(0, 10).flatMap((index) => itemName(items[index]) ?? []);
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
  const differ = items.some(({ parameters }) => Object.keys(parameters).length > 0);
  const rows = items.map(({ index, target, parameters, wave, status, state, code = '', job }) => [
    ...[String(index), visible(target), ...(differ ? [valuesText(parameters)] : []), waveNumber(wave)],
    ...[status, state, code, job],
  ]);
  const head = ['ITEM', 'TARGET', ...(differ ? ['PARAMETERS'] : []), 'WAVE', 'RESULT', 'STATE', 'CODE', 'JOB'];
  return ['', table([head, ...rows])];
}

/** A longer value of a parameter is cut: it stands in the job, in the JSON and in the CSV. */
const MOST_SHOWN = 60;

/** Parameters in one line. A value that could be taken for more than one stands in quotation marks. */
const valuesText = (parameters: object): string =>
  Object.entries(parameters)
    .map(([name, of]: [string, unknown]) => {
      const text = typeof of === 'string' && /[\s=,()]/.test(of) ? json(of) : value(of);
      return `${visible(name)}=${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}`;
    })
    .join(' ');

/** A value in a cell: a text as it stands, everything else as JSON. */
export const cellText = (of: unknown): string => (typeof of === 'string' ? of : JSON.stringify(of));

/** An item as a person knows it: its target, and what tells it from others of the same target. Undefined for none. */
export function itemName(item: RolloutDetail['items'][number] | undefined): string | undefined {
  if (!item) return undefined;
  const values = valuesText(item.parameters);
  return `${visible(item.target)}${values === '' ? '' : ` (${values})`}`;
}

/** The number of a wave as people count: from 1; empty for an item that is in none. */
export const waveNumber = (wave: number | null): string => (wave === null ? '' : String(wave + 1));
