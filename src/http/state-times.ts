import type { Metric, MetricValue } from 'prom-client';
import { STATES } from '../domain/job.js';
import { STATE_TIME_BOUNDS, type RecordFigures } from '../ports/metrics.js';

const NAME = 'fixpoint_job_state_seconds';
const HELP = 'How long jobs stayed in a state, counted when they left it.';

/** A histogram whose buckets are kept in the database: the library's own can only be filled by observing. */
export function stateTimes(times: RecordFigures['stateTimes']): Metric {
  const values: (MetricValue<string> & { metricName: string })[] = [];
  for (const state of STATES) {
    const own = times.filter((bucket) => bucket.state === state);
    if (own.length === 0) continue;
    for (const bound of [...STATE_TIME_BOUNDS, Infinity]) {
      const value = total(own.filter(({ le }) => le <= bound).map(({ spells }) => spells));
      const le = bound === Infinity ? '+Inf' : bound;
      values.push({ metricName: `${NAME}_bucket`, labels: { state, le }, value });
    }
    values.push(
      { metricName: `${NAME}_sum`, labels: { state }, value: total(own.map(({ seconds }) => seconds)) },
      { metricName: `${NAME}_count`, labels: { state }, value: total(own.map(({ spells }) => spells)) },
    );
  }
  const metric = {
    name: NAME,
    get: () => Promise.resolve({ name: NAME, help: HELP, type: 'histogram', aggregator: 'sum', values }),
  };
  return metric as unknown as Metric;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
