/** One answer of the API as its caller heard it. Status 0: none came. */
export interface ApiAnswer {
  readonly at: number;
  readonly who: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly key?: string;
  /** The id in the answer: of a job, or of a rollout. */
  readonly job?: string;
  readonly state?: string;
  readonly code?: string;
  /** Exact bytes, where a plan was read. */
  readonly plan?: string;
  readonly request?: unknown;
}

/** Whether a request that changes something was answered with success. */
export function isAcknowledged({ method, status }: Pick<ApiAnswer, 'method' | 'status'>): boolean {
  return method !== 'GET' && status >= 200 && status < 300;
}

/** One line of a target's own ledger. */
export interface LedgerLine {
  readonly word: 'begin' | 'effect' | 'undo' | 'end';
  /** The job's id without hyphens, as the runbook was told. */
  readonly job: string;
  readonly object: string;
  readonly value: string | null;
  readonly at: number;
}

/** One event of the exported audit log. */
export interface AuditLink {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly writer: string;
  /** Exact bytes. */
  readonly event: string;
}

/** What the API says of a job at the end. */
export interface FinalJob {
  readonly id: string;
  readonly status: number;
  readonly state: string;
  readonly outcome: string | null;
}

/** What the API says of a rollout at the end. */
export interface FinalRollout {
  readonly id: string;
  /** Of the answer. */
  readonly status: number;
  readonly state: string;
  readonly items: readonly FinalItem[];
}

/** An item of a rollout and its job. */
export interface FinalItem {
  readonly index: number;
  readonly job: string;
  readonly status: string;
}

/** Everything the checker reads. Nothing of it comes from inside the product. */
export interface Ledgers {
  readonly answers: readonly ApiAnswer[];
  readonly lines: readonly LedgerLine[];
  readonly audit: readonly AuditLink[];
  readonly jobs: readonly FinalJob[];
  readonly rollouts: readonly FinalRollout[];
  readonly publicKeys: readonly { readonly kid: string; readonly publicKey: string }[];
  readonly kills: readonly { readonly what: string; readonly at: number }[];
}

/** A line of a ledger, or undefined for one that was cut off by a crash in the middle of a write. */
export function parseLine(text: string): LedgerLine | undefined {
  const match = /^(begin|effect|undo|end) ([0-9a-f]{32}) (\S+) (\S+) (\d{13})$/.exec(text);
  if (!match) return undefined;
  const [, word, job = '', object = '', value = '', at] = match;
  return { word: word as LedgerLine['word'], job, object, value: value === '-' ? null : value, at: Number(at) };
}
