const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a target or a person, with what a terminal would hide or obey made visible. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A person or a target: the name that people know, and the id that commands take; the id alone where there is no other name. */
export function named({ id, name }: { readonly id: string; readonly name?: string | undefined }): string {
  return name === undefined || name === '' || name === id ? visible(id) : `${visible(name)} (${visible(id)})`;
}

/** Texts that could be taken for another value, or for none: a number, true, null, an object, blanks, nothing. */
const AMBIGUOUS = /^$|^\s|\s$|^["[{(]|^(true|false|null|[-+]?[0-9.][0-9.eE+-]*)$/;

/** A value as people read it. Two different values are never shown alike: such a text is in quotation marks. */
export function value(of: unknown): string {
  if (of === null || of === undefined) return '(nothing)';
  return visible(typeof of === 'string' && !AMBIGUOUS.test(of) ? of : JSON.stringify(of));
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
