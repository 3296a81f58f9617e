import type { OwnCodes } from './codes/lookup.js';

/** The shape of `runbook.yaml` (schema runbook/v1), as the rest of the code reads it; `manifest-schema.ts` checks files against it. */
export type Phase = 'detect' | 'plan' | 'apply' | 'verify' | 'rollback';

/** What a target can be. */
export const TARGET_KINDS = [
  'pc',
  'server',
  'domain',
  'dns-zone',
  'tenant',
  'sync-host',
  'federation-farm',
  'proxy-array',
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** How a target of kind `server` or `domain` runs Skype for Business. */
export const TOPOLOGIES = ['online', 'hybrid', 'onprem', 'decommissioned'] as const;

/** Whether a change may be repeated: `ensure` always, `once` only where its absence is proved, `irreversible` never. */
export const CHANGE_CLASSES = ['ensure', 'once', 'irreversible'] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** From no risk to the highest; the manifest says how many approvals each needs. */
export const RISKS = ['R0', 'R1', 'R2', 'R3'] as const;
export type Risk = (typeof RISKS)[number];

export const LOCK_KINDS = ['user', 'host', 'zone', 'gpo', 'farm', 'sync'] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

/** Values that the worker can add to `$Parameters`. */
export const SUPPLIED_NAMES = [
  'jobId',
  'requestedAtTargetUtc',
  'topology',
  'verifiedDomains',
  'consents',
  'previousSteps',
  'followedJob',
  'planned',
  'quarantine',
  'backupDir',
  'userSession',
  'server',
  'globalCatalog',
  'ntpServers',
  'dnsServer',
  'resolvers',
  'nodes',
  'wapNodes',
] as const;
export type SuppliedName = (typeof SUPPLIED_NAMES)[number];

/** What `purge-quarantine` can find and remove: a runbook that declares `quarantine` runs on these kinds and takes this parameter. */
export const PURGEABLE: { readonly kinds: readonly TargetKind[]; readonly parameter: string } = {
  kinds: ['pc'],
  parameter: 'userSid',
};

/** Where a phase runs. */
type Side = 'target' | 'worker';

/** The members of a change by which a plan may be grouped for an approver. */
export const GROUP_MEMBERS = ['resource', 'property', 'before', 'after', 'action'] as const;

export const APPROVER_ROLES = ['approver', 'operator', 'admin'] as const;
export type JsonSchema = { readonly [keyword: string]: unknown };
export type Localized = { readonly en: string; readonly 'zh-TW'?: string };

export interface ActionRule {
  readonly class: ChangeClass;
  readonly risk: Risk;
  /** The members of a change that make two changes "the same kind" for an approver. */
  readonly group?: readonly (typeof GROUP_MEMBERS)[number][];
  /** `once` only: the field of the state that proves the effect, so that its absence shows that the change was not applied (RULES 6). */
  readonly proof?: string;
}

/** Runbooks that come before this one for the same user and target. */
export interface Escalation {
  readonly after: readonly string[];
  /**
   * The parameter in which a requester may say why the escalation is left out. Named: without it a missing step blocks the job
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
  readonly supplied: readonly SuppliedName[];
  /** A closed JSON Schema of what Detect returns. */
  readonly state: JsonSchema;
  readonly locks: readonly { readonly kind: LockKind; readonly at?: string }[];
  readonly runsOn: {
    readonly kinds: readonly TargetKind[];
    readonly phases: Readonly<Record<'detect' | 'apply' | 'rollback', Side> & Record<'plan' | 'verify', 'worker'>>;
    readonly runAs: 'service' | 'target-user' | 'system-task' | 'app';
    readonly detect?: { readonly elevated: true; readonly because: string };
  };
  readonly actions: Readonly<Record<string, ActionRule>>;
  /** Durations such as `30s`; `apply` and `rollback` are per change. */
  readonly timeouts: Readonly<Record<Phase, string>>;
  readonly verify?: { readonly within: string; readonly every: string };
  readonly defer: { readonly upTo: string; readonly every: string };
  readonly approval: {
    readonly roles: readonly (typeof APPROVER_ROLES)[number][];
    /** Approvals needed per risk; the plan's risk is the highest of its changes. */
    readonly required: Readonly<Partial<Record<Risk, number>>>;
    readonly expiresIn: string;
    readonly executeWithin: string;
  };
  readonly onFailure: 'leave' | 'rollback';
  /** `script`: the folder has Rollback.ps1. */
  readonly rollback: 'script' | { readonly none: string };
  readonly symptoms?: readonly Localized[];
  readonly appliesTo?: readonly (typeof TOPOLOGIES)[number][];
  /** Codes of this runbook that are not in the product's table; its phases may throw them. */
  readonly codes?: NonNullable<OwnCodes>;
  readonly toleratesClockSkew?: boolean;
  readonly escalation?: Escalation;
  /** Parameters in which the requester states what nothing can be asked about; the approver sees them as claims. */
  readonly statements?: readonly string[];
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
