import { ResilientClient, resilientConnection, type Timeouts } from '../../platform/pg-client.js';
import { pause } from '../../platform/wake.js';

/** A listener says nothing by itself: it asks from time to time whether its server is still there, and waits so long for an answer. */
const PULSE_MS = 15_000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Listens on a channel until the signal aborts; a lost connection is made again after a second, one whose server is gone without
 * a word within half a minute. Notifications may be missed meanwhile, so callers also look by themselves from time to time;
 * `onNotify` is called once after each (re)connect.
 */
export async function listen(
  connectionString: string,
  channel: string,
  onNotify: (payload: string | undefined) => void,
  signal: AbortSignal,
  { answerWithinMs = ANSWER_WITHIN_MS, pulseMs = PULSE_MS }: Partial<Timeouts & { readonly pulseMs: number }> = {},
): Promise<void> {
  while (!signal.aborted) {
    const client = new ResilientClient(resilientConnection(connectionString, { answerWithinMs }));
    let end: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      end = resolve;
      client.on('error', end);
      client.on('end', end);
      signal.addEventListener('abort', end, { once: true });
    });
    client.on('notification', ({ payload }) => onNotify(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      onNotify(undefined);
      const pulse = setInterval(() => void client.query('SELECT 1').catch(() => undefined), pulseMs);
      await lost.finally(() => clearInterval(pulse));
    } catch {
      // Away or refused: the pause below is the answer.
    }
    // Each try adds one: without this their number grows for as long as the server does not answer.
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await pause(1000, signal);
  }
}
