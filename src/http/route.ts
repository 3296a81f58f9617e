import type { Request, Response } from 'express';
import type { Static, TSchema, TUnknown } from 'typebox';
import type { Actor } from '../domain/people.js';
import type { Action } from '../domain/policy/actions.js';
import type { Failure } from './problem.js';

/** A value as a response shows it: what the schema says, with nothing in it that is written to. */
export type Shown<T> = T extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Shown<T[K]> }
    : T;

export interface RouteContext<Query = unknown, Body = unknown, Headers = unknown> {
  readonly actor: Actor;
  /** `:id` of the path; empty where the path has none. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  /** The body before absent lists and defaults were added to it: which members it really names. */
  readonly sent: unknown;
  readonly headers: Headers;
  /** Empty where the route creates nothing: there it is not read. */
  readonly idempotencyKey: string;
  readonly request: Request;
  readonly response: Response;
}

/** What a handler answers; `sent` where it wrote the response itself, such as a stream. */
export type Reply<T> =
  | { readonly kind: 'answer'; readonly body: Shown<T>; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'sent' };

export const failure = (failed: Failure) => ({ kind: 'failure', failure: failed }) as const;
export const SENT = { kind: 'sent' } as const;

interface RouteFacts {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Express path below /v1. */
  readonly path: string;
  readonly summary: string;
  /** The right it needs; a route without one cannot be written. Whoever has it nowhere is refused before the body is read. */
  readonly action: Action;
  /** The handler alone refuses, with a code of its own; it asks for the same right. Default false. */
  readonly judgesItself?: true;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Largest body that is read, in bytes: 256 KiB where the route does not say. */
  readonly bodyBytes?: number;
  readonly headers?: TSchema;
  /** Status of success. */
  readonly answers: number;
  /** JSON of the success, or of each event where the success is a stream of events; none for 204. */
  readonly answer?: TSchema;
  /** Media type of a success that is no JSON or not one value, such as a stream. */
  readonly mediaType?: string;
  /** Other media types that the query can ask the success in, and what each holds. */
  readonly otherForms?: Readonly<Record<string, string>>;
  /** Codes of the problems that this route answers beyond those of every route. */
  readonly problems?: readonly Failure['kind'][];
}

/** A route as it is mounted and documented. `run` takes a request that was checked against the schemas of this route. */
export interface Route extends RouteFacts {
  readonly run: (context: RouteContext) => Promise<Reply<unknown>>;
}

/** A route whose handler gets what its schemas say and must answer what its schema says. */
export function route<
  A extends TSchema = TUnknown,
  B extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  H extends TSchema = TUnknown,
>(
  spec: RouteFacts & {
    readonly query?: Q;
    readonly body?: B;
    readonly headers?: H;
    readonly answer?: A;
    readonly handle: (context: RouteContext<Static<Q>, Static<B>, Static<H>>) => Promise<Reply<Static<A>>>;
  },
): Route {
  const { handle, ...facts } = spec;
  // The one place where checked values get the type of the schema that they were checked by.
  const run = (context: RouteContext) => handle(context as RouteContext<Static<Q>, Static<B>, Static<H>>);
  return { ...facts, run };
}

/** Whether a route makes something new: then a repeat must be known by its key. The others find by the state that they are late. */
export const creates = ({ method, answers }: Pick<Route, 'method' | 'answers'>) => method === 'post' && answers === 201;

/** An Idempotency-Key: visible ASCII. Of two headers the server makes one with a comma and a blank, which is none. */
export const KEY = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' } as const;
