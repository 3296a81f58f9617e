import { usage } from './terminal.js';

/** The columns that the first line of a CSV file names. @throws CommanderError (usage) where one is named twice: nobody could say which counts */
export function columnsOf(header: readonly string[], path: string): string[] {
  const columns = header.map((name) => name.trim());
  const doubled = columns.find((name, i) => columns.indexOf(name) !== i);
  if (doubled !== undefined) throw usage(`${path} has the column ${doubled} twice in its first line.`);
  return columns;
}
