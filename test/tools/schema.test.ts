import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isTerminal, STATES } from '../../src/domain/job.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('what is written twice says the same', () => {
  it('the index of living jobs leaves out exactly the ends of the table of edges', () => {
    const migration = read('src/adapters/postgres/migrations/0002-figures-and-growth.sql');
    const [, list = ''] = /CREATE INDEX jobs_alive[^;]*NOT IN \(([^)]*)\)/.exec(migration) ?? [];
    const ends = [...list.matchAll(/'([a-z-]+)'/g)].map(([, state]) => state);
    expect(ends.sort()).toEqual(STATES.filter(isTerminal).sort());
  });
});
