import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** Writes of a job's state: by the query builder, and by SQL text. */
const WRITES = [
  /updateTable\('jobs(?: as \w+)?'\)(?:(?!\.execute)[^;])*?\bstate:/g,
  /\bUPDATE\s+(?:ONLY\s+)?(?:public\.)?"?jobs"?\s+(?:AS\s+\w+\s+)?SET\b(?:(?!\bWHERE\b)[^;`])*?(?<![.\w])state\s*=(?!=)/gi,
];
const writesState = (text: string) => WRITES.some((write) => text.match(write) !== null);

it('finds a write of the state in the ways it can be written', () => {
  expect(writesState(`await tx.updateTable('jobs').set({ state: 'failed' }).where('id', '=', id).execute()`)).toBe(
    true,
  );
  expect(writesState(`client.query("UPDATE jobs SET code = $2, state = $1 WHERE id = $3")`)).toBe(true);
  expect(writesState(`tx.updateTable('jobs').set({ wake_at: null }).where('state', '=', 'queued').execute()`)).toBe(
    false,
  );
  expect(writesState(`"UPDATE jobs SET wake_at = now() WHERE state = 'queued'"`)).toBe(false);
});

it('only the transition writes the state of a job that exists', () => {
  const sources = ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(INSTALL_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|sql)$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  const writers = sources.filter((path) => writesState(readFileSync(join(INSTALL_ROOT, path), 'utf8')));
  expect(writers).toEqual(['src/adapters/postgres/jobs/transition.ts']);
});
