import { stringify } from 'csv-stringify/sync';

/**
 * Where a spreadsheet could see the beginning of a formula: at the beginning of a cell, and behind what separates cells in some countries
 * and imports. A quotation mark protects none of it: in the middle of what such a reader takes for a cell it is a character.
 */
const FORMULA = /(^|[;\t\r\n])(?=["\s]*[=+\-@\uff0b\uff0d\uff1d\uff20])/g;

const harmless = (cell: string): string => cell.replace(FORMULA, "$1'");

/** Rows as CSV. What a spreadsheet would take for a formula begins with an apostrophe. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(harmless)),
    { quoted_match: /[;\t]/ },
  );
