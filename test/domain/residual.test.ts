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
  it('continues with the rest of the granted changes, in their order', () => {
    expect(residual(['a', 'b', 'c'], ['b', 'c'], [entry('a', 'changed')], ensure)).toEqual({
      kind: 'go-on',
      todo: ['b', 'c'],
      inPlace: [],
    });
  });

  it('treats missing changes as made by someone else, never as drift', () => {
    expect(residual(['a', 'b'], ['b'], [], ensure)).toEqual({ kind: 'go-on', todo: ['b'], inPlace: ['a'] });
    expect(residual(['a'], [], [], ensure)).toEqual({ kind: 'nothing-left', inPlace: ['a'] });
  });

  it('calls a change that nobody approved drift', () => {
    expect(residual(['a'], ['a', 'x'], [], ensure).kind).toBe('drift');
    expect(residual(['a'], ['x'], [], ensure).kind).toBe('drift');
  });

  it('calls it drift when a made change is listed again', () => {
    expect(residual(['a', 'b'], ['a', 'b'], [entry('a', 'changed')], ensure).kind).toBe('drift');
    expect(residual(['a', 'b'], ['a', 'b'], [entry('a', 'noop')], ensure).kind).toBe('drift');
  });

  it('calls another order drift', () => expect(residual(['a', 'b'], ['b', 'a'], [], ensure).kind).toBe('drift'));

  it('repeats a change without a result only if its class is ensure', () => {
    expect(residual(['a'], ['a'], [entry('a')], ensure).kind).toBe('go-on');
    expect(residual(['a'], ['a'], [entry('a')], once)).toEqual({ kind: 'outcome-unknown-once', changeId: 'a' });
  });

  it('never runs a change that was not granted or is already made', () => {
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
