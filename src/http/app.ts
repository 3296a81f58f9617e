import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ApiContext } from '../usecases/api-context.js';
import { readiness } from './health.js';
import { keptFor } from './kept.js';
import { requireKnownHost, type HostNames } from './known-host.js';
import { anonymous, createLimits, type LimitOptions } from './limits.js';
import { openApi } from './openapi.js';
import { createRequestMetrics, metricsEndpoint } from './metrics.js';
import { observed, type RequestLog } from './observed.js';
import { onError, sendProblem } from './problem.js';
import { adminRoutes } from './routes/admin.js';
import { admissionRoutes } from './routes/admissions.js';
import { auditRoutes } from './routes/audit.js';
import { catalogueRoutes } from './routes/catalogue.js';
import { keyRoutes } from './routes/keys.js';
import { jobRoutes } from './routes/jobs.js';
import { submissionRoutes } from './routes/submissions.js';
import { calendarRoutes } from './routes/calendars.js';
import { selectionRoutes } from './routes/selections.js';
import { standingRoutes } from './routes/standing.js';
import { scheduleRoutes } from './routes/schedules.js';
import { rolloutRoutes } from './routes/rollouts.js';
import { scanRoutes } from './routes/scans.js';
import { policyRoutes } from './routes/policy.js';
import { targetAdmissionRoutes } from './routes/target-admissions.js';
import { targetRoutes } from './routes/targets.js';
import { targetStatusRoutes } from './routes/target-status.js';
import type { Route } from './route.js';
import { mountRoutes } from './routing.js';

/** How long an answer about readiness is kept: anybody may ask, and the database answers. */
const READINESS_MS = 1000;

/** No answer is a page: a browser that takes one for a page loads nothing, sends nothing and shows it in no frame. */
const NONE = ["'none'"];
const NO_CONTENT = { defaultSrc: NONE, baseUri: NONE, formAction: NONE, frameAncestors: NONE };

export interface AppOptions extends LimitOptions, HostNames {
  readonly ping: () => Promise<void>;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** One line a request: method, route, status and time, with the trace; no parameters, no bodies. */
  readonly log?: RequestLog;
}

export function apiRoutes(context: ApiContext): readonly Route[] {
  return [
    ...catalogueRoutes(context),
    ...admissionRoutes(context),
    ...auditRoutes(context),
    ...submissionRoutes(context),
    ...jobRoutes(context),
    ...scheduleRoutes(context),
    ...calendarRoutes(context),
    ...selectionRoutes(context),
    ...standingRoutes(context),
    ...rolloutRoutes(context),
    ...scanRoutes(context),
    ...targetRoutes(context),
    ...targetStatusRoutes(context),
    ...targetAdmissionRoutes(context),
    ...policyRoutes(context),
    ...adminRoutes(context),
    ...keyRoutes(context),
  ];
}

export function createApp(context: ApiContext, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', [...options.trustedProxies]);
  app.set('query parser', 'simple');
  // An address has one form: what stands before the API, such as a proxy, may judge by it.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  const seen = createRequestMetrics();
  app.use(observed(seen, options.log));
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: NO_CONTENT } }));
  app.use(requireKnownHost(options));
  app.get('/healthz', (_request, response) => void response.json({ status: 'up' }));
  const health = keptFor(READINESS_MS, () => readiness(context, options.ping));
  app.get('/readyz', (_request, response, next) => {
    health()
      .then((answer) => response.status(answer.ready ? 200 : 503).json(answer))
      .catch(next);
  });
  const admit = createLimits(options);
  app.get('/metrics', metricsEndpoint(context, seen, admit, options));
  const routes = apiRoutes(context);
  const document = openApi(routes);
  app.get('/v1/openapi.json', anonymous(admit), (_request, response) => void response.json(document));
  app.use('/v1', mountRoutes(context, routes, admit));
  app.use(anonymous(admit), (_request, response) => sendProblem(response, 404, 'not-found'));
  app.use(onError);
  return app;
}
