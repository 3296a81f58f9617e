import { parse } from 'csv-parse/sync';
import type { ProblemError } from './api/types.js';
import { Refusal } from './api/refusal.js';
import { columnsOf } from './columns.js';
import { visible } from './print.js';
import { usage } from './terminal.js';

/** A target of a file, as it is sent, and where a person finds it there. */
export interface FileTarget {
  readonly body: unknown;
  /** Such as `row 5 (pc-17)`. */
  readonly where: string;
}

const REQUIRED = ['name', 'kind', 'host'];
/** Without the column `transport` every row is an SSH server. */
const OF_SSH = ['user', 'hostKey'];
const OF_WINRM = ['auth', 'ca', 'spn', 'configuration'];
const COLUMNS = [
  ...[...REQUIRED, 'transport', ...OF_SSH, ...OF_WINRM],
  ...['port', 'credential', 'detect', 'apply', 'tier', 'site', 'tags'],
];

/**
 * The targets of a JSON file (a list of targets, or an object with the list `targets`), or of a CSV file with one machine in each row.
 * @throws CommanderError (usage) for a file of another form
 */
export function targetsIn(text: string, path: string): readonly FileTarget[] {
  const targets = /^\s*[[{]/.test(text) ? fromJson(text, path) : fromCsv(text, path);
  if (targets.length === 0) throw usage(`${path} has no target.`);
  return targets;
}

function fromJson(text: string, path: string): readonly FileTarget[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw usage(`${path} is not JSON: ${(error as Error).message}`);
  }
  const list = Array.isArray(read) ? read : (read as { targets?: unknown }).targets;
  if (!Array.isArray(list)) throw usage(`${path} is neither a list of targets nor an object with the list "targets".`);
  return list.map((body: unknown, i) => ({
    body,
    where: `target ${i + 1}${named((body as { name?: unknown })?.name)}`,
  }));
}

interface Row {
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string>>;
}

function fromCsv(text: string, path: string): readonly FileTarget[] {
  let rows: readonly Row[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => checkedColumns(header, path),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly Row[];
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    throw code?.startsWith('CSV_') ? usage(`${path} is not CSV: ${message}`) : error;
  }
  return rows.map(({ record, info }) => ({ body: bodyOf(record), where: `line ${info.lines}${named(record.name)}` }));
}

function checkedColumns(header: string[], path: string): string[] {
  const columns = columnsOf(header, path);
  if (columns.length === 1 && header[0]?.includes(';'))
    throw usage(`${path} has semicolons between its columns. Export it with commas: a semicolon stands between tags.`);
  const unknown = columns.filter((name) => !COLUMNS.includes(name));
  const required = columns.includes('transport') ? REQUIRED : [...REQUIRED, ...OF_SSH];
  const missing = required.filter((name) => !columns.includes(name));
  if (unknown.length > 0)
    throw usage(`${path} has unknown columns: ${unknown.join(', ')}. The columns are ${COLUMNS.join(', ')}.`);
  if (missing.length > 0) throw usage(`${path} lacks the columns ${missing.join(', ')} in its first line.`);
  return columns;
}

function bodyOf(row: Readonly<Record<string, string>>): unknown {
  const { name, kind, credential, detect, apply, tier, site, tags } = row;
  return {
    name,
    kind,
    transport: transportOf(row),
    credentials: { detect: or(detect, credential) ?? '', apply: or(apply, credential) ?? '' },
    tier: number(or(tier) ?? '2'),
    site: or(site) ?? 'main',
    tags: (tags ?? '').split(/[; ]+/).filter((tag) => tag !== ''),
  };
}

/** An unknown way is sent as it is: the server names those there are. */
function transportOf({ transport, host, port, user, hostKey, auth, ca, spn, configuration }: Row['record']): unknown {
  const type = or(transport) ?? 'ssh';
  if (type === 'ssh') return { type, host, port: number(or(port) ?? '22'), user, hostKey };
  const fingerprint = or(ca)?.toLowerCase().replaceAll(':', '');
  return {
    ...{ type, host, port: number(or(port) ?? (fingerprint === undefined ? '5985' : '5986')) },
    auth: or(auth) ?? 'kerberos',
    ...(fingerprint === undefined ? {} : { tls: { pinned: 'authority', fingerprint } }),
    ...(or(spn) === undefined ? {} : { spn }),
    ...(or(configuration) === undefined ? {} : { configurationName: configuration }),
  };
}

/** The first that is not empty. */
const or = (...values: readonly (string | undefined)[]) => values.find((value) => value !== undefined && value !== '');

/** A number where the text is one; else the text, which the server then refuses by its path. */
const number = (text: string): unknown => (/^[0-9]{1,9}$/.test(text) ? Number(text) : text);

const named = (name: unknown): string => (typeof name === 'string' && name !== '' ? ` (${visible(name)})` : '');

/** A refused import with each error at the line of the file that it is about. */
export function atLines(refusal: Refusal, targets: readonly FileTarget[]): Refusal {
  const { errors, ...problem } = refusal.problem;
  if (!errors) return refusal;
  return new Refusal({ ...problem, errors: errors.map((error) => atLine(error, targets)) });
}

function atLine(error: ProblemError, targets: readonly FileTarget[]): ProblemError {
  const [, index, rest = ''] = /^\/targets\/([0-9]+)(.*)$/.exec(error.path) ?? [];
  const target = index === undefined ? undefined : targets[Number(index)];
  return target ? { ...error, path: `${target.where}:${rest === '' ? '' : ` ${rest.slice(1)}`}` } : error;
}
