import { ManifestSchema } from '../../src/adapters/runbook-files/manifest-schema.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `\`runbook.yaml\` describes a runbook; its schema is \`runbook/v1\`. The schema is closed: a member that is not listed here is refused. How the
members work together: [write a runbook](../guides/write-a-runbook.md).`;

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
  readonly description?: string;
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
    table(['member', 'required', 'value'], members(JSON.parse(JSON.stringify(ManifestSchema)) as Schema, '')),
  ].join('\n\n');
}

function members(schema: Schema, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true ? 'yes' : '';
    return [[code(at), required, describe(member)], ...below(member, at)];
  });
}

function below(schema: Schema, path: string): string[][] {
  if (schema.items?.properties) return members(schema.items, `${path}[]`);
  const [named] = Object.values(schema.patternProperties ?? {});
  if (named?.properties) return members(named, `${path}.<name>`);
  const [object] = (schema.anyOf ?? []).filter((each) => each.properties);
  return members(object ?? schema, path);
}

function describe(schema: Schema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const).replaceAll('"', ''));
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return schema.anyOf.map(describe).join(', ');
  const { type = 'value', items, patternProperties, pattern, maxLength, minimum, maximum } = schema;
  if (type === 'array' && items) return `list of ${describe(items)}${count(schema)}`;
  if (patternProperties) return 'object with members of your own names';
  if (type === 'object') return 'object';
  if (minimum !== undefined && maximum !== undefined) return `whole number from ${minimum} to ${maximum}`;
  if (schema.description !== undefined) return schema.description;
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
