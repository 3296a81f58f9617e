import { count } from '../../platform/count.js';
import type { Compliance, Scan, ScanDetail } from '../api/types.js';
import { json, named, table, visible } from '../print.js';
import { plot } from './plot.js';

type Counts = Scan['counts'];
type Point = Compliance['scans'][number];

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** The kinds in the order in which a person looks for them, and the mark of each in a plot. */
const MARKS = {
  drifted: 'x',
  failed: '!',
  unreached: '?',
  cancelled: '-',
  planning: '~',
  compliant: '#',
} as const satisfies Readonly<Record<keyof Counts, string>>;
const KINDS = Object.keys(MARKS) as readonly (keyof Counts)[];

const countsText = (counts: Counts): string =>
  KINDS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`)
    .join(', ');

export function scanList(scans: readonly Scan[]): string {
  if (scans.length === 0) return 'No scans.';
  return table([
    ['SCAN', 'SUBMITTED (UTC)', 'STATUS', 'RUNBOOK', 'ITEMS', 'FOUND', 'BY'],
    ...scans.map((scan) => [
      ...[scan.id, minute(scan.submittedAt), statusOf(scan), scan.runbook.id, String(scan.count)],
      ...[countsText(scan.counts), named(scan.requester)],
    ]),
  ]);
}

const statusOf = ({ endedAt }: Pick<Scan, 'endedAt'>): string => (endedAt === null ? 'running' : 'ended');

/** A scan at one look: what it found, and every item that is not compliant. */
export const scanText = (scan: ScanDetail): string =>
  text(
    scan,
    scan.items.filter(({ status }) => status !== 'compliant' && status !== 'planning'),
  );

/** The same with a line for every item. */
export const scanReport = (scan: ScanDetail): string => text(scan, scan.items);

function text(scan: ScanDetail, items: ScanDetail['items']): string {
  const { id, runbook, requester, reason, count: all, counts, endedAt } = scan;
  const rows = items.map(({ index, target, status, changes, actions, code = '', job }) => [
    ...[String(index), visible(target), status, changes === 0 ? '' : String(changes)],
    ...[actions.map(({ action, count: many }) => `${action}: ${many}`).join(', '), code, job],
  ]);
  return [
    `Scan ${id}: ${statusOf(scan)}${endedAt === null ? '' : ` at ${minute(endedAt)} UTC`}`,
    `  ${runbook.id} ${runbook.version} over ${count(all, 'item')}, ${named(requester)}: ${visible(reason)}`,
    `  ${countsText(counts)}; nothing was changed`,
    ...(rows.length === 0
      ? []
      : ['', table([['ITEM', 'TARGET', 'FOUND', 'CHANGES', 'WOULD NEED', 'CODE', 'JOB'], ...rows])]),
  ].join('\n');
}

/** Changed items of one scan that are shown. */
const SHOWN = 12;

/** Compliance over time: a bar for each scan, then what changed from one to the next. @param width of the terminal, in characters */
export function trendText({ runbook, scans }: Compliance, width: number): string {
  if (scans.length === 0) return `No scan of ${runbook} has ended.`;
  const bars = scans.map(({ endedAt, counts, count: all }) => ({
    label: minute(endedAt),
    parts: KINDS.map((kind) => ({ mark: MARKS[kind], count: counts[kind] })).reverse(),
    note: `${counts.compliant}/${all}`,
  }));
  const there = KINDS.filter((kind) => scans.some(({ counts }) => counts[kind] > 0));
  const legend = there.map((kind) => `${MARKS[kind]} ${kind}`).reverse();
  return [
    `${runbook}, ${count(scans.length, 'scan')} (UTC): ${legend.join('  ')}`,
    plot(bars, width),
    ...scans.flatMap(changedLines),
  ].join('\n');
}

function changedLines({ endedAt, changed }: Point): readonly string[] {
  if (changed.length === 0) return [];
  const names = new Map<string, number>();
  for (const { target } of changed) names.set(target, (names.get(target) ?? 0) + 1);
  const lines = changed.slice(0, SHOWN).map(({ target, name, parameters, before, after }) => {
    // A target with several items is told by their parameters.
    const about = (names.get(target) ?? 0) > 1 ? ` ${json(parameters)}` : '';
    return `  ${visible(name)}${about}: ${foundText(before)} -> ${foundText(after)}`;
  });
  const more = changed.length > SHOWN ? [`  and ${changed.length - SHOWN} more`] : [];
  return ['', `Changed at ${minute(endedAt)}:`, ...lines, ...more];
}

const foundText = ({ status, changes }: Point['changed'][number]['before']): string =>
  changes === 0 ? status : `${status} (${changes})`;

const TREND_COLUMNS = ['scan', 'ended', 'version', 'items', ...KINDS, 'changed'];

/** One line for each scan, with a heading. */
export const trendRows = ({ scans }: Compliance): readonly (readonly string[])[] => [
  TREND_COLUMNS,
  ...scans.map(({ scan, endedAt, version, count: all, counts, changed }) => [
    ...[scan, endedAt, version, String(all)],
    ...KINDS.map((kind) => String(counts[kind])),
    changed.map(({ name, before, after }) => `${name}: ${foundText(before)} -> ${foundText(after)}`).join('; '),
  ]),
];
