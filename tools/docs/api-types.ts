import openapiTS, { astToString } from 'openapi-typescript';
import { apiRoutes } from '../../src/http/app.js';
import { openApi } from '../../src/http/openapi.js';
import type { ApiContext } from '../../src/usecases/api-context.js';

const NOTICE = '// Generated from the OpenAPI document of the HTTP API by npm run docs. Do not edit.\n\n';

// The routes close over their context and use it only when they are called.
const routes = apiRoutes({} as ApiContext);

/** The types of every request and answer, for the client of the command line. */
export async function apiTypes(): Promise<string> {
  const types = await openapiTS(JSON.stringify(openApi(routes)), {
    immutable: true,
    exportType: true,
    alphabetize: false,
  });
  return NOTICE + astToString(types);
}

/** The members that the JSON of each success has at least: by them the client knows an answer of Fixpoint. */
export function requiredMembers(): string {
  const entries = routes
    .filter(({ answer, mediaType }) => answer !== undefined && mediaType === undefined)
    .map(({ method, path, answer }) => {
      const { required = [] } = (answer ?? {}) as { readonly required?: readonly string[] };
      return [`${method} /v1${path.replaceAll(/\/:([a-z]+)/g, '/{$1}')}`, required];
    });
  return `${NOTICE}export const REQUIRED: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(Object.fromEntries(entries))};\n`;
}
