import { ManifestSchema } from '../../src/adapters/runbook-files/manifest-schema.js';
import { code, heading, table } from './markdown.js';
import { Document, visit } from 'yaml';

const INTRODUCTION = `\`runbook.yaml\` describes a runbook; its schema is \`runbook/v1\`. The schema is closed: a member that is not listed here is refused. A whole
manifest: [write-example-file](../../examples/runbooks/write-example-file/runbook.yaml). How the members work together:
[write a runbook](../guides/write-a-runbook.md). The same schema for an editor: \`fixpoint runbook schema\`.

A member below one that is optional is needed only where that one is there. \`[]\` stands for each item of a list, \`<name>\` for a name of your own.`;

/** The parts of JSON Schema that the manifest uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Every member of a runbook's manifest, with its type and limits. */
export function manifestPage(): string {
  return [
    heading('Runbook manifest', INTRODUCTION),
    table(
      ['member', 'required', 'meaning', 'value', 'example'],
      members(JSON.parse(JSON.stringify(ManifestSchema)) as Schema, ''),
    ),
  ].join('\n\n');
}

function members(schema: Schema, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true ? 'yes' : optional(member);
    return [[code(at), required, member.description ?? '', describe(member), exampleOf(member)], ...below(member, at)];
  });
}

const optional = ({ default: value }: Schema) =>
  value === undefined ? 'no' : `no; default ${code(JSON.stringify(value))}`;

/** The example in YAML's form for one line. */
function exampleOf({ examples = [] }: Schema): string {
  const document = new Document(examples[0]);
  visit(document, { Collection: (_, node) => void (node.flow = true) });
  return code(document.toString({ lineWidth: 0 }).trim());
}

function below(schema: Schema, path: string): string[][] {
  if (schema.items?.properties) return members(schema.items, `${path}[]`);
  const [named] = Object.values(schema.patternProperties ?? {});
  if (named?.properties) return members(named, `${path}.<name>`);
  const [object] = (schema.anyOf ?? []).filter((each) => each.properties);
  return members(object ?? schema, path);
}

function describe(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const).replaceAll('"', ''));
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return schema.anyOf.map(describe).join(', ');
  const { type = 'value', items, patternProperties, pattern, maxLength, minimum, maximum } = schema;
  if (type === 'array' && items) return `list of ${describe(items)}${count(schema)}`;
  if (patternProperties) return 'object with members of your own names';
  if (type === 'object') return 'object';
  if (minimum !== undefined && maximum !== undefined) return `whole number from ${minimum} to ${maximum}`;
  const limits = [
    ...(pattern === undefined ? [] : [`matches ${code(pattern)}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
  return [type === 'string' ? 'text' : type, ...limits].join(', ');
}

function count({ minItems, maxItems }: Schema): string {
  if (minItems !== undefined && maxItems !== undefined) return ` (${minItems} to ${maxItems})`;
  if (minItems !== undefined) return ` (at least ${minItems})`;
  return maxItems === undefined ? '' : ` (at most ${maxItems})`;
}
