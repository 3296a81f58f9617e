import type { ValueObject } from '../../domain/canonical.js';
import type { Phase } from '../../domain/manifest.js';
import { utcText } from '../../domain/time.js';
import type { StreamRecord } from '../../ports/powershell-host.js';
import type { WorkerContext } from '../worker-context.js';

/** Records kept per execution: a target that floods costs bounded space. */
const MOST_RECORDS = 2000;
const FLUSH_MS = 200;

/** Takes the records of a phase. */
export interface OnRecord {
  (phase: Phase, record: StreamRecord): void;
  /** Begins to write what was taken; resolves when it is written, or could not be. Never rejects. */
  flush?(): Promise<void>;
}

export interface OutputWriter {
  readonly onRecord: OnRecord;
  /** Writes what is left; call when the execution ends. */
  close(): Promise<void>;
}

/** Writes the stream records of one execution to the job's events, in batches, in order, at most `MOST_RECORDS`. */
export function openJobOutput(context: WorkerContext, jobId: string): OutputWriter {
  let waiting: { kind: 'record'; at: string; body: ValueObject }[] = [];
  let seen = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return writing;
    const batch = waiting;
    waiting = [];
    // Output that cannot be written must not stop a change in progress: the journal is what counts.
    writing = writing.then(() => context.events.append(jobId, batch)).catch(() => undefined);
    return writing;
  };
  const take = (phase: Phase, record: StreamRecord): void => {
    seen += 1;
    if (seen > MOST_RECORDS + 1) return;
    const body: ValueObject =
      seen === MOST_RECORDS + 1
        ? { phase, stream: 'warning', text: 'Further output is not kept.', truncated: true }
        : {
            phase,
            stream: record.stream,
            text: record.text,
            truncated: record.truncated,
            ...(record.error ? { error: { ...record.error } } : {}),
            ...(record.percent === undefined ? {} : { percent: record.percent }),
          };
    waiting.push({ kind: 'record', at: utcText(new Date(record.atUtc)), body });
    timer ??= setTimeout(() => void flush(), FLUSH_MS);
  };
  return { onRecord: Object.assign(take, { flush }), close: flush };
}
