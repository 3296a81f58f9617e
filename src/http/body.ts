import express, { type Request, type Response } from 'express';
import type { Route } from './route.js';

/** Largest body of a route that names no limit of its own, in bytes. */
const BODY_BYTES = 256 * 1024;

/** @throws what `onError` knows: too large, no JSON, a broken encoding */
export type BodyReader = (request: Request, response: Response) => Promise<void>;

export const bodyBytesOf = ({ bodyBytes = BODY_BYTES }: Route): number => bodyBytes;

/** Reads the JSON body of a route that has one. Nothing is read of a request before it is known who sends it. */
export function bodyReader(route: Route): BodyReader {
  if (!route.body) return () => Promise.resolve();
  const parse = express.json({ limit: bodyBytesOf(route), strict: true, type: 'application/json' });
  return (request, response) =>
    new Promise((resolve, reject) => {
      parse(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()));
    });
}
