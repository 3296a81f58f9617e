import type { AuditEvent } from '../domain/audit.js';
import type { Manifest, RunbookBundle } from '../domain/manifest.js';

export interface RunbookEntry {
  readonly manifest: Manifest;
  readonly contentDigest: string;
  readonly loadedAt: Date;
}

/** A folder that could not be loaded, and why, a line each: file, line and what is wrong. */
export interface RefusedRunbook {
  readonly id: string;
  /** The directory that holds it. */
  readonly folder: string;
  readonly problems: readonly string[];
}

/** The catalogue as everybody reads it: the current version of each runbook, and every version by digest. */
export interface Catalogue {
  list(): Promise<readonly RunbookEntry[]>;
  current(id: string): Promise<RunbookEntry | undefined>;
  /** The whole bundle as it is stored now, the same object for the same bytes: for what is executed or hashed. */
  get(contentDigest: string): Promise<RunbookBundle | undefined>;
  /** The manifest alone, of any stored version. It belongs to its digest for good, so it may come from memory. */
  manifest(contentDigest: string): Promise<Manifest | undefined>;
  /** Stores a bundle under its digest, append-only. It runs only once it is admitted (`Admissions`). */
  store(bundle: RunbookBundle): Promise<void>;
  /** Takes a runbook whose folder is gone or refused out of the list; its versions stay. */
  retire(id: string, event: AuditEvent): Promise<void>;
  /** The folders that were refused when they were last read. */
  refused(): Promise<readonly RefusedRunbook[]>;
  /** Replaces what is known of refused folders. */
  setRefused(refused: readonly RefusedRunbook[]): Promise<void>;
}
