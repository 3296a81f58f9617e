import type { Fact } from './history.js';

/** After these a job waits for nobody of the product: its end, or a person. */
const AT_REST = [
  'job.planned',
  'job.compliant',
  'job.scanned',
  'job.blocked',
  'job.rejected',
  'job.expired',
  'job.superseded',
  'job.cancelled',
  'job.succeeded',
  'job.failed',
  'job.needs-attention',
  'job.rolled-back',
  'job.rollback-failed',
  'job.drifted',
  // Durable waits that were asked for.
  'job.deferred',
  'job.waiting',
];

/** How long after each kill the jobs that were in flight took to show their next event: 99th percentile, in seconds. */
export function progressAfterKills(facts: readonly Fact[], kills: readonly { readonly at: number }[]): number {
  const jobs = new Map<string, Fact[]>();
  for (const fact of facts) if (fact.job !== '') jobs.set(fact.job, [...(jobs.get(fact.job) ?? []), fact]);
  const waits: number[] = [];
  for (const list of jobs.values()) {
    const ordered = [...list].sort((a, b) => a.at - b.at);
    for (const { at } of kills) {
      const last = ordered.findLast((fact) => fact.at <= at);
      const next = ordered.find((fact) => fact.at > at);
      if (last && next && !AT_REST.includes(last.action)) waits.push((next.at - at) / 1000);
    }
  }
  waits.sort((a, b) => a - b);
  return Number((waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.99))] ?? 0).toFixed(1));
}
