import { expect, it } from '@jest/globals';
import type { ValueObject } from '../../../src/domain/canonical.js';
import { differingNames, parametersNamed } from '../../../src/domain/rollouts/differences.js';

it.each<[string, readonly ValueObject[], readonly string[]]>([
  ['none of no item', [], []],
  ['none of one item', [{ user: 'u1' }], []],
  [
    'none where all are the same',
    [
      { user: 'u1', tags: ['a'] },
      { tags: ['a'], user: 'u1' },
    ],
    [],
  ],
  [
    'the user where the rest is the same',
    [
      { user: 'u1', text: 't' },
      { user: 'u2', text: 't' },
    ],
    ['user'],
  ],
  ['one that only some of them have', [{ user: 'u1' }, { user: 'u1', z: 1 }, { user: 'u1' }], ['z']],
  [
    'lists of other values, in the order of the names',
    [
      { b: ['x'], a: 1 },
      { b: ['y'], a: 2 },
    ],
    ['a', 'b'],
  ],
])('the parameters in which items differ are %s', (_, items, names) => expect(differingNames(items)).toEqual(names));

it('an item shows its own values of them', () => {
  expect(parametersNamed({ user: 'u1', text: 't' }, ['user', 'z'])).toEqual({ user: 'u1' });
  expect(parametersNamed({}, ['toString'])).toEqual({});
});
