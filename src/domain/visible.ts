/**
 * What a terminal obeys, hides, or shows like something else: controls, format characters, line separators, half surrogate pairs,
 * unassigned and private code points, all that Unicode lets a display ignore (variation selectors, fillers, tags), and every blank but
 * the ordinary one. By category, so that no list grows old.
 */
const HIDDEN = /(?! )[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text that somebody decides by, as a JSON Schema says it: all that is in it is seen. Line feeds, tabs and wide blanks are allowed. */
export const PROSE_PATTERN = '^(?:[^\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]|[\\t\\n])*$';

/** Backslashes that stand where they could be the beginning of an escape: before a hidden character, or before what looks like one. */
const BEFORE_ESCAPE = new RegExp(`\\\\+(?=u[0-9a-f]{4}|u\\{[0-9a-f]+\\}|${HIDDEN.source})`, 'gu');

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/**
 * One line of text from a target, a person or a file, with what would not be seen written as `\u200b`. Different texts stay different:
 * backslashes that would make an escape of their own are doubled.
 */
export function visible(text: string): string {
  return text.replace(BEFORE_ESCAPE, (run) => run + run).replace(HIDDEN, escaped);
}

/** Lines that are made of such texts: the last guard before a terminal. Line feeds stay; what is written as an escape already, too. */
export function visibleLines(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\n' ? character : escaped(character)));
}

/** A value as JSON that means the same and hides nothing. @param space as JSON.stringify takes it */
export function visibleJson(value: unknown, space?: number): string {
  const text = JSON.stringify(value, null, space) as string | undefined;
  return (text ?? '').replace(HIDDEN, (character) => (character === '\n' ? character : inJson(character)));
}

/** JSON has escapes for UTF-16 units only. */
const inJson = (character: string): string => character.split('').map(escaped).join('');
