import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isTerminal, STATES } from '../../src/domain/job.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('facts that are written twice agree', () => {
  it('the index of live jobs leaves out exactly the final states', () => {
    const migration = read('src/adapters/postgres/migrations/0027-scans.sql');
    const [, list = ''] = /CREATE INDEX jobs_alive[^;]*NOT IN \(([^)]*)\)/.exec(migration) ?? [];
    const ends = [...list.matchAll(/'([a-z-]+)'/g)].map(([, state]) => state);
    expect(ends.sort()).toEqual(STATES.filter(isTerminal).sort());
  });
});
