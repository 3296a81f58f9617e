import {
  context,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';

/** What every log line inside a piece of work says of it. */
export interface LogFields {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly job?: string;
  readonly change?: string;
}

const SUBJECT = createContextKey('fixpoint subject');
const tracer = () => trace.getTracer('fixpoint');

/** W3C Trace Context, version 00: the header `traceparent`. Undefined outside of any trace. */
export function traceparentNow(): string | undefined {
  const here = trace.getSpanContext(context.active());
  if (!here) return undefined;
  return `00-${here.traceId}-${here.spanId}-${here.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The trace that a `traceparent` names as the parent of what runs in the context; anything malformed is ignored. */
export function under(traceparent: string | undefined, base: Context = context.active()): Context {
  const [, traceId = '', spanId = '', flags = ''] =
    /^[0-9a-e][0-9a-f]-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(traceparent ?? '') ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return base;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(base, { traceId, spanId, traceFlags, isRemote: true });
}

/** The ids of the work at hand, for logs. */
export function logFields(): LogFields {
  const here = trace.getSpanContext(context.active());
  const subject = context.active().getValue(SUBJECT) as Pick<LogFields, 'job' | 'change'> | undefined;
  return { ...(here ? { traceId: here.traceId, spanId: here.spanId } : {}), ...subject };
}

/** The trace of the request at hand, to be stored with the job that it makes. */
export function ofThisTrace(): { readonly traceparent?: string } {
  const traceparent = traceparentNow();
  return traceparent === undefined ? {} : { traceparent };
}

/** Work on a job, as part of the trace of the request that made it. */
export function inJob<T>(
  job: { readonly id: string; readonly traceparent?: string },
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const base = under(job.traceparent).setValue(SUBJECT, { job: job.id });
  return inSpan(name, { 'fixpoint.job.id': job.id }, work, base, SpanKind.CONSUMER);
}

/** Work on one change of the job at hand. */
export function inChange<T>(change: string, name: string, work: () => Promise<T>): Promise<T> {
  const here = context.active();
  const subject = here.getValue(SUBJECT) as object | undefined;
  const base = here.setValue(SUBJECT, { ...subject, change });
  return inSpan(name, { 'fixpoint.change.id': change }, work, base);
}

export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  base: Context = context.active(),
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  const span = tracer().startSpan(name, { attributes, kind }, base);
  try {
    return await context.with(trace.setSpan(base, span), work, undefined, span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
    throw error;
  } finally {
    span.end();
  }
}
