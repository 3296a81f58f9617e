import { randomFillSync } from 'node:crypto';
import {
  context as contexts,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Span,
  type SpanContext,
  type SpanStatus,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';

export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parentSpanId?: string;
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
}

// A call of the system's random source costs more than all else of a span: ids are cut from a pool.
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** The little of a tracing SDK that is needed: ids by W3C Trace Context, parents from the context, `onEnd` for each span. */
export function createTracerProvider(onEnd: (span: FinishedSpan) => void): TracerProvider {
  const tracer: Tracer = {
    startSpan(name, options = {}, base = contexts.active()) {
      const parent = options.root === true ? undefined : trace.getSpanContext(base);
      const context: SpanContext = {
        traceId: parent?.traceId ?? randomHex(16),
        spanId: randomHex(8),
        traceFlags: parent?.traceFlags ?? TraceFlags.SAMPLED,
      };
      return openSpan(
        name,
        context,
        parent?.spanId,
        options.kind ?? SpanKind.INTERNAL,
        options.attributes ?? {},
        onEnd,
      );
    },
    startActiveSpan(name: string, ...rest: unknown[]) {
      const work = rest.pop() as (span: Span) => never;
      const [options, base = contexts.active()] = rest as [object?, ReturnType<typeof contexts.active>?];
      const span = tracer.startSpan(name, options, base);
      return contexts.with(trace.setSpan(base, span), work, undefined, span);
    },
  };
  return { getTracer: () => tracer };
}

function openSpan(
  firstName: string,
  context: SpanContext,
  parentSpanId: string | undefined,
  kind: SpanKind,
  given: Attributes,
  onEnd: (span: FinishedSpan) => void,
): Span {
  const attributes: Attributes = { ...given };
  const startMs = performance.timeOrigin + performance.now();
  let name = firstName;
  let status: SpanStatus = { code: SpanStatusCode.UNSET };
  let ended = false;
  const span: Span = {
    spanContext: () => context,
    setAttribute(key, value) {
      attributes[key] = value;
      return span;
    },
    setAttributes(more) {
      Object.assign(attributes, more);
      return span;
    },
    setStatus(next) {
      status = next;
      return span;
    },
    updateName(next) {
      name = next;
      return span;
    },
    end() {
      if (ended) return;
      ended = true;
      const endMs = performance.timeOrigin + performance.now();
      onEnd({
        name,
        kind,
        context,
        startMs,
        endMs,
        attributes,
        status,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
      });
    },
    isRecording: () => !ended,
    // Events, links and exceptions are not kept: logs and the audit log hold what happened.
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    recordException: () => undefined,
  };
  return span;
}
