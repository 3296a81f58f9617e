import { afterAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { aHost } from '../support/hosts.js';

const read = (path: string) => readFileSync(`${INSTALL_ROOT}/${path}`, 'utf8');
const script = read('tools/acceptance-windows.ps1');
const list = read('docs/acceptance-windows.md');
const { host, close } = aHost();
afterAll(() => close());

interface Fact {
  readonly id: string;
  readonly expected: string;
  readonly changes: boolean;
  readonly body: string;
}
const starts = [...script.matchAll(/^(Test-Fact|Add-Question) '([A-Z]+-\d+)' '((?:[^']|'')*)'(?: \$(true|false))?/gm)];
const facts = starts.map((start, i): Fact => {
  const [, , id = '', expected = '', changes] = start;
  const body = script.slice(start.index, starts[i + 1]?.index ?? script.length);
  return { id, expected: expected.replaceAll("''", "'"), changes: changes === 'true', body };
});

describe('the script of the acceptance list', () => {
  it('is text that Windows PowerShell 5.1 and 7 can read', async () => {
    const [report] = await host.checkScripts([
      { file: 'acceptance-windows.ps1', text: script, role: 'module', functions: [], mayRunOn51: true },
    ]);
    const broken = report?.findings.filter(({ rule }) => ['syntax', 'ascii', 'newer-syntax'].includes(rule));
    expect(broken).toEqual([]);
    // The gate did look: a script is no module.
    expect(report?.findings.some(({ rule }) => rule === 'module')).toBe(true);
  });

  it('and the list name the same facts, in the same words', () => {
    expect(facts.length).toBeGreaterThan(50);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    const rows = [...list.matchAll(/^\| ([A-Z]+-\d+) *\| (.*?) *\| (.*?) *\|$/gm)].map(([, id, fact]) => [
      id,
      fact?.replaceAll('\\|', '|'),
    ]);
    expect(rows).toEqual(facts.map(({ id, expected }) => [id, expected]));
  });

  it('runs what changes something only with -Apply, and says of it that it does', () => {
    const makes =
      /\b(Set|New|Remove|Register|Start|Stop|Unregister|Move|Add|Invoke|Restore)-(?!Object|Question|NativeType|Sleep)[A-Z]|::(Create|Delete|Move|Write|Append|Open\()|\.(Add|Remove|SetValue|Delete|Commit)\(|cmdkey|cmd\.exe|mklink/;
    expect(facts.filter(({ changes }) => changes).length).toBeGreaterThan(5);
    const changing = facts.filter(
      ({ body }) => makes.test(body.slice(body.indexOf('{'))) && body.startsWith('Test-Fact'),
    );
    expect(changing.map(({ id, changes }) => [id, changes])).toEqual(
      facts.filter(({ changes }) => changes).map(({ id }) => [id, true]),
    );
    expect(script).toContain('if ($Changes -and -not $Apply)');
  });
});

it('every double in the code has its line in the list, and every line its double', () => {
  // The product itself has none: what it says of one is said to people.
  const labelled = ['lab', 'runbooks', 'test/support']
    .flatMap((folder) =>
      readdirSync(`${INSTALL_ROOT}/${folder}`, { recursive: true }).map((path) => `${folder}/${String(path)}`),
    )
    .filter((path) => /\.(ts|ps1|psm1|py|cs)$/.test(path) && /\bDOUBLE\b|\ba double of\b/.test(read(path)));
  const part = list.slice(list.indexOf('## Doubles'));
  const listed = [...part.matchAll(/`((?:lab|test|src|workers)\/[^`]+)`/g)].map(([, path]) => path ?? '');
  expect(labelled.filter((path) => !listed.includes(path))).toEqual([]);
  expect(listed.filter((path) => !labelled.includes(path))).toEqual([]);
});
