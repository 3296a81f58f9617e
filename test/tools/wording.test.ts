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
  /\bgoes on by itself\b/,
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

/** The texts of a source file that a person may read: literals with a blank in them. */
function prose(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const literal = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (literal && node.text.includes(' ')) found.push(`${path}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(INSTALL_ROOT, path), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

const old = (texts: readonly string[]) => texts.filter((text) => OLD_PHRASES.some((phrase) => phrase.test(text)));

it('what the product says to a person uses standard terms', () => {
  const texts = ['src', 'workers', 'demo'].flatMap((folder) => files(folder, '.ts')).flatMap(prose);
  expect(texts.length).toBeGreaterThan(1000);
  expect(old(texts)).toEqual([]);
});

it('what a user reads in the documentation uses standard terms', () => {
  const pages = ['README.md', ...files('docs/guides', '.md'), ...files('docs/reference', '.md')].concat(
    ['getting-started', 'concepts', 'operating'].map((name) => `docs/${name}.md`),
  );
  const lines = pages.flatMap((path) =>
    readFileSync(join(INSTALL_ROOT, path), 'utf8')
      .split('\n')
      .map((line) => `${path}: ${line}`),
  );
  expect(old(lines)).toEqual([]);
});
