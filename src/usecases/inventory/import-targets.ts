import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import { machineOf, type Target } from '../../domain/target.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { scopeOf } from '../submit/idempotency.js';
import { targetFacts, TARGET_EVENTS } from './target-event.js';
import { targetProblems, type ImportProblem } from './target-problems.js';

export type ImportFailure =
  KeyMismatch | { readonly kind: 'import-refused'; readonly targets: readonly ImportProblem[] };

/** Adds all of these targets, or none: then every one that is refused is named. */
export async function importTargets(
  context: ApiContext,
  actor: Actor,
  key: string,
  bodies: readonly Omit<Target, 'id'>[],
): Promise<Result<Made<readonly Pick<Target, 'id' | 'name'>[]>, ImportFailure>> {
  const targets = bodies.map((body) => ({ ...body, id: context.newId() }));
  const problems = await targetProblems(context, actor, targets);
  if (problems.length > 0) return refused(problems);
  const events = targets.map((target) =>
    personEvent(context.newId, actor.person, TARGET_EVENTS.added, undefined, targetFacts(undefined, target)),
  );
  const scope = scopeOf(actor, 'POST /v1/targets:import', key, bodies);
  const created = await context.inventory.createAll(scope, targets, events);
  if (created.ok) return created;
  if (created.error.kind === 'idempotency-mismatch') return fail(created.error);
  const { names, machines } = created.error;
  return refused(
    targets.flatMap((target, index): ImportProblem[] => [
      ...(names.includes(target.name) ? [{ index, failure: { kind: 'name-taken' } } as const] : []),
      ...(machines.includes(machineOf(target) ?? '') ? [{ index, failure: { kind: 'machine-taken' } } as const] : []),
    ]),
  );
}

function refused(targets: readonly ImportProblem[]) {
  return fail({ kind: 'import-refused' as const, targets: [...targets].sort((a, b) => a.index - b.index) });
}
