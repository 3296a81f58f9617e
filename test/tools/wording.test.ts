import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** Phrases that a reader would have to translate: say the standard term instead. */
const OLD_PHRASES = [
  /\bthe record (is|was|has|cannot)\b/i,
  /\b(is|was|were) away\b/,
  /\b(un)?heard\b/,
  /\bin hand\b/,
  /\bgo(es)? on\b/,
  /\bsettl(ed?|ing|es)\b/,
  /\btable of edges\b/,
  /\bin the (line|story)\b/,
  /\blets? go\b/,
  /\bsent for\b/,
  /\bsigns? of life\b/,
  /\bnobody approves\b/i,
  /\bmend\b/i,
  /\b(was|were|is|are) told\b/,
  /\bwithout a word\b/,
];

function files(folder: string, ending: string): string[] {
  return readdirSync(join(INSTALL_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(ending));
}

/** What `pick` finds in the nodes of a source file, with its path. */
function textsOf(path: string, pick: (node: ts.Node, file: ts.SourceFile) => string | undefined): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile(path, readFileSync(join(INSTALL_ROOT, path), 'utf8'), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node) => {
    const text = pick(node, file);
    if (text !== undefined) found.push(`${path}: ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The texts of a source file that a person may read: literals with a blank in them. */
const prose = (path: string) =>
  textsOf(path, (node) => {
    const literal = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    return literal && node.text.includes(' ') ? node.text : undefined;
  });

/** The titles of the tests in a file. */
const titles = (path: string) =>
  textsOf(path, (node, file) => {
    if (!ts.isCallExpression(node) || !/^(it|describe)\b/.test(node.expression.getText(file))) return undefined;
    const [title] = node.arguments;
    return title && ts.isStringLiteralLike(title) ? title.text : undefined;
  });

const old = (texts: readonly string[]) => texts.filter((text) => OLD_PHRASES.some((phrase) => phrase.test(text)));

it('what the product says to a person uses standard terms', () => {
  const texts = ['src', 'workers', 'demo'].flatMap((folder) => files(folder, '.ts')).flatMap(prose);
  expect(texts.length).toBeGreaterThan(1000);
  expect(old(texts)).toEqual([]);
});

it('the documentation uses standard terms', () => {
  // These pages name what an earlier version called by another name, as code.
  const former = ['docs/upgrading.md', 'docs/reference/audit-format.md'];
  const pages = ['README.md', 'CONTRIBUTING.md', ...files('docs', '.md'), ...files('runbooks', '.md')];
  const lines = pages.flatMap((path) =>
    readFileSync(join(INSTALL_ROOT, path), 'utf8')
      .split('\n')
      .map((line) => `${path}: ${former.includes(path) ? line.replaceAll(/`[^`]*`/g, '') : line}`),
  );
  expect(old(lines)).toEqual([]);
});

it('titles of tests use standard terms', () => {
  const texts = files('test', '.test.ts').flatMap(titles);
  expect(texts.length).toBeGreaterThan(500);
  expect(old(texts)).toEqual([]);
});

it('a number stands before a noun by way of count(), so that there is never "1 runbooks"', () => {
  const nouns =
    'runbook|target|change|token|error|warning|event|job|row|table|case|check|grant|decision|message|approval';
  const bare = new RegExp(`\\$\\{[^{}]*\\} (${nouns})(s|\\(s\\))[^a-z]`);
  const lines = ['src/cli', 'src/installation'].flatMap((folder) =>
    files(folder, '.ts').flatMap((path) =>
      readFileSync(join(INSTALL_ROOT, path), 'utf8')
        .split('\n')
        .map((line) => `${path}: ${line}`),
    ),
  );
  expect(lines.filter((line) => bare.test(line))).toEqual([]);
});
