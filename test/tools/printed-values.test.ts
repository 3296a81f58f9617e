import { expect, it, test } from '@jest/globals';
import { value } from '../../src/cli/print.js';

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
