import { isAlias, visit } from 'yaml';
import type { OwnCodes } from '../../domain/codes/lookup.js';
import type { Manifest } from '../../domain/manifest.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import { compileSchema } from './compile-schema.js';
import { ManifestSchema } from './manifest-schema.js';
import { schemaProblems } from './schema-problems.js';
import { positioned } from './text-position.js';

const validateManifest = compileSchema<Manifest>(ManifestSchema, { verbose: true });

/** What breaks the shape of a member, so that no further rule can look at it. */
const SHAPE = new Set(['type', 'required', 'anyOf', 'enum', 'const']);

/** `runbook.yaml` as far as it can be read. */
export interface ReadManifest {
  /** The whole manifest, where the schema accepts it. */
  readonly manifest?: Manifest;
  /** Its members that have the shape of the schema: what further rules may look at although others are wrong. */
  readonly members: Partial<Manifest>;
  readonly problems: readonly LoadProblem[];
  readonly lineOf: (pointer: string) => number;
  /** The codes that it declares; undefined where nobody can say. */
  readonly codes: { readonly own: OwnCodes } | undefined;
}

/** Reads a manifest; every mistake of it is a problem with its line. */
export function readManifest(file: string, text: string): ReadManifest {
  const { document, lines, lineOf } = positioned(text);
  const problems: LoadProblem[] = [];
  const add = (line: number, rule: string, message: string) =>
    problems.push({ file, line, rule, severity: 'error', message });
  for (const { pos, message } of document.errors.concat(document.warnings))
    add(lines.linePos(pos[0]).line, 'yaml', message);
  visit(document, {
    Node(_, node) {
      const line = node.range ? lines.linePos(node.range[0]).line : 1;
      if (isAlias(node)) add(line, 'yaml', 'uses an alias: write the value out');
      else if (node.tag?.startsWith('!') === true) add(line, 'yaml', `uses the tag ${node.tag}`);
    },
  });
  // A member that is there twice is a mistake of its own; any other leaves nothing that could be read.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY'))
    return { members: {}, problems, lineOf, codes: undefined };
  const value: unknown = document.toJS();
  if (validateManifest(value)) {
    const read = { members: value, problems, lineOf, codes: { own: value.codes } };
    return problems.length > 0 ? read : { ...read, manifest: value };
  }
  const unfit = new Set<string>();
  for (const { path, code, message } of schemaProblems(validateManifest.errors)) {
    if (SHAPE.has(code)) unfit.add(path.split('/')[1] ?? '');
    add(lineOf(path), 'manifest', `${path === '' ? 'the manifest' : path} ${message}`);
  }
  const members = unfit.has('') ? {} : without(value, unfit);
  const codes = unfit.has('') || unfit.has('codes') ? undefined : { own: members.codes };
  return { members, problems, lineOf, codes };
}

function without(value: unknown, names: ReadonlySet<string>): Partial<Manifest> {
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));
}
