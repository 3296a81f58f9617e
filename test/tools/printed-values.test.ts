import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { json, objectText, value, visible, visibleJson, visibleLines } from '../../src/cli/print.js';

it('prints two different values of a change in two ways', () => {
  const values = [
    null,
    '',
    ' ',
    'null',
    '(nothing)',
    1,
    '1',
    1.5,
    '1.5',
    true,
    'true',
    [],
    '[]',
    {},
    '{}',
    ['a'],
    '["a"]',
    '"a"',
  ];
  const texts = values.map(value);
  expect(new Set(texts).size).toBe(values.length);
});

test.each([
  ['Sales Manager', 'Sales Manager'],
  ['sip:ann@x', 'sip:ann@x'],
  ['a\u202eb', 'a\\u202eb'],
  [null, '(nothing)'],
  ['1', '"1"'],
  ['a ', '"a "'],
])('prints %j as %s', (of, text) => expect(value(of)).toBe(text));

test.each([
  ['two blanks', 'a  b', '"a \\u0020b"'],
  ['a blank before', ' a', '" a"'],
  ['a no-break space', 'a\u00a0b', 'a\\u00a0b'],
  ['an escape that was typed', '\\u200b', '\\\\u200b'],
  ['the character itself', '\u200b', '\\u200b'],
  ['a path', 'C:\\Users\\ann', 'C:\\Users\\ann'],
])('prints %s as it is told from others', (_, of, text) => expect(value(of)).toBe(text));

describe('what cannot be seen', () => {
  const points = [
    ...[0x00, 0x07, 0x1b, 0x7f, 0x85, 0x9b, 0xa0, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x2003, 0x200b, 0x200e],
    ...[0x2028, 0x2029, 0x202e, 0x2066, 0x2800, 0x3000, 0x3164, 0xd800, 0xe000, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xffff],
    ...[0x1d173, 0xe0001, 0xe0041, 0xe0100, 0xf0000],
  ];

  it.each(points.map((point) => [point.toString(16), String.fromCodePoint(point)]))(
    'U+%s is written out',
    (hex, text) => {
      const code = hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
      expect(visible(`a${text}b`)).toBe(`a${code}b`);
      expect(visibleLines(`a${text}b\n`)).toBe(`a${code}b\n`);
      const asJson = visibleJson({ a: `a${text}b` }, 2);
      expect(JSON.parse(asJson)).toEqual({ a: `a${text}b` });
      expect(asJson).toMatch(/^[\n -~]*$/);
    },
  );

  it.each(['Ann Lee', '王小明', 'Zoë', 'a\u0301', '10 € – ok', '👍'])('%s is left as it is', (text) =>
    expect(visible(text)).toBe(text),
  );
});

describe('different texts are printed in different ways', () => {
  /** Of few characters, so that backslashes, hexadecimal digits and hidden characters meet. */
  const text = fc.string({
    unit: fc.constantFrom(
      '\\',
      'u',
      '2',
      '0',
      'b',
      '{',
      '}',
      '"',
      ' ',
      '\n',
      '\u200b',
      '\u00a0',
      '\ud800',
      '\u{e0041}',
    ),
    maxLength: 12,
  });

  it.each([
    ['visible', visible],
    ['value', value],
    ['json', json],
  ] as const)('%s', (_, print) => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(text, (of) => {
        const printed = print(of);
        expect(seen.get(printed) ?? of).toBe(of);
        seen.set(printed, of);
      }),
      { numRuns: 20_000 },
    );
  });
});

it('names the object of a change before its label, which cannot pretend to be another', () => {
  const [one, other] = [
    { resource: 'user:1', label: 'Bob' },
    { resource: 'user:1', label: 'Ann" (user:2' },
  ];
  expect(objectText(one)).toBe('user:1 ("Bob")');
  expect(objectText(other)).toBe('user:1 ("Ann\\" (user:2")');
  expect(objectText({ resource: 'file:/tmp/a' })).toBe('file:/tmp/a');
});
