import { apiRoutes } from '../../src/http/app.js';
import { openApi } from '../../src/http/openapi.js';
import type { ApiContext } from '../../src/usecases/api-context.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `A running Fixpoint serves its OpenAPI 3.1 document, with every schema, at \`GET /v1/openapi.json\`. This page is a summary of it.

- **Sign in** with \`Authorization: Bearer fxp_…\`. A token belongs to a person of the people file (\`fixpoint token issue\`).
- **Create** with an \`Idempotency-Key\` header, new for each request. The same key with the same body gets the first answer again, for 24
  hours; with another body it is refused with 422.
- **Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`, a \`title\`, a \`detail\` and, for invalid requests, \`errors\` with
  every path that does not fit, at most 100. A refused request has stored nothing.
- **Bodies** are JSON in UTF-8, of at most 256 KiB (2 MiB for a batch) and 20 levels. A name that stands twice in one object is refused.
- **Change** a target with \`If-Match\` and the \`ETag\` that you read: if somebody else changed it meanwhile, the answer is 412.
- **Lists** have \`items\` and \`next\`. Send \`next\` as \`cursor\` for the following page; it is null on the last one. \`limit\` sets the page size.
- **Streams** are server-sent events. Send \`Last-Event-ID\` to resume without a gap. A stream ends within 15 seconds
  after its token ended, its person got other roles or the policy was changed.
- **Limits**: a token has a budget of requests a minute; requests without a valid token have a smaller one for each address, which takes
  nothing from the first. Beyond it the answer is 429 with \`Retry-After\`. Behind a proxy, set \`FIXPOINT_TRUSTED_PROXIES\`.
- **Host**: on a loopback address the server answers for IP addresses, \`localhost\`, the name of the machine and \`FIXPOINT_NAMES\`, else with 421.
  On any other address it answers for every name until \`FIXPOINT_NAMES\` is set.

Three more addresses need no token: \`GET /healthz\` (the process is up), \`GET /readyz\` (every part is up and messages arrive) and, from the same machine,
\`GET /metrics\` ([metrics](metrics.md)).`;

const RIGHTS: Readonly<Record<string, string>> = { public: 'no token', 'signed-in': 'any token' };

/** Every route, from the document that the API serves. */
export function apiPage(): string {
  // The routes close over their context and use it only when they are called.
  const { paths } = openApi(apiRoutes({} as ApiContext));
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { summary, 'x-action': action } = operation as { summary: string; 'x-action': string };
      return [code(`${method.toUpperCase()} ${path}`), summary, RIGHTS[action] ?? code(action)];
    }),
  );
  return [heading('HTTP API', INTRODUCTION), table(['request', 'what it does', 'right'], rows), rights()].join('\n\n');
}

function rights(): string {
  return 'Which roles have which right: [authorisation](authorisation.md).';
}
