import type { ValidateFunction } from 'ajv/dist/2020.js';
import { pointerStep } from '../../domain/canonical.js';
import type { JsonSchema } from '../../domain/manifest.js';
import type { ValueProblem } from '../../ports/values.js';
import { schemaProblems } from './schema-problems.js';

/** Problems of one value that are looked for, one more than an answer lists: so its reader knows that there are others. */
export const MOST_PROBLEMS = 101;

export interface Validators {
  /** Stops at the first error. */
  readonly fits: (schema: JsonSchema) => ValidateFunction;
  /** Lists every error of a value. */
  readonly all: (schema: JsonSchema) => ValidateFunction;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Why a value does not fit, up to MOST_PROBLEMS: Ajv alone either stops at the first error or lists every one, and a list of a
 * million members has millions. Lists and objects are taken apart here, and member after member is judged until there are enough.
 */
export function boundedProblems(validators: Validators, schema: JsonSchema, value: unknown): readonly ValueProblem[] {
  const found: ValueProblem[] = [];
  const add = (path: string, problems: readonly ValueProblem[]) => {
    const room = MOST_PROBLEMS - found.length;
    found.push(...problems.slice(0, room).map((problem) => ({ ...problem, path: path + problem.path })));
  };
  const judge = (rule: JsonSchema, of: unknown, path: string): void => {
    if (found.length >= MOST_PROBLEMS || validators.fits(rule)(of)) return;
    const parts = partsOf(rule, of);
    // What is in one value of no parts is its own errors: a few.
    const validate = validators.all(parts?.whole ?? rule);
    if (!validate(of)) add(path, schemaProblems(validate.errors));
    if (!parts) return;
    add(path, parts.unknown);
    for (const [step, part, member] of parts.members) {
      if (found.length >= MOST_PROBLEMS) return;
      judge(part, member, `${path}/${pointerStep(step)}`);
    }
  };
  judge(schema, value, '');
  return found;
}

interface Parts {
  /** What the schema says of the value without its members. */
  readonly whole: JsonSchema;
  readonly unknown: readonly ValueProblem[];
  readonly members: Iterable<readonly [step: string, schema: JsonSchema, member: unknown]>;
}

/** A list or an object as its members; undefined where the schema says it otherwise than by `items` and `properties`. */
function partsOf(schema: JsonSchema, value: unknown): Parts | undefined {
  if (Array.isArray(value)) return isRule(schema.items) ? listParts(schema, schema.items, value) : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  const variant = variantOf(schema, value as Members);
  if (variant) return partsOf(variant, value);
  // Where a schema is for all other members, it is one for the value as a whole.
  return isRule(schema.properties) && !isRule(schema.additionalProperties)
    ? objectParts(schema, value as Members)
    : undefined;
}

const isRule = (rule: unknown): rule is JsonSchema => rule !== null && typeof rule === 'object' && !Array.isArray(rule);

function listParts({ items: _, ...whole }: JsonSchema, rule: JsonSchema, value: readonly unknown[]): Parts {
  return { whole, unknown: [], members: steps(value, rule) };
}

function* steps(members: readonly unknown[], rule: JsonSchema): Generator<readonly [string, JsonSchema, unknown]> {
  for (const [i, member] of members.entries()) yield [String(i), rule, member];
}

function objectParts({ properties, additionalProperties, ...whole }: JsonSchema, value: Members): Parts {
  const rules = properties as Readonly<Record<string, JsonSchema>>;
  const others = Object.keys(value).filter((name) => !Object.hasOwn(rules, name));
  return {
    whole,
    unknown: additionalProperties === false ? others.slice(0, MOST_PROBLEMS).map(unknownMember) : [],
    members: Object.entries(rules)
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([name, rule]) => [name, rule, value[name]] as const),
  };
}

const unknownMember = (name: string): ValueProblem => ({
  path: `/${pointerStep(name)}`,
  code: 'additionalProperties',
  message: 'is not known here',
});

/** Of variants with a tag, the one that the value names. */
function variantOf({ discriminator, oneOf }: JsonSchema, value: Members): JsonSchema | undefined {
  if (!isRule(discriminator) || !Array.isArray(oneOf)) return undefined;
  const tag = String(discriminator.propertyName);
  return (oneOf as readonly JsonSchema[]).find((variant) => {
    const { const: named } = (variant.properties as Readonly<Record<string, JsonSchema>>)[tag] ?? {};
    return named !== undefined && named === value[tag];
  });
}
