import { dirname, join } from 'node:path';
import ts from 'typescript';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';

export interface TypedColumn {
  /** The type of a value that is read, without null, as TypeScript writes it. */
  readonly type: string;
  readonly nullable: boolean;
  /** Whether an INSERT must, may or cannot name the column. */
  readonly insert: 'required' | 'optional' | 'never';
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  types: [],
};

/**
 * The columns that the interface `Database` of a file describes, as Kysely sees them, by `<table>.<column>`. The compiler resolves
 * `Generated`, `ColumnType` and aliases.
 * @throws Error when the file does not compile
 */
export function typedColumns(path: string): ReadonlyMap<string, TypedColumn> {
  const schema = join(INSTALL_ROOT, path);
  const probe = join(dirname(schema), 'columns-probe.ts');
  const text = `
    import type { Insertable, Selectable } from 'kysely';
    import type { Database } from './schema.js';
    export type Read = { [Table in keyof Database]: Selectable<Database[Table]> };
    export type Insert = { [Table in keyof Database]: Insertable<Database[Table]> };`;
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === probe || fileExists(name);
  host.readFile = (name) => (name === probe ? text : readFile(name));
  host.getSourceFile = (name, options, ...rest) =>
    name === probe ? ts.createSourceFile(name, text, options) : getSourceFile(name, options, ...rest);
  const program = ts.createProgram([probe], OPTIONS, host);
  const errors = [...program.getSemanticDiagnostics(program.getSourceFile(probe))];
  const file = program.getSourceFile(probe);
  if (!file || errors.length > 0) throw new Error(ts.formatDiagnostics(errors, { ...host, getNewLine: () => '\n' }));
  return columnsOf(program.getTypeChecker(), file);
}

function columnsOf(checker: ts.TypeChecker, file: ts.SourceFile): ReadonlyMap<string, TypedColumn> {
  const [read, insert] = file.statements
    .filter(ts.isTypeAliasDeclaration)
    .map((alias) => checker.getTypeAtLocation(alias));
  if (!read || !insert) throw new Error('the probe has lost its types');
  const columns = new Map<string, TypedColumn>();
  for (const table of read.getProperties()) {
    const inserted = insert.getProperty(table.name);
    const insertable = inserted ? checker.getTypeOfSymbol(inserted) : undefined;
    for (const column of checker.getTypeOfSymbol(table).getProperties()) {
      const type = checker.getTypeOfSymbol(column);
      columns.set(`${table.name}.${column.name}`, {
        type: checker.typeToString(checker.getNonNullableType(type)),
        nullable: checker.getNonNullableType(type) !== type,
        insert: insertOf(insertable?.getProperty(column.name)),
      });
    }
  }
  return columns;
}

function insertOf(column: ts.Symbol | undefined): TypedColumn['insert'] {
  if (!column) return 'never';
  return column.flags & ts.SymbolFlags.Optional ? 'optional' : 'required';
}
