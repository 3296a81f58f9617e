import type { AdmissionRequest } from '../../domain/admission-request.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import { readTargetChanges, targetChangesDigest, targetChangesText, targetsNamed } from '../../domain/target-change.js';
import type { TargetChange } from '../../domain/target-change.js';
import type { Target } from '../../domain/target.js';
import type { IdempotencyKey, KeyMismatch } from '../../ports/idempotency.js';
import type { Replayed } from '../../ports/admissions.js';
import type { ApiContext } from '../api-context.js';
import { targetProblems, type ImportProblem } from '../inventory/target-problems.js';
import { recordRequest, type Signed } from './record-request.js';

export type TargetsRequestFailure =
  | Denial
  | KeyMismatch
  | Replayed
  | { readonly kind: 'service-token' | 'target-not-found' }
  | { readonly kind: 'import-refused'; readonly targets: readonly ImportProblem[] };

/** Asks that targets count in these forms; another person confirms it. */
export async function requestTargets(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  targets: readonly { readonly before: string | null; readonly target: Target }[],
  signed: Signed,
): Promise<Result<AdmissionRequest, TargetsRequestFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const after = targets.map(({ target }) => target);
  const known = await context.inventory.find(after.map(({ id }) => id));
  const denial = await deniedOf(
    context,
    actor,
    [...known.values()].map((one) => one.target),
  );
  if (denial) return fail(denial);
  const problems = await targetProblems(context, actor, after);
  if (problems.length > 0) return fail({ kind: 'import-refused', targets: problems });
  const changes = targets.map(({ before, target }) => ({ id: target.id, before, after: target }));
  return record(context, actor, key, 'admit-targets', changes, targetsNamed(after.map(({ name }) => name)), signed);
}

/** Removes targets from the inventory: one person may, because it only takes something away. */
export async function requestRemoval(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  targets: readonly { readonly id: string; readonly before: string | null }[],
  signed: Signed,
): Promise<Result<AdmissionRequest, TargetsRequestFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const known = await context.inventory.find(targets.map(({ id }) => id));
  const found = targets.flatMap(({ id }) => known.get(id)?.target ?? []);
  if (found.length < targets.length) return fail({ kind: 'target-not-found' });
  const denial = await deniedOf(context, actor, found);
  if (denial) return fail(denial);
  const changes = targets.map(({ id, before }) => ({ id, before, after: null }));
  return record(context, actor, key, 'remove-targets', changes, targetsNamed(found.map(({ name }) => name)), signed);
}

async function deniedOf({ rights }: ApiContext, { person }: Actor, targets: readonly Target[]) {
  const now = await rights.read();
  for (const target of targets) {
    const denial = now.denial({ action: 'edit-targets', person, target });
    if (denial) return denial;
  }
  return undefined;
}

function record(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  kind: 'admit-targets' | 'remove-targets',
  changes: readonly TargetChange[],
  about: string,
  signed: Signed,
) {
  const content = targetChangesText(changes);
  // Of what is stored: authority computes the digest from those bytes.
  const contentDigest = targetChangesDigest(readTargetChanges(content));
  return recordRequest(context, actor, key, { kind, about, contentDigest, content }, signed);
}
