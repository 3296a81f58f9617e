import type { AuditEvent, ChainedEvent } from '../domain/audit.js';
import type { Job, State } from '../domain/job.js';
import type { Manifest, RunbookBundle } from '../domain/manifest.js';

/** Reads of jobs for people. */
export interface JobQueries {
  list(filter: {
    readonly state?: State;
    readonly runbook?: string;
    readonly target?: string;
    readonly requester?: string;
    readonly submittedFrom?: Date;
    readonly submittedTo?: Date;
    /** Id of the last job of the page before (newest first). */
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly Job[]>;
  /** Jobs of one requester on one target since a time, for the rate limit of planning. */
  countRecent(requester: string, target: string, since: Date): Promise<number>;
}

export interface FrozenState {
  readonly frozen: boolean;
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** The global freeze: no new planning, no claims; running changes finish the one in hand. */
export interface Freeze {
  read(): Promise<FrozenState>;
  set(state: { readonly by: string; readonly reason: string } | undefined, event: AuditEvent): Promise<FrozenState>;
}

export interface StoredToken {
  readonly id: string;
  readonly person: string;
  readonly kind: 'personal' | 'service';
  /** SHA-256 of the secret part, lower-case hex. */
  readonly secretSha256: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

export interface Tokens {
  find(id: string): Promise<StoredToken | undefined>;
  create(token: StoredToken, event: AuditEvent): Promise<void>;
  revoke(id: string, event: AuditEvent): Promise<boolean>;
}

export interface AuditEntry {
  readonly event: string;
  readonly writer: string;
  /** Absent until the relay has chained the event (about a second). */
  readonly seq?: number;
  readonly prevHash?: string;
  readonly hash?: string;
}

export interface AuditLog {
  /** An event that belongs to no move of a job, such as a refused access. */
  append(event: AuditEvent): Promise<void>;
  query(filter: {
    readonly job?: string;
    readonly actor?: string;
    readonly action?: string;
    readonly from?: Date;
    readonly to?: Date;
    /** Requester whose jobs alone may be shown. */
    readonly ownJobsOf?: string;
    /** Sequence of the last event of the page before, oldest first. */
    readonly after?: number;
    readonly limit: number;
  }): Promise<readonly AuditEntry[]>;
  /** Chained events after a sequence, for the export and the verifier. */
  chained(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]>;
}

export interface RunbookEntry {
  readonly manifest: Manifest;
  readonly contentDigest: string;
  readonly loadedAt: Date;
}

/** The catalogue as everybody reads it: the current version of each runbook, and every version by digest. */
export interface Catalogue {
  list(): Promise<readonly RunbookEntry[]>;
  current(id: string): Promise<RunbookEntry | undefined>;
  get(contentDigest: string): Promise<RunbookBundle | undefined>;
  /** Stores a bundle under its digest (append-only) and makes it current; audited when it is new. */
  admit(bundle: RunbookBundle, event: AuditEvent): Promise<'new' | 'known'>;
  /** Takes a runbook whose folder is gone or refused out of the list; its versions stay. */
  retire(id: string, event: AuditEvent): Promise<void>;
}

/** Health of the parts, by what they left in the record. */
export interface Heartbeats {
  beat(part: string, instance: string, detail: Readonly<Record<string, string>>): Promise<void>;
  read(): Promise<
    readonly {
      readonly part: string;
      readonly instance: string;
      readonly at: Date;
      readonly detail: Readonly<Record<string, string>>;
    }[]
  >;
}
