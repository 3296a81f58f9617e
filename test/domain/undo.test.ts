import { describe, expect, it } from '@jest/globals';
import { undoing, withPlanned } from '../../src/domain/planned.js';
import { changeId, type Change } from '../../src/domain/plan.js';
import { notInPlace } from '../../src/domain/undo.js';

const change = (before: string | null, after: string | null, property = 'title'): Change => {
  const planned = { resource: 'user:1', property, before, after, action: 'set' };
  return { id: changeId(planned, undefined), ...planned };
};

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
