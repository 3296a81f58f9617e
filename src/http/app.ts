import express, { type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { ApiContext } from '../usecases/api-context.js';
import { readiness } from './health.js';
import { keptFor } from './kept.js';
import { openApi } from './openapi.js';
import { createRequestMetrics, metricsEndpoint } from './metrics.js';
import { observed, type RequestLog } from './observed.js';
import { onError, sendProblem } from './problem.js';
import { adminRoutes } from './routes/admin.js';
import { auditRoutes } from './routes/audit.js';
import { catalogueRoutes } from './routes/catalogue.js';
import { jobRoutes } from './routes/jobs.js';
import { submissionRoutes } from './routes/submissions.js';
import { targetRoutes } from './routes/targets.js';
import type { Route } from './route.js';
import { mountRoutes } from './routing.js';

/** How long an answer about readiness is kept: anybody may ask, and the database answers. */
const READINESS_MS = 1000;

export interface AppOptions {
  readonly ping: () => Promise<void>;
  /** Requests of one address in a minute, all routes together. */
  readonly requestsPerMinute: number;
  /** One line a request: method, route, status and time, with the trace; no parameters, no bodies. */
  readonly log?: RequestLog;
}

export function apiRoutes(context: ApiContext): readonly Route[] {
  return [
    ...catalogueRoutes(context),
    ...auditRoutes(context),
    ...submissionRoutes(context),
    ...jobRoutes(context),
    ...targetRoutes(context),
    ...adminRoutes(context),
  ];
}

export function createApp(context: ApiContext, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  // An address has one form: what stands before the API, such as a proxy, may judge by it.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  const seen = createRequestMetrics();
  app.use(observed(seen, options.log));
  app.use(helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } }));
  app.get('/healthz', (_request, response) => void response.json({ status: 'up' }));
  const health = keptFor(READINESS_MS, () => readiness(context, options.ping));
  app.get('/readyz', (_request, response, next) => {
    health()
      .then((answer) => response.status(answer.ready ? 200 : 503).json(answer))
      .catch(next);
  });
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: options.requestsPerMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: (_request, response) => sendProblem(response, 429, 'too-many-requests'),
    }),
  );
  app.get('/metrics', metricsEndpoint(context, seen));
  const routes = apiRoutes(context);
  const document = openApi(routes);
  app.get('/v1/openapi.json', (_request, response) => void response.json(document));
  app.use('/v1', mountRoutes(context, routes));
  app.use((_request, response) => sendProblem(response, 404, 'not-found'));
  app.use(onError);
  return app;
}
