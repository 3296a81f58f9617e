import { visible, visibleJson } from '../domain/visible.js';

export { visible, visibleJson, visibleLines } from '../domain/visible.js';

/** A person or a target: the name that people know, and the id that commands take; the id alone where there is no other name. */
export function named({ id, name }: { readonly id: string; readonly name?: string | undefined }): string {
  return name === undefined || name === '' || name === id ? visible(id) : `${visible(name)} (${visible(id)})`;
}

/** Texts that could be taken for another value, or for none: a number, true, null, an object, blanks, nothing. */
const AMBIGUOUS = /^$|^\s|\s$| {2}|^["[{(]|^(true|false|null|[-+]?[0-9.][0-9.eE+-]*)$/;

/** A value as people read it. Two different values are never shown alike: such a text is in quotation marks. */
export function value(of: unknown): string {
  if (of === null || of === undefined) return '(nothing)';
  return typeof of === 'string' && !AMBIGUOUS.test(of) ? visible(of) : json(of);
}

/** A value as JSON on one line. Where several blanks follow one another, all but the first are written as what they are. */
export function json(of: unknown): string {
  return visibleJson(of).replace(/(?<= ) /g, '\\u0020');
}

/** The object of a change: what it is, and then what people call it, which cannot be taken for it. */
export function objectText({
  resource,
  label,
}: {
  readonly resource: string;
  readonly label?: string | undefined;
}): string {
  return label === undefined ? visible(resource) : `${visible(resource)} (${json(label)})`;
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
