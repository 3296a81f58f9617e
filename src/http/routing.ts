import { Router, type Request, type Response } from 'express';
import type { TSchema } from 'typebox';
import { authorise, type Action, type Actor } from '../domain/people.js';
import type { ApiContext } from '../usecases/api-context.js';
import { personFact } from '../usecases/facts.js';
import { authenticate } from './authenticate.js';
import { nameRequest } from './observed.js';
import { sendFailure, sendProblem } from './problem.js';

export interface RouteContext<Body = unknown> {
  readonly actor: Actor;
  readonly body: Body;
  /** Empty where the route creates nothing: there it is not read. */
  readonly idempotencyKey: string;
  readonly request: Request;
  readonly response: Response;
}

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Express path below /v1. */
  readonly path: string;
  readonly summary: string;
  /** `public`: no token. Every other route names the right it needs; a route without one cannot be written. */
  readonly action: Action | 'signed-in' | 'public';
  readonly body?: TSchema;
  readonly answers: number;
  readonly handle: (context: RouteContext) => Promise<void>;
}

/** Whether a route makes something new: then a repeat must be known by its key. The others find by the state that they are late. */
export const creates = ({ method, answers }: Pick<Route, 'method' | 'answers'>) => method === 'post' && answers === 201;

/** An Idempotency-Key: visible ASCII. Of two headers the server makes one with a comma and a blank, which is none. */
export const KEY = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' } as const;

/** The only way a route comes to be: authenticated, authorised, its body checked, in that order. */
export function mountRoutes(context: ApiContext, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const route of routes) {
    router[route.method](route.path, (request, response, next) => {
      serve(context, route, request, response).catch(next);
    });
  }
  return router;
}

async function serve(context: ApiContext, route: Route, request: Request, response: Response): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  nameRequest(response, route.path, request.params.id);
  const actor = route.action === 'public' ? undefined : await authenticate(context, request);
  if (route.action !== 'public' && !actor) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return sendProblem(response, 401, 'not-signed-in');
  }
  if (actor && route.action !== 'signed-in' && route.action !== 'public') {
    const denial = authorise(actor.person, route.action);
    if (denial) {
      await context.audit.append(
        personFact(context.newId, actor.person, 'access.denied', undefined, {
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
  let body: unknown;
  if (route.body) {
    if (!request.is('application/json')) return sendProblem(response, 415, 'unsupported-media-type');
    if (deeperThan(request.body, 20)) return sendProblem(response, 400, 'body-too-deep');
    const checked = context.values.check(route.body as never, request.body);
    if (!checked.ok) return sendProblem(response, 400, 'invalid-request', { errors: checked.error });
    body = checked.value;
  }
  await route.handle({
    actor: actor as Actor,
    body,
    idempotencyKey,
    request,
    response,
  });
}

function keyIn({ headers }: Request): string | undefined {
  const key = headers['idempotency-key'];
  const fits = typeof key === 'string' && key.length <= KEY.maxLength && new RegExp(KEY.pattern).test(key);
  return fits ? key : undefined;
}

function deeperThan(value: unknown, most: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return most === 0 || Object.values(value).some((member) => deeperThan(member, most - 1));
}

/** A page of a list; `next` is opaque and absent on the last one. */
export function page<T>(items: readonly T[], limit: number, cursorOf: (item: T) => string) {
  const last = items.at(-1);
  return {
    items,
    next: items.length === limit && last !== undefined ? Buffer.from(cursorOf(last)).toString('base64url') : null,
  };
}

export function cursorIn(request: Request): string | undefined {
  const { cursor } = request.query;
  return typeof cursor === 'string' && cursor !== '' ? Buffer.from(cursor, 'base64url').toString('utf8') : undefined;
}

export function limitIn(request: Request, most = 200): number {
  const limit = Number(request.query.limit ?? 50);
  return Number.isInteger(limit) && limit >= 1 ? Math.min(limit, most) : 50;
}

export function textIn(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' && value.length <= 200 && !value.includes('\0') ? value : undefined;
}

export function timeIn(request: Request, name: string): Date | undefined {
  const value = textIn(request, name);
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isFinite(time) ? new Date(time) : undefined;
}
