import ts from 'typescript';
import { BOUNDARIES, type BoundaryKind } from './boundaries.js';

export interface FailPoint {
  /** `<file>:<function>:<call>:<before|after>`; a second call of one name in one function is `<call>#2`. */
  readonly name: string;
  readonly kind: BoundaryKind;
  readonly file: string;
}

const RUNTIME = '__failPoint';

/** Calls of one source file that get fail points, with their names. */
export function boundaryCalls(
  source: ts.SourceFile,
  file: string,
): ReadonlyMap<ts.CallExpression, Omit<FailPoint, 'file'>> {
  const found = new Map<ts.CallExpression, Omit<FailPoint, 'file'>>();
  const seen = new Map<string, number>();
  const visit = (node: ts.Node, within: string): void => {
    const inner = nameOf(node) ?? within;
    if (ts.isCallExpression(node)) {
      const boundary = boundaryOf(node);
      if (boundary) {
        const base = `${file}:${inner}:${boundary.call}`;
        const count = (seen.get(base) ?? 0) + 1;
        seen.set(base, count);
        found.set(node, { name: count === 1 ? base : `${base}#${count}`, kind: boundary.kind });
      }
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, 'module');
  return found;
}

function boundaryOf({ expression }: ts.CallExpression): { call: string; kind: BoundaryKind } | undefined {
  if (ts.isIdentifier(expression)) {
    const plain = BOUNDARIES.find(({ receiver, call }) => receiver === undefined && call === expression.text);
    return plain && { call: plain.call, kind: plain.kind };
  }
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const before = lastName(expression.expression);
  const known = BOUNDARIES.find(({ receiver, call }) => receiver === before && call === expression.name.text);
  return known && { call: `${known.receiver ?? ''}.${known.call}`, kind: known.kind };
}

/** The name directly before the dot, also of what was awaited or called for it. */
function lastName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  if (ts.isParenthesizedExpression(expression)) return lastName(expression.expression);
  return undefined;
}

function nameOf(node: ts.Node): string | undefined {
  if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name && ts.isIdentifier(node.name)) {
    return node.name.text;
  }
  const named = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);
  if (named && ts.isIdentifier(node.name) && node.initializer && ts.isFunctionLike(node.initializer))
    return node.name.text;
  return undefined;
}

/** TypeScript to JavaScript with a fail point before and after each boundary: `(before(n), after(n, call))`. */
export function instrument(text: string, file: string, runtime: string): { code: string; points: FailPoint[] } {
  const points: FailPoint[] = [];
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
    const { factory } = context;
    const calls = boundaryCalls(source, file);
    const hook = (moment: string, name: string, rest: ts.Expression[]) =>
      factory.createCallExpression(
        factory.createPropertyAccessExpression(factory.createIdentifier(RUNTIME), moment),
        undefined,
        [factory.createStringLiteral(name), ...rest],
      );
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      const call = ts.isCallExpression(node) ? calls.get(node) : undefined;
      if (!call) return visited;
      const [before, after] = [`${call.name}:before`, `${call.name}:after`];
      points.push({ name: before, kind: call.kind, file }, { name: after, kind: call.kind, file });
      return factory.createParenthesizedExpression(
        factory.createComma(hook('before', before, []), hook('after', after, [visited as ts.Expression])),
      );
    };
    const statements = ts.visitNodes(source.statements, visit, ts.isStatement);
    const load = factory.createImportDeclaration(
      undefined,
      factory.createImportClause(
        undefined,
        undefined,
        factory.createNamespaceImport(factory.createIdentifier(RUNTIME)),
      ),
      factory.createStringLiteral(runtime),
    );
    return factory.updateSourceFile(source, calls.size === 0 ? statements : [load, ...statements]);
  };
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    transformers: { before: [transformer] },
  });
  return { code: outputText, points };
}
