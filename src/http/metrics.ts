import type { Request, RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isTerminal, STATES } from '../domain/job.js';
import type { RecordFigures } from '../ports/metrics.js';
import type { ApiContext } from '../usecases/api-context.js';
import { authenticate } from './authenticate.js';
import { namesThisServer, type HostNames } from './known-host.js';
import type { Admit } from './limits.js';
import { stateTimes } from './state-times.js';
import { sendFailure, sendProblem } from './problem.js';

/** A part that was silent for this long is not counted as up (milliseconds). */
const SILENT_MS = 30_000;
const METHODS: readonly string[] = ['GET', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PUT'];

/** What this process saw itself; everything else is read from the database at each scrape. */
export interface RequestFigures {
  seen(method: string, route: string, status: number, seconds: number): void;
  readonly registry: Registry;
}

export function createRequestMetrics(): RequestFigures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'fixpoint_http_request_duration_seconds',
    help: 'Requests to the API by route, method and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    seen: (method, route, status, seconds) =>
      requests.observe({ method: METHODS.includes(method) ? method : 'other', route, status: String(status) }, seconds),
  };
}

/**
 * GET /metrics in the Prometheus text format. Open to a direct connection from this machine, else to a token with the right
 * `read-metrics`: the figures name no person, target or parameter, but tell how busy the place is.
 */
export function metricsEndpoint(
  context: ApiContext,
  seen: RequestFigures,
  admit: Admit,
  names: HostNames,
): RequestHandler {
  return (request, response, next) => {
    const serve = async () => {
      // A page of another site in a browser on this machine is none of this machine.
      const near = fromThisMachine(request) && namesThisServer(request, names);
      const actor = near ? undefined : await authenticate(context, request);
      if (!(await admit(request, response, near ? 'this machine' : actor?.tokenId))) return;
      if (!near) {
        if (!actor) return sendProblem(response, 401, 'not-signed-in');
        const denial = (await context.rights.read()).denialAnywhere(actor.person, 'read-metrics');
        if (denial) return sendFailure(response, denial);
      }
      const registry = productMetrics(await context.figures.read(), await context.heartbeats.read());
      response.type(registry.contentType).send(`${await registry.metrics()}\n${await seen.registry.metrics()}`);
    };
    serve().catch(next);
  };
}

/** The metrics that come from the database: jobs, backlogs, counters and the processes that reported. */
export function productMetrics(figures: RecordFigures, beats: Beats): Registry {
  const registry = new Registry();
  recordFigures(registry, figures);
  partFigures(registry, beats);
  return registry;
}

/** A proxy on the same machine speaks for others: what it forwards is not from here. */
function fromThisMachine(request: Request): boolean {
  const address = request.socket.remoteAddress ?? '';
  const loopback = /^(127\.|::1$|::ffff:127\.)/.test(address);
  const { headers } = request;
  return loopback && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}

function recordFigures(registry: Registry, figures: RecordFigures): void {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const jobs = gauge('fixpoint_jobs', 'Jobs that have not ended, by state.', ['state']);
  const age = gauge('fixpoint_job_state_age_seconds', 'How long the oldest job in a state has been in it.', ['state']);
  for (const state of STATES.filter((each) => !isTerminal(each))) {
    const found = figures.alive.find((each) => each.state === state);
    jobs.set({ state }, found?.count ?? 0);
    age.set({ state }, found?.oldestS ?? 0);
  }
  const ended = counter('fixpoint_jobs_ended_total', 'Jobs that ended, by the state in which they did.', ['state']);
  for (const state of STATES.filter(isTerminal))
    ended.inc({ state }, figures.ended.find((each) => each.state === state)?.count ?? 0);
  counter('fixpoint_jobs_submitted_total', 'Jobs submitted.').inc(figures.submitted);
  registry.registerMetric(stateTimes(figures.stateTimes));
  const waiting = gauge('fixpoint_queue_messages', 'Messages that no worker has taken.', ['pool']);
  const queueAge = gauge('fixpoint_queue_age_seconds', 'Age of the oldest message that no worker has taken.', ['pool']);
  for (const { pool, count, oldestS } of figures.queues) {
    waiting.set({ pool }, count);
    queueAge.set({ pool }, oldestS);
  }
  gauge('fixpoint_outbox_unsent_messages', 'Messages not delivered to the queue yet.').set(figures.unsent.count);
  gauge('fixpoint_outbox_lag_seconds', 'Age of the oldest message not delivered to the queue yet.').set(
    figures.unsent.oldestS,
  );
  gauge('fixpoint_open_intents', 'Changes begun whose result is not recorded.').set(figures.openIntents.count);
  gauge('fixpoint_open_intent_age_seconds', 'Age of the oldest change begun whose result is not recorded.').set(
    figures.openIntents.oldestS,
  );
  gauge('fixpoint_audit_unchained_events', 'Audit events that are not chained yet.').set(figures.unchained.count);
  gauge('fixpoint_audit_unchained_age_seconds', 'Age of the oldest audit event that is not chained yet.').set(
    figures.unchained.oldestS,
  );
  counter('fixpoint_audit_chained_events_total', 'Audit events in the chain.').inc(figures.chained);
  counter(
    'fixpoint_sweeper_repairs_total',
    'Jobs that got a new message because theirs was no longer in the queue.',
  ).inc(figures.counters.sweeper_repairs);
  counter('fixpoint_engine_starts_total', 'PowerShell engine hosts started.').inc(figures.counters.engine_starts);
  counter('fixpoint_engine_restarts_total', 'PowerShell engine hosts that replaced one that ended or was worn.').inc(
    figures.counters.engine_restarts,
  );
  gauge('fixpoint_frozen', '1 while all new work is frozen.').set(figures.frozen ? 1 : 0);
}

type Beats = Awaited<ReturnType<ApiContext['heartbeats']['read']>>;

function partFigures(registry: Registry, beats: Beats): void {
  const labelNames = ['part'] as const;
  const registers = [registry];
  const up = new Gauge({
    name: 'fixpoint_parts',
    help: 'Processes of a kind that reported in the last 30 s.',
    labelNames,
    registers,
  });
  const age = new Gauge({
    name: 'fixpoint_heartbeat_age_seconds',
    help: 'Time since a process of a kind last reported.',
    labelNames,
    registers,
  });
  const live = (part: string) => beats.filter((beat) => beat.part === part && beat.ageMs < SILENT_MS);
  for (const part of ['authority', 'relay', 'worker']) {
    up.set({ part }, live(part).length);
    const newest = Math.min(...beats.filter((beat) => beat.part === part).map(({ ageMs }) => ageMs));
    if (Number.isFinite(newest)) age.set({ part }, newest / 1000);
  }
  const sum = (name: string) => live('worker').reduce((total, { detail }) => total + (Number(detail[name]) || 0), 0);
  new Gauge({ name: 'fixpoint_worker_slots', help: 'Slots of all live workers.', registers }).set(sum('slots'));
  new Gauge({ name: 'fixpoint_sessions', help: 'Runspaces open on targets and workers.', registers }).set(
    sum('sessions'),
  );
  new Gauge({ name: 'fixpoint_queue_up', help: '1 while the relay reaches the queue.', registers }).set(
    live('relay').some(({ detail }) => detail.queue === 'up') ? 1 : 0,
  );
}
