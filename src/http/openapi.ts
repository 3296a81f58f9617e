import type { TSchema } from 'typebox';
import { codesOf } from './codes-of-route.js';
import { creates, KEY, type Route } from './route.js';
import { NAMED as OF_RESPONSES, Problem } from './schemas/responses.js';
import { SelectionShown } from './schemas/selections.js';
import { RolloutDetail, RolloutSummary } from './schemas/rollouts.js';
import { Compliance, ScanDetail, ScanSummary } from './schemas/scans.js';

/** The schemas that the document names. */
const NAMED = { ...OF_RESPONSES, RolloutSummary, RolloutDetail, ScanSummary, ScanDetail, Compliance, SelectionShown };

const REPEATS =
  'New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch.';

const names = new Map<unknown, string>(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

/** A schema as the document shows it: those that have a name are referred to by it, except `top` itself. */
function documented(schema: unknown, top?: unknown): unknown {
  const name = names.get(schema);
  if (name !== undefined && schema !== top) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(schema)) return schema.map((member) => documented(member, top));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, documented(member, top)]));
}

function parametersOf(where: 'query' | 'header', schema: TSchema | undefined) {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Readonly<Record<string, TSchema & { readonly description?: string }>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rule }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: documented(rule),
  }));
}

function successOf({ answer, mediaType, answers, otherForms = {} }: Route) {
  if (answers === 204) return { description: 'Done.' };
  if (mediaType === 'text/event-stream')
    return {
      description:
        'Server-sent events; the schema is that of one event, whose `data` is sent as JSON text. `id` is the sequence number for Last-Event-ID. A comment every 15 seconds keeps the connection alive. The stream ends with the next comment after its token has ended or its person has got other roles.',
      content: { [mediaType]: { schema: documented(answer ?? {}) } },
    };
  if (mediaType !== undefined)
    return { description: 'One JSON value on each line.', content: { [mediaType]: { schema: { type: 'string' } } } };
  const others = Object.entries(otherForms).map(([media, description]) => [
    media,
    { schema: { type: 'string', description } },
  ]);
  const json = ['application/json', { schema: documented(answer ?? {}) }];
  return { description: 'Done.', content: Object.fromEntries([json, ...others]) as Readonly<Record<string, object>> };
}

/** A conditional GET (RFC 9110, section 13.1.2): every answer that is one value has an ETag. */
function unchangedOf({ method, mediaType }: Route) {
  if (method !== 'get' || mediaType !== undefined) return {};
  return { 304: { description: 'What `If-None-Match` names is still the answer.' } };
}

function problemOf(route: Route) {
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { enum: codesOf(route) } } },
    ],
  };
  return { description: 'Refused; nothing changed.', content: { 'application/problem+json': { schema } } };
}

/** OpenAPI 3.1 from the same routes and schemas that serve. */
export function openApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/v1${route.path.replaceAll(/\/:([a-z]+)/g, '/{$1}')}`;
    const parameters = [
      ...[...route.path.matchAll(/\/:([a-z]+)/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...parametersOf('query', route.query),
      ...parametersOf('header', route.headers),
      ...(creates(route)
        ? [{ name: 'Idempotency-Key', in: 'header', required: true, description: REPEATS, schema: KEY }]
        : []),
    ];
    (paths[path] ??= {})[route.method] = {
      summary: route.summary,
      operationId: `${route.method} ${route.path}`.replaceAll(/[^a-z]+/g, '-'),
      'x-action': route.action,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(route.body
        ? { requestBody: { required: true, content: { 'application/json': { schema: documented(route.body) } } } }
        : {}),
      responses: { [route.answers]: successOf(route), ...unchangedOf(route), default: problemOf(route) },
    };
  }
  const schemas = Object.fromEntries(
    Object.entries({ ...NAMED, Problem }).map(([name, schema]) => [name, documented(schema, schema)]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Fixpoint', version: '1', description: 'A remediation is done when its own plan is empty.' },
    security: [{ bearer: [] }],
    paths,
    components: { schemas, securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}
