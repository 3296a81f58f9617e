import { csvText } from '../../platform/csv.js';
import { differingNames } from '../../domain/rollouts/differences.js';
import type { ValueObject } from '../../domain/canonical.js';
import type { RolloutDetail } from '../api/types.js';
import { cellText, waveNumber } from './text.js';

const COLUMNS = ['index', 'target', 'wave', 'status', 'state', 'code', 'job'] as const;

/** Each item of a rollout as a line of CSV, with a column `parameters.<name>` for each parameter in which the items differ. */
export function rolloutCsv({ items }: Pick<RolloutDetail, 'items'>): string {
  const names = differingNames(items.map(({ parameters }) => parameters as ValueObject));
  const rows = items.map((item) => {
    const own = item.parameters as ValueObject;
    const cells = COLUMNS.map((name) => (name === 'wave' ? waveNumber(item.wave) : (item[name] ?? '')));
    return [...cells.map(String), ...names.map((name) => (Object.hasOwn(own, name) ? cellText(own[name]) : ''))];
  });
  const columns = [...COLUMNS, ...names.map((name) => `parameters.${name}`)];
  return csvText([columns, ...rows]).trimEnd();
}
