import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../usecases/api-context.js';
import { personEvent } from '../usecases/facts.js';
import { authenticate } from './authenticate.js';
import { bodyReader, type BodyReader } from './body.js';
import { checkRequest } from './check-request.js';
import { anonymous, type Admit } from './limits.js';
import { nameRequest } from './observed.js';
import { sendFailure, sendProblem } from './problem.js';
import { creates, KEY, type Route } from './route.js';

/** The only way a route comes to be: authenticated, authorised, its body read and checked, in that order. */
export function mountRoutes(context: ApiContext, routes: readonly Route[], admit: Admit): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const route of routes) {
    const read = bodyReader(route);
    router[route.method](expressPath(route), (request, response, next) => {
      serve(context, { route, read, admit }, request, response).catch(next);
    });
  }
  for (const path of new Set(routes.map(expressPath))) {
    const allow = allowed(routes.filter((route) => expressPath(route) === path));
    router.all(path, anonymous(admit), (request, response) => {
      response.setHeader('Allow', allow);
      if (request.method === 'OPTIONS') response.status(204).end();
      else sendProblem(response, 405, 'method-not-allowed', { detail: `This address takes ${allow}.` });
    });
  }
  return router;
}

/** A colon inside a segment is a colon, not a parameter. */
const expressPath = ({ path }: Route) => path.replaceAll(/(?<!\/):/g, '\\:');

/** Methods that a path has; an Allow header names them. HEAD is answered wherever GET is. */
function allowed(routes: readonly Route[]): string {
  const methods = routes.map(({ method }) => method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
}

interface Served {
  readonly route: Route;
  readonly read: BodyReader;
  readonly admit: Admit;
}

async function serve(
  context: ApiContext,
  { route, read, admit }: Served,
  request: Request,
  response: Response,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  nameRequest(response, route.path, request.params.id);
  const actor = await authenticate(context, request);
  // Who has a token is counted by it, and never by the address that strangers may share.
  if (!(await admit(request, response, actor?.tokenId))) return;
  if (!actor) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return sendProblem(response, 401, 'not-signed-in');
  }
  const denial = (await context.rights.read()).denialAnywhere(actor.person, route.action);
  if (denial && !route.judgesItself) {
    await context.audit.append(
      personEvent(context.newId, actor.person, 'access.denied', undefined, {
        outcome: 'denied',
        data: { action: denial.action, method: route.method, path: route.path },
      }),
    );
    return sendFailure(response, denial);
  }
  // No id holds a NUL, and PostgreSQL takes none in a text.
  if (String(request.params.id ?? '').includes('\0')) return sendProblem(response, 400, 'malformed-request');
  const idempotencyKey = creates(route) ? keyIn(request) : '';
  if (idempotencyKey === undefined) {
    return sendProblem(response, 400, 'idempotency-key-required');
  }
  const body = await read(request, response);
  const sent = body.ok ? body.value : undefined;
  const checked = body.ok ? checkRequest(context.values, route, request, sent) : body;
  if (!checked.ok) {
    const { status, code, ...more } = checked.error;
    return sendProblem(response, status, code, more);
  }
  const reply = await route.run({ ...checked.value, sent, actor, idempotencyKey, request, response });
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
