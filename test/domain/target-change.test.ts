import { expect, it } from '@jest/globals';
import {
  readTargetChanges,
  targetChangesDigest,
  targetChangesText,
  targetsNamed,
  targetsTouched,
} from '../../src/domain/target-change.js';
import type { Target } from '../../src/domain/target.js';

const target = (name: string, more: object = {}) =>
  ({
    ...{
      id: `id of ${name}`,
      name,
      kind: 'pc',
      transport: { type: 'local' },
      tier: 2,
      site: 'a',
      tags: [],
      settings: {},
    },
    ...{ credentials: { detect: 'c', apply: 'c' } },
    ...more,
  }) as unknown as Target;
const change = { id: 'id of x', before: null, after: target('x') };

it.each<[string, object]>([
  ['another form after', { after: target('x', { site: 'b' }) }],
  ['a removal', { after: null }],
  ['another form before', { before: 'f'.repeat(64) }],
  ['another target', { id: 'other' }],
])('the digest of changes covers %s', (_, more) => {
  expect(targetChangesDigest([{ ...change, ...more }])).not.toBe(targetChangesDigest([change]));
});

it('the digest of changes covers each of them and their order', () => {
  const other = { id: 'id of y', before: null, after: target('y') };
  const all = [[change], [change, other], [other, change]].map(targetChangesDigest);
  expect(new Set(all).size).toBe(3);
});

it('changes are read as they were written, and a text that holds none gives none', () => {
  expect(readTargetChanges(targetChangesText([change]))).toEqual([change]);
  for (const text of [undefined, '', '{', '{}', 'null']) expect(readTargetChanges(text)).toEqual([]);
});

it('changes touch the known form and the new one', () => {
  const known = new Map([['id of x', { target: target('was') }]]);
  expect(targetsTouched([change], known).map(({ name }) => name)).toEqual(['was', 'x']);
  expect(targetsTouched([{ ...change, after: null }], new Map())).toEqual([]);
});

it('one target is named, several are counted', () => {
  expect([targetsNamed(['x']), targetsNamed(['x', 'y'])]).toEqual(['x', '2 targets']);
});
