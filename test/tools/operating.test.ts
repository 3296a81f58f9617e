import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FINDINGS } from '../../src/cli/doctor/finding.js';
import { isEnd, STATES } from '../../src/domain/job.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('what is written twice says the same', () => {
  it.each(Object.keys(FINDINGS))('docs/operating.md knows the finding %s', (code) =>
    expect(read('docs/operating.md')).toContain(`\`${code}\``),
  );

  it('the index of living jobs leaves out exactly the ends of the table of edges', () => {
    const migration = read('src/adapters/postgres/migrations/0002-figures-and-growth.sql');
    const [, list = ''] = /CREATE INDEX jobs_alive[^;]*NOT IN \(([^)]*)\)/.exec(migration) ?? [];
    const ends = [...list.matchAll(/'([a-z-]+)'/g)].map(([, state]) => state);
    expect(ends.sort()).toEqual(STATES.filter(isEnd).sort());
  });

  it('docs/operating.md tells each figure of its own at /metrics', () => {
    const source = read('src/http/metrics.ts') + read('src/http/state-times.ts');
    const names = [...source.matchAll(/'(fixpoint_[a-z_]+)'/g)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(read('docs/operating.md')).toContain(name);
  });
});
