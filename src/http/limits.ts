import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { clientAddress } from './client-address.js';
import { sendProblem } from './problem.js';

export interface LimitOptions {
  /** Requests of one token in a minute, all routes together. */
  readonly requestsPerMinute: number;
  /** Requests without a valid token from one address in a minute. */
  readonly anonymousPerMinute: number;
}

/**
 * Counts a request; false where there were too many and it was answered so. `known`: who sent it, such as the id of a token. Without it
 * the request counts for its address, in a budget of its own: what strangers behind the same address send takes nothing from people
 * who have a token.
 */
export type Admit = (request: Request, response: Response, known?: string) => Promise<boolean>;

export function createLimits({ requestsPerMinute, anonymousPerMinute }: LimitOptions): Admit {
  const ofKnown = limited(requestsPerMinute, (_request, response) => String(response.locals.known));
  const ofAddress = limited(anonymousPerMinute, (request) => ipKeyGenerator(clientAddress(request)));
  return (request, response, known) => {
    if (known === undefined) return ofAddress(request, response);
    response.locals.known = known;
    return ofKnown(request, response);
  };
}

/** Lets requests without a token pass while their address has some left. */
export const anonymous =
  (admit: Admit): RequestHandler =>
  (request, response, next) => {
    admit(request, response)
      .then((admitted) => (admitted ? next() : undefined))
      .catch(next);
  };

function limited(limit: number, keyGenerator: (request: Request, response: Response) => string) {
  const count = rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response, next) => {
      sendProblem(response, 429, 'too-many-requests');
      next(LIMITED);
    },
  });
  return (request: Request, response: Response) =>
    new Promise<boolean>((resolve, reject) => {
      const next = (error?: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve(error !== LIMITED);
      };
      void count(request, response, next);
    });
}

const LIMITED = Symbol('limited');
