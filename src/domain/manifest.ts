/** The shape of `runbook.yaml` (schema runbook/v1), as the rest of the code reads it. The JSON Schema in runbooks/_schema decides. */
export type Phase = 'detect' | 'plan' | 'apply' | 'verify' | 'rollback';
export type TargetKind =
  'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array';
export type ChangeClass = 'ensure' | 'once' | 'irreversible';
export type Risk = 'R0' | 'R1' | 'R2' | 'R3';
export type LockKind = 'user' | 'host' | 'zone' | 'gpo' | 'farm' | 'sync';
export type JsonSchema = { readonly [keyword: string]: unknown };
export type Localized = { readonly en: string; readonly 'zh-TW'?: string };

export interface ActionRule {
  readonly class: ChangeClass;
  readonly risk: Risk;
  /** The members of a change that make two changes "the same kind" for an approver. */
  readonly group?: readonly string[];
  /** `once` only: the field of the state that proves the effect, so that absence settles (RULES 6). */
  readonly proof?: string;
}

/** Runbooks that come before this one for the same user and target. */
export interface Ladder {
  readonly after: readonly string[];
  /**
   * The parameter in which a requester may say why the ladder is left out. Named: without it a missing step blocks the job
   * (`precondition-missing`). Not named: missing steps are only shown to the approver.
   */
  readonly waiver?: string;
}

export interface Manifest {
  readonly schema: 'runbook/v1';
  readonly id: string;
  readonly version: string;
  readonly title: Localized;
  readonly summary: string;
  readonly owner: string;
  readonly modules: readonly string[];
  /** A closed JSON Schema 2020-12 of the requester's parameters. */
  readonly parameters: JsonSchema;
  /** Names of the values that the worker adds to `$Parameters`; no requester can set them. */
  readonly supplied: readonly string[];
  /** A closed JSON Schema of what Detect returns. */
  readonly state: JsonSchema;
  readonly locks: readonly { readonly kind: LockKind; readonly at?: string }[];
  readonly runsOn: {
    readonly kinds: readonly TargetKind[];
    readonly phases: Readonly<Record<Phase, 'target' | 'worker'>>;
    readonly runAs: 'service' | 'target-user' | 'system-task' | 'app';
    readonly detect?: { readonly elevated: true; readonly because: string };
  };
  readonly actions: Readonly<Record<string, ActionRule>>;
  /** Durations such as `30s`; `apply` and `rollback` are per change. */
  readonly timeouts: Readonly<Record<Phase, string>>;
  readonly verify?: { readonly within: string; readonly every: string };
  readonly defer: { readonly upTo: string; readonly every: string };
  readonly approval: {
    readonly roles: readonly string[];
    /** Approvals needed per risk; the plan's risk is the highest of its changes. */
    readonly required: Readonly<Partial<Record<Risk, number>>>;
    readonly expiresIn: string;
    readonly executeWithin: string;
  };
  readonly onFailure: 'leave' | 'rollback';
  /** `script`: the folder has Rollback.ps1. */
  readonly rollback: 'script' | { readonly none: string };
  readonly symptoms?: readonly Localized[];
  readonly appliesTo?: readonly string[];
  readonly toleratesClockSkew?: boolean;
  readonly ladder?: Ladder;
  /** The runbooks whose job a job of this one may name as the step before it (`follows`). */
  readonly follows?: readonly string[];
  /** What it sets aside (`<name>.rbk-<jobId>`) may be purged this long after the job's end. */
  readonly quarantine?: { readonly retention: string };
}

/** Runbook text as loaded: what `contentDigest` covers. Paths are `/`-separated and relative to `runbooks/`. */
export interface RunbookBundle {
  readonly contentDigest: string;
  readonly manifest: Manifest;
  /** Every file of the folder and of each module, by path, as text (UTF-8) with its SHA-256. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly text: string }[];
}
