import type { SandboxCase } from '../domain/sandbox-case.js';

/** A new folder of this machine with the files and processes of one case. */
export interface Sandbox {
  readonly folder: string;
  /** The account as whom everything in it runs. */
  readonly user: string;
  /** Ends its processes and removes the folder. */
  close(): Promise<void>;
}

/** Where the cases of a runbook's author run for real. */
export interface Sandboxes {
  open(spec: Pick<SandboxCase, 'files' | 'processes'>): Promise<Sandbox>;
  /** A path that nothing may ever write, and whether something did. */
  canary(): Promise<Canary>;
}

export interface Canary {
  readonly path: string;
  touched(): boolean;
  close(): Promise<void>;
}
