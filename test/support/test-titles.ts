import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/**
 * The titles of a test file as they stand in its text: each `describe` by itself, and each test with those around it, joined with ` › `.
 * That of `it.each` is the pattern; one that is computed is left out.
 */
export function testTitles(path: string): readonly string[] {
  const file = ts.createSourceFile(path, readFileSync(join(INSTALL_ROOT, path), 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const title = titleOf(node, file);
    const here = title === undefined ? around : [...around, title];
    if (title !== undefined) found.push(here.join(' › '));
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(file, []);
  return found;
}

function titleOf(node: ts.Node, file: ts.SourceFile): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  // `it(…)`, `describe(…)`, and what `it.each(…)` returns.
  const callee = ts.isCallExpression(node.expression) ? node.expression.expression : node.expression;
  const isEach = /^(it|describe)\.each$/.test(callee.getText(file));
  if (isEach ? callee === node.expression : !/^(it|describe)$/.test(callee.getText(file))) return undefined;
  const [title] = node.arguments;
  return title && ts.isStringLiteralLike(title) ? title.text : undefined;
}
