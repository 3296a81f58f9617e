import { Router, type Request, type Response } from 'express';
import { authorise } from '../domain/people.js';
import type { ApiContext } from '../usecases/api-context.js';
import { personEvent } from '../usecases/facts.js';
import { authenticate } from './authenticate.js';
import { bodyReader, type BodyReader } from './body.js';
import { checkRequest } from './check-request.js';
import { nameRequest } from './observed.js';
import { sendFailure, sendProblem } from './problem.js';
import { creates, KEY, type Route } from './route.js';

/** The only way a route comes to be: authenticated, authorised, its body read and checked, in that order. */
export function mountRoutes(context: ApiContext, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const route of routes) {
    const read = bodyReader(route);
    // A colon inside a segment is a colon, not a parameter.
    router[route.method](route.path.replaceAll(/(?<!\/):/g, '\\:'), (request, response, next) => {
      serve(context, { route, read }, request, response).catch(next);
    });
  }
  return router;
}

interface Served {
  readonly route: Route;
  readonly read: BodyReader;
}

async function serve(
  context: ApiContext,
  { route, read }: Served,
  request: Request,
  response: Response,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  nameRequest(response, route.path, request.params.id);
  const actor = await authenticate(context, request);
  if (!actor) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return sendProblem(response, 401, 'not-signed-in');
  }
  if (route.action !== 'signed-in') {
    const denial = authorise(actor.person, route.action);
    if (denial) {
      await context.audit.append(
        personEvent(context.newId, actor.person, 'access.denied', undefined, {
          outcome: 'denied',
          data: { action: denial.action, method: route.method, path: route.path },
        }),
      );
      return sendFailure(response, denial);
    }
  }
  const idempotencyKey = creates(route) ? keyIn(request) : '';
  if (idempotencyKey === undefined) {
    return sendProblem(response, 400, 'idempotency-key-required');
  }
  await read(request, response);
  const checked = checkRequest(context.values, route, request);
  if (!checked.ok) {
    const { status, code, errors } = checked.error;
    return sendProblem(response, status, code, errors ? { errors } : {});
  }
  const reply = await route.run({ ...checked.value, actor, idempotencyKey, request, response });
  if (reply.kind === 'failure') return sendFailure(response, reply.failure);
  if (reply.kind === 'sent') return;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (route.answers === 204) response.status(204).end();
  else response.status(route.answers).json(reply.body);
}

function keyIn({ headers }: Request): string | undefined {
  const key = headers['idempotency-key'];
  const fits = typeof key === 'string' && key.length <= KEY.maxLength && new RegExp(KEY.pattern).test(key);
  return fits ? key : undefined;
}
