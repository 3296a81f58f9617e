import express, { type Request, type Response } from 'express';
import { fail, ok, type Result } from '../domain/result.js';
import type { Refusal } from './refusal.js';
import { repeatedNames } from './repeated-names.js';
import type { Route } from './route.js';

/** Largest body of a route that names no limit of its own, in bytes. */
const BODY_BYTES = 256 * 1024;

/** Levels of a body as a whole. Values in it that a runbook reads are judged by their own schemas, and by the limits of one value. */
const MOST_DEPTH = 20;

export const bodyLimitsOf = ({ bodyBytes = BODY_BYTES }: Route) => ({ bytes: bodyBytes, depth: MOST_DEPTH });

/**
 * The JSON value of a body, undefined for a route that has none.
 * @throws what `onError` knows: a body that is too large or does not arrive
 */
export type BodyReader = (request: Request, response: Response) => Promise<Result<unknown, Refusal>>;

/** Reads the body of a route. Nothing is read of a request before it is known who sends it. */
export function bodyReader(route: Route): BodyReader {
  if (!route.body) return () => Promise.resolve(ok(undefined));
  const receive = express.raw({ limit: bodyLimitsOf(route).bytes, type: 'application/json' });
  return async (request, response) => {
    if (!isJson(request)) return fail({ status: 415, code: 'unsupported-media-type' });
    await new Promise<void>((resolve, reject) => {
      receive(request, response, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
    });
    return parse(request.body as unknown);
  };
}

/** JSON is UTF-8 (RFC 8259); a name for another encoding is none of JSON. */
function isJson(request: Request): boolean {
  const charset = /;\s*charset="?([^";]+)/i.exec(request.headers['content-type'] ?? '')?.[1]?.trim();
  return Boolean(request.is('application/json')) && (charset === undefined || /^utf-?8$/i.test(charset));
}

/** Strict: what one reader of the text would see otherwise than another is refused. */
function parse(bytes: unknown): Result<unknown, Refusal> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0));
  } catch {
    return fail({ status: 400, code: 'malformed-json', detail: 'The body is not valid UTF-8.' });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail({ status: 400, code: 'malformed-json' });
  }
  if (deeperThan(value, MOST_DEPTH)) return fail({ status: 400, code: 'body-too-deep' });
  const errors = repeatedNames(text);
  return errors.length > 0 ? fail({ status: 400, code: 'invalid-request', errors }) : ok(value);
}

function deeperThan(value: unknown, most: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return most === 0 || Object.values(value).some((member) => deeperThan(member, most - 1));
}
