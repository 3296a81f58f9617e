import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { ASVS, GATES, THREATS } from '../../tools/docs/controls/index.js';
import { testTitles } from '../support/test-titles.js';

const rowsOf = (sections: typeof THREATS) => sections.flatMap(({ rows }) => rows);
const ROWS = rowsOf([...THREATS, ...GATES, ...ASVS]);

/** The parts of `npm run security`, as its list names them. */
const FIGURES = [
  ...readFileSync(join(INSTALL_ROOT, 'test/security/figures/index.ts'), 'utf8').matchAll(/^ {2}'?([a-z-]+)'?: \{/gm),
].map(([, name]) => name ?? '');

const titles = new Map<string, readonly string[]>();
function titlesOf(file: string): readonly string[] {
  const known = titles.get(file) ?? (existsSync(join(INSTALL_ROOT, file)) ? testTitles(file) : []);
  titles.set(file, known);
  return known;
}

function isThere(proof: string): boolean {
  const [, kind = '', name = ''] = /^([^:]+): (.+)$/.exec(proof) ?? [];
  return kind === 'figure' ? FIGURES.includes(name) : titlesOf(kind).includes(name);
}

describe('the control map', () => {
  it('names only tests and figures that exist, by their titles', () => {
    expect(FIGURES.length).toBeGreaterThan(5);
    const missing = ROWS.flatMap(({ id, shown }) => shown.filter((proof) => !isThere(proof)).map((one) => [id, one]));
    expect(missing).toEqual([]);
  });

  it('names only files and folders of the code that exist', () => {
    const missing = ROWS.flatMap(({ code }) => code.filter((path) => !existsSync(join(INSTALL_ROOT, path))));
    expect(missing).toEqual([]);
  });

  it('has every threat once, from T1 to T44, and each requirement once', () => {
    const numbers = rowsOf(THREATS).map(({ id }) => Number(id.slice(1)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 44 }, (_, i) => i + 1));
    const ids = ROWS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('has the requirements of ASVS in their order, by chapter, section and number', () => {
    const ids = rowsOf(ASVS).map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^([1-9]|1[0-7])\.\d\d?\.\d\d?$/);
    expect(ids).toEqual(ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  });

  it('says of each row what shows it, or that it is not defended', () => {
    const silent = ROWS.filter(({ control, shown, open }) => open === undefined && (!control || shown.length === 0));
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});
