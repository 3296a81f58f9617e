import '../platform/private-umask.js';
import { composeApi } from './compose.js';
import { httpUrl } from '../platform/address.js';
import { createApp } from '../http/app.js';
import { createHttpServer } from '../http/server.js';
import { runScans } from './scans.js';
import { runSchedules } from './schedules.js';
import { createLog, runUntilStopped, settingsOrExit, traced } from './process.js';

/** Somebody who looks around needs no more; a client that works has a token. */
const ANONYMOUS_PER_MINUTE = 300;

const settings = settingsOrExit('api');
const { config } = settings;
const log = createLog('api', settings);
const telemetry = traced('api', settings, log);
const { context, record } = composeApi(settings);
const stopped = new AbortController();
void context.feed.run(stopped.signal);
const firing = runSchedules(context, log, stopped.signal);
const ending = runScans(context, log, stopped.signal);

const requestsPerMinute = Math.max(3000, config.submitPerMinute * 10);
const app = createApp(context, {
  ...{ ping: record.ping, requestsPerMinute, anonymousPerMinute: ANONYMOUS_PER_MINUTE, log },
  ...{ host: config.host, names: config.names, trustedProxies: config.trustedProxies },
});
const server = createHttpServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 }, app);
server.on('error', (error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  log.fatal(taken ? `port ${config.port} is in use: set FIXPOINT_PORT to another` : error.message);
  process.exit(2);
});
server.listen(config.port, config.host, () => {
  log.info(`listening on ${httpUrl(config.host, config.port)}`);
  runUntilStopped(async () => {
    stopped.abort();
    await Promise.all([firing, ending]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await record.close();
    await telemetry.close();
  });
});
