import { expect, it } from '@jest/globals';
import type { ActionRule } from '../../../src/domain/manifest.js';
import { groupPlans } from '../../../src/domain/rollouts/groups.js';

const ACTIONS: Readonly<Record<string, ActionRule>> = {
  set: { class: 'ensure', risk: 'R1', group: ['property', 'after'] },
  remove: { class: 'ensure', risk: 'R2', group: ['property'] },
  odd: { class: 'once', risk: 'R3' },
};
const change = (action: string, resource: string, property = 'enabled', after = 'yes') => ({
  ...{ action, resource, property, before: `before ${resource}`, after },
});

it('puts plans together that do the same kinds of change, the largest group first', () => {
  const groups = groupPlans(
    [
      { index: 0, changes: [change('set', 'u0', 'enabled', 'no')] },
      { index: 1, changes: [change('set', 'u1'), change('remove', 'u1', 'mark')] },
      { index: 2, changes: [change('remove', 'u2', 'mark'), change('set', 'u2'), change('remove', 'u2b', 'mark')] },
      { index: 5, changes: [change('set', 'u5'), change('remove', 'u5', 'mark')] },
    ],
    ACTIONS,
  );
  expect(groups).toEqual([
    {
      kinds: [
        { action: 'remove', class: 'ensure', risk: 'R2', fields: { property: 'mark' }, least: 1, most: 2 },
        {
          action: 'set',
          class: 'ensure',
          risk: 'R1',
          fields: { property: 'enabled', after: 'yes' },
          least: 1,
          most: 1,
        },
      ],
      items: [1, 2, 5],
    },
    {
      kinds: [
        { action: 'set', class: 'ensure', risk: 'R1', fields: { property: 'enabled', after: 'no' }, least: 1, most: 1 },
      ],
      items: [0],
    },
  ]);
});

it('takes a change without group for a kind of its own, and one that the manifest does not have for the worst', () => {
  const groups = groupPlans(
    [
      { index: 0, changes: [change('odd', 'a')] },
      { index: 1, changes: [change('odd', 'b')] },
      { index: 2, changes: [change('toString', 'c')] },
    ],
    ACTIONS,
  );
  expect(groups.map(({ items }) => items)).toEqual([[0], [1], [2]]);
  expect(groups[2]?.kinds[0]).toMatchObject({ class: 'irreversible', risk: 'R3', fields: { resource: 'c' } });
});

it('has no group for no plan', () => expect(groupPlans([], ACTIONS)).toEqual([]));
