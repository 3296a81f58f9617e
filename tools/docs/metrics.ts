import { createRequestMetrics, productMetrics } from '../../src/http/metrics.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `\`GET /metrics\` of the API, in the Prometheus text format. A direct connection from the same machine needs no token; any other needs a token
of an operator, auditor or admin. The numbers come from the database, so one API process reports for all processes. No label names a
person, a target or a parameter. The usual metrics of a Node process (\`process_*\`, \`nodejs_*\`) follow after these.

When to act on them: [operating](../operating.md#metrics).`;

const BACKLOG = { count: 1, oldestS: 1 };

/** Every metric of the product's own, read from a registry with one sample of each. */
export async function metricsPage(): Promise<string> {
  const state = 'planning';
  const own = productMetrics(
    {
      alive: [{ state, ...BACKLOG }],
      submitted: 1,
      ended: [],
      stateTimes: [{ state, le: 1, spells: 1, seconds: 1 }],
      queues: [{ pool: 'default', ...BACKLOG }],
      unsent: BACKLOG,
      openIntents: BACKLOG,
      unchained: BACKLOG,
      chained: 1,
      counters: { sweeper_repairs: 0, engine_starts: 0, engine_restarts: 0 },
      frozen: false,
    },
    [{ part: 'worker', instance: 'worker', at: new Date(), ageMs: 0, detail: {} }],
  );
  const requests = createRequestMetrics();
  requests.seen('GET', '/jobs', 200, 0.1);
  const metrics = [...(await own.getMetricsAsJSON()), ...(await requests.registry.getMetricsAsJSON())];
  const rows = metrics
    .filter(({ name }) => name.startsWith('fixpoint_'))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((metric) => {
      const labels = new Set(metric.values.flatMap((value) => Object.keys(value.labels)));
      labels.delete('le');
      return [code(metric.name), String(metric.type), [...labels].map(code).join(', '), metric.help];
    });
  return [heading('Metrics', INTRODUCTION), table(['metric', 'type', 'labels', 'meaning'], rows)].join('\n\n');
}
