import { context, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { createContextManager } from './context-manager.js';
import { createOtlpExporter } from './otlp.js';
import { createTracerProvider, type FinishedSpan } from './tracer.js';

export interface TelemetryOptions {
  /** The part of the product, such as `worker`. */
  readonly service: string;
  /** Where spans are sent as OTLP over HTTP; absent: nowhere. */
  readonly endpoint?: string;
  readonly log: (message: string) => void;
  /** Called for each span that ended, for the log. */
  readonly onSpan?: (span: SpanLine) => void;
}

export interface SpanLine {
  readonly span: string;
  readonly ms: number;
  readonly failed?: string;
  readonly traceId: string;
  readonly spanId: string;
}

export interface Telemetry {
  close(): Promise<void>;
}

/**
 * Traces of this process through the OpenTelemetry API. An SDK that was registered before (with `node --import`) stays in force: then
 * its exporters get the spans, and `endpoint` and `onSpan` are its business.
 */
export function startTelemetry({ service, endpoint, log, onSpan }: TelemetryOptions): Telemetry {
  const exporter = endpoint === undefined ? undefined : createOtlpExporter(service, endpoint, log);
  const ours = trace.setGlobalTracerProvider(
    createTracerProvider((span) => {
      onSpan?.(lineOf(span));
      if ((span.context.traceFlags & TraceFlags.SAMPLED) !== 0) exporter?.add(span);
    }),
  );
  const managing = context.setGlobalContextManager(createContextManager());
  return {
    async close() {
      await exporter?.close();
      if (ours) trace.disable();
      if (managing) context.disable();
    },
  };
}

function lineOf({ name, startMs, endMs, status, context: { traceId, spanId } }: FinishedSpan): SpanLine {
  const failed = status.code === SpanStatusCode.ERROR ? { failed: status.message ?? 'error' } : {};
  return { span: name, ms: Math.round(endMs - startMs), ...failed, traceId, spanId };
}
