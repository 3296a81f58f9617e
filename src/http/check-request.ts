import type { Request } from 'express';
import type { TSchema } from 'typebox';
import type { Code } from '../domain/codes/index.js';
import type { JsonSchema } from '../domain/manifest.js';
import { fail, ok, type Result } from '../domain/result.js';
import type { ValueChecker } from '../ports/values.js';
import { bodyLimitsOf } from './body.js';
import type { ProblemError } from './problem.js';
import type { Refusal } from './refusal.js';
import type { Route } from './route.js';
import { NoQuery } from './schemas/queries.js';

interface Checked {
  readonly id: string;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: unknown;
}

/** Query, headers and body against the schemas of the route, in that order; a refusal lists every path that does not fit. */
export function checkRequest(
  values: ValueChecker,
  route: Route,
  request: Request,
  sent: unknown,
): Result<Checked, Refusal> {
  const querySchema = plain(route.query ?? NoQuery);
  const query = values.check(querySchema, numbersOf(querySchema, request.query));
  if (!query.ok) return refusal('invalid-query', query.error);
  const headers = values.check(plain(route.headers ?? NoQuery), headersOf(route.headers, request));
  if (!headers.ok) return refusal('invalid-header', headers.error);
  const id = String(request.params.id ?? '');
  const checked = { id, query: query.value, headers: headers.value };
  if (!route.body) return ok({ ...checked, body: undefined });
  const body = values.check(plain(route.body), sent, bodyLimitsOf(route));
  if (body.ok) return ok({ ...checked, body: body.value });
  return refusal('invalid-request', body.error);
}

const refusal = (code: Code, errors: readonly ProblemError[]) => fail({ status: 400, code, errors });

const plains = new WeakMap<TSchema, JsonSchema>();

/** The schema as plain JSON Schema: one object per schema, so that a checker may keep what it compiles. */
function plain(schema: TSchema): JsonSchema {
  const known = plains.get(schema) ?? { ...schema };
  plains.set(schema, known);
  return known;
}

const propertiesOf = (schema: JsonSchema) => (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;

/** A query has text only: what the schema says is an integer becomes one where it can. */
function numbersOf(schema: JsonSchema, query: Request['query']): unknown {
  const rules = propertiesOf(schema);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const isNumber = Object.hasOwn(rules, name) && rules[name]?.type === 'integer';
      return [name, isNumber && typeof value === 'string' && /^-?[0-9]{1,9}$/.test(value) ? Number(value) : value];
    }),
  );
}

function headersOf(schema: TSchema | undefined, { headers }: Request): unknown {
  const given = Object.keys(propertiesOf(plain(schema ?? NoQuery))).map((name) => [name, headers[name.toLowerCase()]]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
