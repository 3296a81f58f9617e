import type { StreamRecord } from '../../ports/powershell-host.js';
import type { Frame } from './channel.js';
import type { RunningHost } from './start-host.js';

export type Answer = Frame & { readonly ok?: boolean };

/** One running host: requests with their answers, and everything in flight failed at once when it ends. */
export interface LiveHost {
  readonly pid: number;
  readonly engineDigest: string;
  /** Resolves with the answer, or `undefined` when the host ended first. */
  request(frame: Frame, onRecord?: (record: StreamRecord) => void): Promise<Answer | undefined>;
  notify(frame: Frame): void;
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** Runs since the start, for recycling. */
  readonly served: number;
  readonly inFlight: number;
  kill(): void;
  close(): Promise<void>;
}

export function overHost(host: RunningHost): LiveHost {
  const pending = new Map<
    string,
    { answer: (value: Answer | undefined) => void; onRecord?: ((record: StreamRecord) => void) | undefined }
  >();
  let sequence = 0;
  let served = 0;
  let gone = false;
  const failAll = () => {
    gone = true;
    for (const { answer } of pending.values()) answer(undefined);
    pending.clear();
  };
  host.channel.onFrame((frame) => {
    const id = String(frame.id);
    if (frame.t === 'record') pending.get(id)?.onRecord?.(recordOf(frame));
    else if (frame.t === 'answer') {
      pending.get(id)?.answer(frame);
      pending.delete(id);
    }
  }, failAll);
  // A process that ended has not always closed its socket in our eyes yet.
  const ended = host.exited.then(failAll);
  return {
    pid: host.pid,
    engineDigest: host.engineDigest,
    gone: ended,
    isGone: () => gone,
    get served() {
      return served;
    },
    get inFlight() {
      return pending.size;
    },
    request(frame, onRecord) {
      if (gone) return Promise.resolve(undefined);
      const id = `r${(sequence += 1)}`;
      if (frame.t === 'run') served += 1;
      return new Promise((answer) => {
        pending.set(id, { answer, onRecord });
        host.channel.send({ ...frame, id });
      });
    },
    notify: (frame) => host.channel.send(frame),
    kill: () => host.kill(),
    async close() {
      host.channel.close();
      const stubborn = setTimeout(() => host.kill(), 3000);
      await host.exited;
      clearTimeout(stubborn);
      // A command ends right after: nobody would remove the folder then.
      await host.tidied;
    },
  };
}

function recordOf(frame: Frame): StreamRecord {
  const { t: _, id: __, ...record } = frame;
  return record as unknown as StreamRecord;
}
