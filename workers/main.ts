import '../src/platform/private-umask.js';
import { composeQueue, composeRelay, composeWorker } from '../src/processes/compose.js';
import { beginOrExit, createLog, runUntilStopped, settingsOrExit, traced } from '../src/processes/process.js';
import { runRelay } from './outbox-relay.js';
import { startWorker } from './runbook-worker.js';

const role = process.argv[2] === 'relay' ? 'relay' : 'worker';
const settings = settingsOrExit(role);
const log = createLog(role, settings);
const telemetry = traced(role, settings, log);
const stopped = new AbortController();
const queue = await beginOrExit(log, () => composeQueue(settings, (message) => log.warn(message)));

if (role === 'relay') {
  const record = composeRelay(settings);
  const running = runRelay({ ...record, queue, log: (message) => log.warn(message) }, stopped.signal);
  log.info(`relaying over ${queue.kind}`);
  runUntilStopped(async () => {
    stopped.abort();
    await running;
    await queue.close();
    await record.close();
    await telemetry.close();
  });
} else {
  const { config } = settings;
  const say = (message: string) => log.info(message);
  const { record, contextOf, engines } = await beginOrExit(log, () => composeWorker(settings, say));
  const slots = Array.from({ length: config.slots }, (_, slot) => contextOf(slot));
  const [first] = slots;
  if (!first) throw new Error('no slots');
  await first.host.engineDigest();
  const parts = {
    queue,
    deliveries: record.deliveries,
    heartbeats: record.heartbeats,
    figures: record.figures,
    engines,
    slots,
    pool: config.pool,
    log: say,
    drainMs: config.drainMs,
  };
  const consumer = await startWorker(parts, stopped.signal);
  log.info(`taking jobs of pool ${config.pool} in ${slots.length} slots`);
  runUntilStopped(async () => {
    stopped.abort();
    await consumer.close();
    await Promise.all(slots.map(({ host }) => host.close()));
    await queue.close();
    await record.close();
    await telemetry.close();
  }, config.drainMs + 10_000);
}
