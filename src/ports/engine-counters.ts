import type { PowerShellHost } from './powershell-host.js';

/** What the engines of a worker did, for its heartbeat and metrics. */
export interface EngineCounters {
  /** Runspaces open now, over all slots. */
  readonly sessions: () => number;
  /** Engine processes started since the last call, and how many of them replaced one that had ended or was worn out. */
  readonly takeStarts: () => { readonly starts: number; readonly restarts: number };
  /**
   * When this engine last began or ended anything, or until when the phase that it runs may take, by `performance.now()`; 0 where it did
   * nothing yet.
   */
  readonly busyUntil: (host: PowerShellHost) => number;
}
