import type { Attributes } from '@opentelemetry/api';
import type { FinishedSpan } from './tracer.js';

/** Spans kept while the collector is unreachable; older ones are dropped first: traces must never cost the product its memory. */
const MOST_WAITING = 5000;
const EVERY_MS = 1000;

export interface SpanExporter {
  add(span: FinishedSpan): void;
  /** Sends what is left; gives up after two seconds. */
  close(): Promise<void>;
}

/**
 * Sends spans to `<endpoint>/v1/traces` as OTLP over HTTP in JSON. An unreachable collector is logged once and retried; nothing
 * waits for it.
 */
export function createOtlpExporter(service: string, endpoint: string, log: (message: string) => void): SpanExporter {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  let waiting: FinishedSpan[] = [];
  let away = false;
  const flush = async () => {
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      const body = JSON.stringify(message(service, batch));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      if (away) log('spans are taken again');
      away = false;
    } catch (error) {
      if (!away) log(`spans cannot be sent: ${(error as Error).message}; tried again`);
      away = true;
      waiting = [...batch, ...waiting].slice(-MOST_WAITING);
    }
  };
  const timer = setInterval(() => void flush(), EVERY_MS).unref();
  return {
    add(span) {
      waiting.push(span);
      if (waiting.length > MOST_WAITING) waiting.shift();
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function message(service: string, spans: readonly FinishedSpan[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': `fixpoint-${service}` }) },
        scopeSpans: [{ scope: { name: 'fixpoint' }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

function spanOf(span: FinishedSpan) {
  return {
    traceId: span.context.traceId,
    spanId: span.context.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    // The wire counts kinds from 1, the API from 0.
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: attributesOf(span.attributes),
    status: { code: span.status.code, ...(span.status.message ? { message: span.status.message } : {}) },
  };
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

function attributesOf(attributes: Attributes): readonly Attribute[] {
  return Object.entries(attributes).flatMap(([key, value]): readonly Attribute[] => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'number' && Number.isInteger(value)) return [{ key, value: { intValue: String(value) } }];
    if (typeof value === 'number') return [{ key, value: { doubleValue: value } }];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    return [{ key, value: { stringValue: Array.isArray(value) ? value.join(',') : (value as string) } }];
  });
}
