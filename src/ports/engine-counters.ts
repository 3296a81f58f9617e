/** What the engines of a worker did, for its heartbeat and metrics. */
export interface EngineCounters {
  /** Runspaces open now, over all slots. */
  readonly sessions: () => number;
  /** Engine processes started since the last call, and how many of them replaced one that had ended or was worn out. */
  readonly takeStarts: () => { readonly starts: number; readonly restarts: number };
}
