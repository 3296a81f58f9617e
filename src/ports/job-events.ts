import type { ValueObject } from '../domain/canonical.js';

/** One line of a job's story, for people: state changes and stream records. Not the audit log. */
export interface JobEvent {
  /** Grows within a job; `Last-Event-ID` resumes after it. */
  readonly seq: number;
  readonly at: string;
  readonly kind: 'state' | 'record';
  readonly body: ValueObject;
}

export interface JobEvents {
  append(job: string, events: readonly Omit<JobEvent, 'seq'>[]): Promise<void>;
  after(job: string, seq: number, limit: number): Promise<readonly JobEvent[]>;
  /** Calls back with the ids of jobs that changed, until the signal aborts. Losing the connection reconnects. */
  watch(onChange: (jobId: string) => void, signal: AbortSignal): Promise<void>;
}
