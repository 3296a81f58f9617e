import { value, visible } from './print.js';

/** Of a list, so many items are printed; `--json` prints all. */
const MOST_ITEMS = 20;
const MOST_CHARACTERS = 400;
/** A list of short values is one line up to this width. */
const WIDTH = 100;

/** What Detect found, as text: one member on each line, lists of objects as items, long lists cut with the number that is left out. */
export function findingLines(findings: object, indent = ''): readonly string[] {
  const members = Object.entries(findings).filter(([, member]) => member !== null);
  const width = Math.max(0, ...members.filter(([, member]) => isLine(member)).map(([name]) => name.length));
  return members.flatMap(([name, member]) => {
    if (isLine(member)) return [`${indent}${visible(name).padEnd(width)}  ${lineOf(member)}`];
    if (Array.isArray(member))
      return [`${indent}${visible(name)} (${member.length})`, ...itemLines(member, `${indent}  `)];
    return [`${indent}${visible(name)}`, ...findingLines(member as object, `${indent}  `)];
  });
}

/** Each item begins with a hyphen; its further lines are indented below it. */
function itemLines(items: readonly unknown[], indent: string): readonly string[] {
  const lines = items.slice(0, MOST_ITEMS).flatMap((item) => {
    const below = isObject(item) ? findingLines(item) : [cut(value(item))];
    return below.map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}`);
  });
  const left = items.length - MOST_ITEMS;
  return left > 0 ? [...lines, `${indent}and ${left} more; --json prints all`] : lines;
}

const isObject = (member: unknown): member is object =>
  member !== null && typeof member === 'object' && !Array.isArray(member);

/** Whether a member fits one line: a scalar, an empty list or a list of short scalars. */
function isLine(member: unknown): boolean {
  if (Array.isArray(member))
    return !member.some((item) => typeof item === 'object') && listText(member).length <= WIDTH;
  return !isObject(member);
}

const lineOf = (member: unknown): string => (Array.isArray(member) ? listText(member) : cut(value(member)));
const listText = (items: readonly unknown[]): string => (items.length === 0 ? '(none)' : items.map(value).join(', '));
const cut = (text: string): string => (text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`);
