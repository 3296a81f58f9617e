import { describe, expect, it } from '@jest/globals';
import { changeValue } from '../../src/domain/phases.js';
import { undoing, withPlanned } from '../../src/domain/planned.js';
import { changeId, type Change } from '../../src/domain/plan.js';
import { notInPlace, originalOf, undoChanges } from '../../src/domain/undo.js';

const change = (before: string | null, after: string | null, property = 'title'): Change => {
  const planned = { resource: 'user:1', property, before, after, action: 'set' };
  return { id: changeId(planned, undefined), ...planned };
};

describe('the label of a change', () => {
  const labelled = { ...change('First', 'Second'), label: 'Bob Kelly' };

  it('is not in the id: an object that is renamed is the same object', () => {
    expect(changeId({ ...labelled, label: 'Robert Kelly' }, undefined)).toBe(labelled.id);
  });

  it('is in the plan of the undo, and not in what its script gets', () => {
    const intent = { direction: 'apply', attempt: 1, epoch: 1, n: 1, intentAt: new Date(0) } as const;
    const [undo] = undoChanges([labelled], [{ ...intent, changeId: labelled.id, result: 'changed' }], undefined);
    expect(undo).toMatchObject({ before: 'Second', after: 'First', label: 'Bob Kelly' });
    expect(undo && changeValue(originalOf(undo))).not.toHaveProperty('label');
    expect(changeValue(labelled)).not.toHaveProperty('label');
  });
});

describe('notInPlace', () => {
  const undo = [change('Second', 'First')];

  it('finds nothing where the plan of the original is empty', () => {
    expect(notInPlace(undo, [])).toEqual([]);
  });

  it.each([
    ['as before the original', change('First', 'Second')],
    ['as somebody else made it', change('Third', 'Second')],
    ['empty', change(null, 'Second')],
  ])('finds a property that is %s', (_, listed) => {
    expect(notInPlace(undo, [listed])).toEqual([listed]);
  });

  it('leaves the changes of other properties and objects out', () => {
    expect(notInPlace(undo, [change('First', 'Second', 'company')])).toEqual([]);
    expect(notInPlace(undo, [{ ...change('First', 'Second'), resource: 'user:2' }])).toEqual([]);
  });
});

describe('the supplied value planned', () => {
  it('is filled only where the runbook asks for it', () => {
    expect(withPlanned({ server: 'dc1' }, ['user:1'])).toEqual({ server: 'dc1' });
    expect(withPlanned({ planned: null }, ['user:1'])).toEqual({ planned: { locks: ['user:1'], undo: false } });
  });

  it('says to a rollback that it is one', () => {
    expect(undoing(withPlanned({ planned: null }, ['user:1']))).toEqual({ planned: { locks: ['user:1'], undo: true } });
    expect(undoing({ server: 'dc1' })).toEqual({ server: 'dc1' });
  });
});
