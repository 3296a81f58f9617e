import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { ROLES } from '../../src/domain/people.js';
import { ALL_ACTIONS, type Action } from '../../src/domain/policy/actions.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { TRANSITIONS, STATES } from '../../src/domain/job.js';

const read = (path: string) => readFileSync(join(INSTALL_ROOT, path), 'utf8');
const pages = [
  ...readdirSync(INSTALL_ROOT).filter((name) => name.endsWith('.md')),
  ...['docs', 'runbooks', 'examples', 'lab'].flatMap((folder) =>
    readdirSync(join(INSTALL_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

describe('the documentation', () => {
  it('has reference pages that match the code; otherwise run npm run docs', () => {
    const { status, stderr } = spawnSync('node', ['--import', 'tsx', 'tools/docs/index.ts', '--check'], {
      cwd: INSTALL_ROOT,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 300_000);

  it.each(pages)('%s links to pages and headings that exist', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const broken = links.filter((link) => !/^(https?:|\.\.\/\.\.\/actions\/)/.test(link) && !leads(page, link));
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s names files that exist', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:src|workers|engine|test|tools|bench|demo|lab|docs|runbooks)\/[\w./-]+)`/g),
    ];
    const missing = named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(INSTALL_ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('names each decision in their index', () => {
    const index = read('docs/decisions/README.md');
    for (const name of readdirSync(join(INSTALL_ROOT, 'docs/decisions')).filter((each) => /^\d/.test(each))) {
      const [title = ''] = read(`docs/decisions/${name}`).split('\n');
      expect(index).toContain(`](${name})`);
      expect(index).toContain(title.replace(/^# \d+: /, ''));
      expect(read(`docs/decisions/${name}`)).toMatch(
        /^# \d{4}: .+\n\nStatus: (accepted|replaced by \d{4}), \d{4}-\d\d-\d\d\n/,
      );
    }
  });

  it('lists the states and where they lead as the table of transitions does', () => {
    const rows = [...read('docs/concepts.md').matchAll(/^\| `([a-z-]+)` +\| [^|]+ \| ([a-z, -]*?) *\|$/gm)];
    const told = Object.fromEntries(rows.map(([, state = '', next = '']) => [state, next.split(', ').filter(Boolean)]));
    for (const [state, next] of Object.entries(TRANSITIONS))
      expect([state, told[state]?.sort()]).toEqual([state, [...next].sort()]);
  });

  it.each(STATES)('docs/operating.md says what to do in the state %s', (state) =>
    expect(read('docs/operating.md')).toContain(`\`${state}\``),
  );

  it('lists the rights of each role as the policy does', () => {
    const rows = [...read('docs/concepts.md').matchAll(/^\| `([a-z-]+)` +\| ((?:[a-z]+(?:, )?)+|every role) *\|$/gm)];
    const rights = rows.filter(([, right = '']) => !ROLES.some((role) => role === right));
    expect(rights.map(([, right]) => right).sort()).toEqual(
      ALL_ACTIONS.filter((action) => action !== 'signed-in' && action !== 'read-targets').sort(),
    );
    for (const [, right = '', listed = ''] of rights) {
      const may = ROLES.filter((role) => !BUILT_IN_RIGHTS.denialAnywhere({ id: 'a', roles: [role] }, right as Action));
      const told = listed === 'every role' ? [...ROLES] : listed.split(', ');
      expect([right, told.sort()]).toEqual([right, may.sort()]);
    }
  });

  it('draws only transitions that exist', () => {
    const [, diagram = ''] = /```mermaid\nstateDiagram-v2([\s\S]*?)```/.exec(read('docs/concepts.md')) ?? [];
    const arrows = [...diagram.matchAll(/([a-z_]+) --> ([a-z_]+)/g)];
    expect(arrows.length).toBeGreaterThan(15);
    for (const [, from = '', to = ''] of arrows) {
      const [state, next] = [from, to].map((name) => name.replaceAll('_', '-'));
      expect(Object.entries(TRANSITIONS).find(([name]) => name === state)?.[1]).toContain(next);
    }
  });

  it('has a section of the changelog for this version, which a release takes', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const notes = (tag: string) =>
      spawnSync('node', ['tools/release-notes.mjs', tag], { cwd: INSTALL_ROOT, encoding: 'utf8' });
    expect(notes(`v${version}`).stdout).toMatch(/\S/);
    expect(notes('v99.0.0')).toMatchObject({ status: 1, stdout: '' });
  });

  it('runs the same command in the workflow as everywhere else, with pinned actions', () => {
    for (const name of ['ci', 'release']) {
      const uses = [...read(`.github/workflows/${name}.yml`).matchAll(/uses: (\S+)/g)].map(
        ([, action]) => action ?? '',
      );
      for (const action of uses)
        expect(action).toMatch(/^(actions\/[a-z-]+@[0-9a-f]{40}|\.\/\.github\/workflows\/ci\.yml)$/);
    }
    expect(read('.github/workflows/ci.yml')).toContain('run: .ci/run');
  });
});

/** Whether a link leads to a file of the project and, where it names one, to a heading of it. */
function leads(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(INSTALL_ROOT, file))) return false;
  if (anchor === undefined) return true;
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
  return headings.includes(anchor);
}

/** The anchor of a heading as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
