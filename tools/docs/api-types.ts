import openapiTS, { astToString } from 'openapi-typescript';
import { apiRoutes } from '../../src/http/app.js';
import { openApi } from '../../src/http/openapi.js';
import type { ApiContext } from '../../src/usecases/api-context.js';

const NOTICE = '// Generated from the OpenAPI document of the HTTP API by npm run docs. Do not edit.\n\n';

/** The types of every request and answer, for the client of the command line. */
export async function apiTypes(): Promise<string> {
  // The routes close over their context and use it only when they are called.
  const document: unknown = openApi(apiRoutes({} as ApiContext));
  const types = await openapiTS(JSON.stringify(document), { immutable: true, exportType: true, alphabetize: false });
  return NOTICE + astToString(types);
}
