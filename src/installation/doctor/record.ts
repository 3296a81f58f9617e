import { createStore, type StuckJob, inspectServer, type ServerFacts } from '../../adapters/postgres/index.js';
import { count } from '../../platform/count.js';
import type { Backlog, RecordFigures } from '../../ports/metrics.js';
import { finding, type Finding, type FindingCode } from './finding.js';

const SILENT_MS = 30_000;
const LAG_S = 30;
const QUEUE_S = 120;
const CLOCKS_MS = 2000;
const CHECKPOINT_MS = 300_000;

/** Findings about the database and the processes that write to it. */
export async function lookAtRecord(url: string): Promise<readonly Finding[]> {
  const started = Date.now();
  let seen: { server: ServerFacts; stuck: readonly StuckJob[] };
  try {
    seen = await inspectServer(url);
  } catch (error) {
    return [finding('database-unreachable', (error as Error).message)];
  }
  const { server, stuck } = seen;
  // The answer was made between asking and hearing it.
  const between = (Date.now() - started) / 2;
  const apart = Math.abs(server.now.getTime() - started - between) - between;
  const record = createStore(url, { max: 1 });
  try {
    return [
      ...aboutServer(server),
      ...(apart > CLOCKS_MS
        ? [finding('clocks-out-of-sync', `this machine and the database: ${Math.round(apart)} ms`)]
        : []),
      ...aboutParts(await record.heartbeats.read(), server.now),
      ...aboutWork(await record.figures.read()),
      ...aboutJobs(stuck),
    ];
  } finally {
    await record.close();
  }
}

function aboutServer({ migrations, missingRoles, tooWide, tooNarrow, neverChained }: ServerFacts): readonly Finding[] {
  const each = (code: FindingCode, details: readonly string[]) => details.map((detail) => finding(code, detail));
  return [
    ...each('schema-outdated', migrations?.missing ?? []),
    ...each('schema-unknown', migrations?.foreign ?? []),
    ...(migrations ? [] : [finding('schema-not-checked', 'the table migrations')]),
    ...each('role-missing', missingRoles),
    ...each('privileges-excessive', tooWide),
    ...each('privileges-missing', tooNarrow),
    ...(neverChained === 0 ? [] : [finding('audit-events-unchained', count(neverChained, 'event'))]),
  ];
}

type Beats = Awaited<ReturnType<ReturnType<typeof createStore>['heartbeats']['read']>>;

function aboutParts(beats: Beats, now: Date): readonly Finding[] {
  const found: Finding[] = [];
  const live = (part: string) =>
    beats.filter((beat) => beat.part === part && now.getTime() - beat.at.getTime() < SILENT_MS);
  for (const part of ['authority', 'relay', 'worker'])
    if (live(part).length === 0) found.push(finding('process-silent', part));
  for (const { instance, detail } of live('relay'))
    if (detail.queue === 'down') found.push(finding('relay-queue-unreachable', `relay ${instance}`));
  for (const { detail } of live('authority')) {
    const waitingMs = Number(detail.checkpointWaitingMs ?? 0);
    if (waitingMs > CHECKPOINT_MS)
      found.push(
        finding('audit-checkpoint-late', `for ${Math.round(waitingMs / 1000)} s: ${detail.sinksFailing ?? ''}`),
      );
  }
  for (const { part, instance, at, detail } of ['authority', 'relay', 'worker'].flatMap(live)) {
    const apart = Math.abs(Date.parse(detail.clock ?? '') - at.getTime());
    if (apart > CLOCKS_MS)
      found.push(finding('clocks-out-of-sync', `${part} ${instance} and the database: ${apart} ms`));
  }
  return found;
}

function aboutWork({ unsent, queues, unchained, frozen }: RecordFigures): readonly Finding[] {
  const lag = (code: FindingCode, { count: waiting, oldestS }: Backlog, boundS: number, noun: string, of = '') =>
    oldestS > boundS ? [finding(code, `${count(waiting, noun)}${of}, the oldest for ${Math.round(oldestS)} s`)] : [];
  return [
    ...lag('outbox-lagging', unsent, LAG_S, 'message'),
    ...queues.flatMap((queue) => lag('queue-lagging', queue, QUEUE_S, 'message', ` of pool ${queue.pool}`)),
    ...lag('audit-chain-lagging', unchained, LAG_S, 'event'),
    ...(frozen ? [finding('freeze-active', 'global')] : []),
  ];
}

function aboutJobs(stuck: readonly StuckJob[]): readonly Finding[] {
  return stuck.map(({ id, state, code, sinceS }) =>
    finding(
      state === 'needs-attention' ? 'jobs-need-attention' : 'jobs-overdue',
      `job ${id} is ${state}${code === null ? '' : ` (${code})`} for ${Math.round(sinceS)} s`,
    ),
  );
}
