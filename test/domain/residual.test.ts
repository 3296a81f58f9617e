import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeResult, JournalEntry } from '../../src/domain/journal.js';
import { residual } from '../../src/domain/residual.js';

const entry = (changeId: string, result?: ChangeResult): JournalEntry => ({
  changeId,
  direction: 'apply',
  attempt: 1,
  epoch: 1,
  n: 1,
  intentAt: new Date(0),
  ...(result ? { result } : {}),
});
const ensure = () => 'ensure' as const;
const once = () => 'once' as const;

describe('the residual-plan rule', () => {
  it('goes on with what is left of the grant, in its order', () => {
    expect(residual(['a', 'b', 'c'], ['b', 'c'], [entry('a', 'changed')], ensure)).toEqual({
      kind: 'go-on',
      todo: ['b', 'c'],
      inPlace: [],
    });
  });

  it('takes fewer changes than approved for somebody else’s work, never for drift', () => {
    expect(residual(['a', 'b'], ['b'], [], ensure)).toEqual({ kind: 'go-on', todo: ['b'], inPlace: ['a'] });
    expect(residual(['a'], [], [], ensure)).toEqual({ kind: 'nothing-left', inPlace: ['a'] });
  });

  it('calls a change that nobody approved drift', () => {
    expect(residual(['a'], ['a', 'x'], [], ensure).kind).toBe('drift');
    expect(residual(['a'], ['x'], [], ensure).kind).toBe('drift');
  });

  it('calls a made change that is listed again drift', () => {
    expect(residual(['a', 'b'], ['a', 'b'], [entry('a', 'changed')], ensure).kind).toBe('drift');
    expect(residual(['a', 'b'], ['a', 'b'], [entry('a', 'noop')], ensure).kind).toBe('drift');
  });

  it('calls another order drift', () => expect(residual(['a', 'b'], ['b', 'a'], [], ensure).kind).toBe('drift'));

  it('repeats an unheard change only if it is ensure', () => {
    expect(residual(['a'], ['a'], [entry('a')], ensure).kind).toBe('go-on');
    expect(residual(['a'], ['a'], [entry('a')], once)).toEqual({ kind: 'outcome-unknown-once', changeId: 'a' });
  });

  it('never lets a change run that was not granted or was done', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
    const results = fc.constantFrom<ChangeResult | undefined>('changed', 'noop', 'in-place', 'failed', undefined);
    fc.assert(
      fc.property(
        ids,
        ids,
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), results)),
        (granted, fresh, heard) => {
          const journal = heard.map(([id, result], i) => ({ ...entry(id, result), attempt: i + 1 }));
          const left = residual(granted, fresh, journal, ensure);
          if (left.kind !== 'go-on') return;
          for (const id of left.todo) {
            expect(granted).toContain(id);
            const last = journal.filter(({ changeId }) => changeId === id).at(-1);
            expect(['changed', 'noop']).not.toContain(last?.result);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
