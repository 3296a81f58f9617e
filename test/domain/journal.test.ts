import { expect, it } from '@jest/globals';
import { madeAndNotUndone, type JournalEntry } from '../../src/domain/journal.js';

it('is ordered by sequence number, whatever the clock showed', () => {
  const made = (changeId: string, n: number, intentAt: number): JournalEntry => ({
    changeId,
    direction: 'apply',
    attempt: 1,
    epoch: 1,
    n,
    intentAt: new Date(intentAt),
    result: 'changed',
  });
  const journal = [made('second', 2, 1000), made('first', 1, 9000), made('third', 3, 5000)];
  expect(madeAndNotUndone(journal).map(({ changeId }) => changeId)).toEqual(['first', 'second', 'third']);
});
