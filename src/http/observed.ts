import { context as contexts, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler, Response } from 'express';
import type { RequestFigures } from './metrics.js';
import { under } from '../platform/spans.js';

export interface RequestLine {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly job?: string;
  readonly traceId: string;
}

export interface RequestLog {
  info(fields: RequestLine, message: string): void;
  error(fields: object, message: string): void;
}

interface Named {
  route?: string;
  job?: string;
}

/** Says which route serves a request, for its span, its log line and the figures: a closed list of names, never the address itself. */
export function nameRequest(response: Response, route: string, id: string | string[] | undefined): void {
  const named = response.locals as Named;
  named.route = `/v1${route}`;
  if (route.startsWith('/jobs/:id') && typeof id === 'string') named.job = id;
}

/**
 * Each request is a span: of the caller's trace where `traceparent` names one, else of a new one. What it stores for later work,
 * such as a job, carries that trace on.
 */
export function observed(figures: RequestFigures, log: RequestLog | undefined): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const base = under(request.headers.traceparent as string | undefined);
    const span = trace.getTracer('fixpoint').startSpan(request.method, { kind: SpanKind.SERVER }, base);
    if (log) (request as { log?: RequestLog }).log = log;
    response.once('close', () => {
      const { route = request.path === '/metrics' ? '/metrics' : 'other', job } = response.locals as Named;
      const { statusCode: status } = response;
      const ms = performance.now() - started;
      figures.seen(request.method, route, status, ms / 1000);
      span.updateName(`${request.method} ${route}`);
      span.setAttributes({
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': status,
        ...(job === undefined ? {} : { 'fixpoint.job.id': job }),
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      const { traceId } = span.spanContext();
      const line = { method: request.method, route, status, ms: Math.round(ms), traceId };
      if (route !== 'other' || status >= 400)
        log?.info(job === undefined ? line : { ...line, job }, `${request.method} ${route} ${status}`);
    });
    contexts.with(trace.setSpan(base, span), next);
  };
}
