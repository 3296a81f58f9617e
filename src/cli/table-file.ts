import { parse } from 'csv-parse/sync';
import type { JsonSchema } from '../domain/manifest.js';
import { columnsOf } from './columns.js';
import { readParameters } from './parameters.js';
import { terminal, usage } from './terminal.js';

/** One item of a table, as it is sent. */
export interface TableItem {
  readonly target: string;
  readonly parameters: Record<string, unknown>;
}

/**
 * The items of a CSV file: the column `target`, and one for each parameter, whose values get the type that the runbook gives them. An
 * empty cell is no value, and `@` has no meaning in one.
 * @throws CommanderError (usage) for a file of another form
 */
export async function itemsIn(text: string, path: string, schema: JsonSchema): Promise<readonly TableItem[]> {
  let rows: readonly Readonly<Record<string, string>>[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => columnsOf(header, path),
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    throw code?.startsWith('CSV_') ? usage(`${path} is not CSV: ${message}`) : error;
  }
  if (rows.length === 0) throw usage(`${path} has no row.`);
  if (rows.some(({ target }) => target === undefined || target === ''))
    throw usage(`${path} has a row without a target: it needs the column "target", with a value in each row.`);
  // A cell is taken as it stands: a table from somebody else must not read the files of whoever submits it.
  const literal = { ...terminal(), ask: undefined, file: (rest: string) => `@${rest}` };
  return Promise.all(
    rows.map(async ({ target = '', ...cells }) => {
      const words = Object.entries(cells).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`]));
      return { target, parameters: await readParameters(words, schema, literal) };
    }),
  );
}
