import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Carrier, Consumer } from '../src/ports/carrier.js';
import type { Figures } from '../src/ports/figures.js';
import type { Catalogue, Heartbeats } from '../src/ports/records.js';
import type { Deliveries } from '../src/ports/relay.js';
import type { RunbookFolders } from '../src/ports/runbook-catalogue.js';
import { advanceJob } from '../src/usecases/advance-job.js';
import { serviceFact } from '../src/usecases/facts.js';
import type { EngineWatch } from '../src/usecases/watched-host.js';
import type { WorkerContext } from '../src/usecases/worker-context.js';

export interface WorkerParts {
  readonly carrier: Carrier;
  readonly deliveries: Deliveries;
  readonly heartbeats: Heartbeats;
  readonly figures: Pick<Figures, 'add'>;
  readonly engines: Pick<EngineWatch, 'sessions' | 'takeStarts'>;
  readonly slots: readonly WorkerContext[];
  readonly pool: string;
  readonly log: (message: string) => void;
}

/** Takes messages, one job at a time a slot. What a message says is a hint: the row and the grant decide. */
export async function startWorker(parts: WorkerParts, signal: AbortSignal): Promise<Consumer> {
  const free = [...parts.slots];
  const beat = () => {
    const engine = parts.slots.some(({ host }) => host.pid !== undefined) ? 'up' : 'idle';
    parts.heartbeats
      .beat('worker', parts.slots[0]?.settings.id ?? 'worker', {
        pool: parts.pool,
        slots: String(parts.slots.length),
        engine,
        sessions: String(parts.engines.sessions()),
      })
      .catch(() => undefined);
    const { starts, restarts } = parts.engines.takeStarts();
    const added = [parts.figures.add('engine_starts', starts), parts.figures.add('engine_restarts', restarts)];
    Promise.all(added).catch(() => undefined);
  };
  beat();
  const timer = setInterval(beat, 5000);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return parts.carrier.consume(parts.pool, { concurrency: parts.slots.length }, async (message) => {
    // The consumer never hands out more messages than there are slots.
    const context = free.pop();
    if (!context) throw new Error('no free slot');
    try {
      if (!(await parts.deliveries.take(message.id, message.jobId))) {
        parts.log(`dropped message ${message.id}: no such delivery, or taken before`);
        return;
      }
      await advanceJob(context, message.jobId, signal);
    } catch (error) {
      parts.log(`job ${message.jobId}: ${(error as Error).stack ?? String(error)}`);
    } finally {
      free.push(context);
    }
  });
}

/** What the folders look like from outside: names, sizes and times. Cheap enough to ask every few seconds. */
export async function folderSignature(directories: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const directory of directories) {
    const names = await readdir(directory, { recursive: true }).catch(() => []);
    for (const name of names.sort()) {
      const found = await stat(join(directory, name)).catch(() => undefined);
      lines.push(`${directory}/${name} ${found?.mtimeMs ?? 0} ${found?.size ?? 0}`);
    }
  }
  return lines.join('\n');
}

/** Loads the runbook folders into the catalogue; what breaks a rule is refused and said, the rest is admitted. */
export async function loadRunbooks(
  folders: RunbookFolders,
  catalogue: Catalogue,
  newId: () => string,
  log: (message: string) => void,
): Promise<void> {
  const loaded = await folders.load();
  for (const { id, bundle, problems } of loaded) {
    for (const { file, line, message, rule, severity } of problems) {
      if (severity === 'error') log(`runbook refused: ${file}:${line}: ${message} [${rule}]`);
    }
    if (!bundle) continue;
    const { contentDigest } = bundle;
    const data = { runbook: id, version: bundle.manifest.version, contentSha256: contentDigest };
    const kind = await catalogue.admit(bundle, serviceFact(newId, 'worker', 'runbook.loaded', undefined, { data }));
    if (kind === 'new') log(`runbook ${id} ${bundle.manifest.version} loaded (${contentDigest.slice(0, 12)})`);
  }
  for (const { manifest } of await catalogue.list()) {
    if (loaded.some(({ id, bundle }) => bundle && id === manifest.id)) continue;
    await catalogue.retire(
      manifest.id,
      serviceFact(newId, 'worker', 'runbook.refused', undefined, { outcome: 'denied', data: { runbook: manifest.id } }),
    );
  }
}
