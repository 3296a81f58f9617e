import { creates, KEY, type Route } from './routing.js';

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; what callers may rely on.' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
} as const;

const REPEATS =
  'New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch.';

/** OpenAPI 3.1 from the same routes and schemas that serve. */
export function openApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/v1${route.path.replaceAll(/:([a-z]+)/g, '{$1}')}`;
    const names = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => name);
    const parameters = [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
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
        ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }
        : {}),
      responses: {
        [route.answers]: { description: 'Done.' },
        default: {
          description: 'Refused; nothing changed.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      ...(route.action === 'public' ? { security: [] } : {}),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fixpoint', version: '1', description: 'A remediation is done when its own plan is empty.' },
    security: [{ bearer: [] }],
    paths,
    components: { schemas: { Problem: PROBLEM }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}
