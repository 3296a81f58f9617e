import type { PlannedUnder } from './planned-under.js';
import { canonicalJson, type Value } from './canonical.js';
import { labelledDigest, type Salt } from './digest.js';
import type { ActionRule, Manifest, Risk } from './manifest.js';

/** What Plan emits: one thing that differs. */
export interface PlannedChange {
  readonly resource: string;
  readonly property: string;
  readonly before: Value;
  readonly after: Value;
  readonly action: string;
  /** What people call the resource. It is in the plan's bytes, and not in the id: an object that is renamed is the same object. */
  readonly label?: string;
}
/** The unit that is shown, approved, journalled, applied and undone. `id` is computed, never chosen. */
export interface Change extends PlannedChange {
  readonly id: string;
  /** Rollback only: the id of the change this one puts back, and where its old state was kept. */
  readonly undoes?: string;
  readonly backupRef?: string;
}
export interface Plan {
  readonly job: string;
  /** Digest of the request (`jobDigest`); a plan of a version that did not bind it has none and cannot be approved. */
  readonly request?: string;
  /** The job's salt: without it the values of the changes cannot be found from the digest. */
  readonly salt?: string;
  /** Content digest of the runbook. */
  readonly runbook: string;
  /** Who let that content run; a plan of a version without admissions has none. */
  readonly admission?: PlannedUnder;
  readonly parameters: string;
  readonly target: string;
  readonly locks: readonly string[];
  /** Digest of the state that the plan was made from; a plan that was stored before plans had it has none. */
  readonly findings?: string;
  readonly changes: readonly Change[];
}

/** A resource as people read it: what it is, then its label in quotation marks, which cannot be taken for it. */
export function resourceName({ resource, label }: Pick<PlannedChange, 'resource' | 'label'>): string {
  return label === undefined ? resource : `${resource} (${JSON.stringify(label)})`;
}

export function changeId(change: PlannedChange, salt: Salt): string {
  const { resource, property, before, after, action } = change;
  const fields = { resource, property, before, after, action };
  return labelledDigest('fixpoint-change-v1', salt === undefined ? fields : { ...fields, salt }).slice(0, 32);
}

/** The exact text that is stored, shown, signed and executed; `planDigest` is taken over it. */
export function planBytes(plan: Plan): string {
  return canonicalJson(plan);
}

/** A plan as it was read from JSON: its values are what canonical JSON can hold. */
export type ReadPlan = Omit<Plan, 'changes'> & {
  readonly changes: readonly (Omit<Change, 'before' | 'after'> & {
    readonly before: unknown;
    readonly after: unknown;
  })[];
};

/** @throws NotCanonical for a value that has no canonical form. */
export function planDigest(plan: ReadPlan): string {
  return labelledDigest('fixpoint-plan-v1', plan);
}

export type PlanFailure =
  | { readonly kind: 'unknown-action'; readonly action: string }
  | { readonly kind: 'equal-changes'; readonly id: string }
  | { readonly kind: 'two-changes-of-one-property'; readonly resource: string; readonly property: string };

/** What is wrong with a plan, in words. */
export function planFailureText(failure: PlanFailure): string {
  switch (failure.kind) {
    case 'unknown-action':
      return `the action ${failure.action} is not in the manifest`;
    case 'equal-changes':
      return `two changes are the same (${failure.id})`;
    case 'two-changes-of-one-property':
      return `there are two changes of ${failure.property} of ${failure.resource}`;
  }
}

/** Checks what Plan emitted against the manifest and gives each change its id; the order is kept. */
export function numberChanges(
  emitted: readonly PlannedChange[],
  actions: Readonly<Record<string, ActionRule>>,
  salt: Salt,
): { ok: true; value: readonly Change[] } | { ok: false; error: PlanFailure } {
  const ids = new Set<string>();
  const properties = new Set<string>();
  const changes: Change[] = [];
  for (const planned of emitted) {
    if (!Object.hasOwn(actions, planned.action)) {
      return { ok: false, error: { kind: 'unknown-action', action: planned.action } };
    }
    const id = changeId(planned, salt);
    if (ids.has(id)) return { ok: false, error: { kind: 'equal-changes', id } };
    const property = canonicalJson([planned.resource, planned.property]);
    if (properties.has(property)) {
      const { resource, property: name } = planned;
      return { ok: false, error: { kind: 'two-changes-of-one-property', resource, property: name } };
    }
    ids.add(id);
    properties.add(property);
    changes.push({ id, ...planned });
  }
  return { ok: true, value: changes };
}

const RISKS: readonly Risk[] = ['R0', 'R1', 'R2', 'R3'];

/** The highest risk among the changes; R0 for an empty plan. */
export function planRisk(changes: readonly PlannedChange[], manifest: Manifest): Risk {
  let highest = 0;
  for (const change of changes) {
    highest = Math.max(highest, RISKS.indexOf(manifest.actions[change.action]?.risk ?? 'R3'));
  }
  return RISKS[highest] ?? 'R3';
}

/** How many other people must approve: the manifest's number, else one for R1 and R2 and two for R3. */
export function approvalsRequired(changes: readonly PlannedChange[], manifest: Manifest): number {
  if (changes.length === 0) return 0;
  const risk = planRisk(changes, manifest);
  return Math.max(1, manifest.approval.required[risk] ?? (risk === 'R3' ? 2 : 1));
}
