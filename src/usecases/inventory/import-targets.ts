import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { scopeOf } from '../submit/idempotency.js';
import { unfitness, type Unfit } from './target-fit.js';

/** Why one target of an import is refused. `first`: index of the target that has the name or key; absent: one of the inventory has it. */
export interface ImportProblem {
  readonly index: number;
  readonly failure: Unfit | Denial | { readonly kind: 'name-taken' | 'host-key-taken'; readonly first?: number };
}

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
  const problems = [...(await denied(context, actor, targets)), ...unfit(context, bodies), ...repeated(bodies)];
  if (problems.length > 0) return refused(problems);
  const events = targets.map(({ id, name }) =>
    personEvent(context.newId, actor.person, 'target.created', undefined, {
      data: { targetId: id, targetName: name },
    }),
  );
  const scope = scopeOf(actor, 'POST /v1/targets:import', key, bodies);
  const created = await context.inventory.createAll(scope, targets, events);
  if (created.ok) return created;
  if (created.error.kind === 'idempotency-mismatch') return fail(created.error);
  const { names, hostKeys } = created.error;
  return refused(
    targets.flatMap((target, index): ImportProblem[] => [
      ...(names.includes(target.name) ? [{ index, failure: { kind: 'name-taken' } } as const] : []),
      ...(hostKeys.includes(hostKeyOf(target) ?? '') ? [{ index, failure: { kind: 'host-key-taken' } } as const] : []),
    ]),
  );
}

function refused(targets: readonly ImportProblem[]) {
  return fail({ kind: 'import-refused' as const, targets: [...targets].sort((a, b) => a.index - b.index) });
}

/** Targets that this person may not have in the inventory. */
async function denied({ rights }: ApiContext, { person }: Actor, targets: readonly Target[]) {
  const now = await rights.read();
  return targets.flatMap((target, index): ImportProblem[] => {
    const failure = now.denial({ action: 'edit-targets', person, target });
    return failure ? [{ index, failure }] : [];
  });
}

function unfit(context: ApiContext, bodies: readonly Omit<Target, 'id'>[]): readonly ImportProblem[] {
  return bodies.flatMap((body, index) => {
    const failure = unfitness(context, body);
    return failure ? [{ index, failure }] : [];
  });
}

/** Names and host keys that an earlier target of the same import has. */
function repeated(bodies: readonly Omit<Target, 'id'>[]): readonly ImportProblem[] {
  const problems: ImportProblem[] = [];
  const seen = new Map<string, number>();
  bodies.forEach((body, index) => {
    const values = [['name-taken', body.name] as const, ['host-key-taken', hostKeyOf(body)] as const];
    for (const [kind, value] of values) {
      if (value === undefined) continue;
      const known = `${kind} ${value}`;
      const first = seen.get(known);
      if (first === undefined) seen.set(known, index);
      else problems.push({ index, failure: { kind, first } });
    }
  });
  return problems;
}

const hostKeyOf = ({ transport }: Pick<Target, 'transport'>) =>
  transport.type === 'ssh' ? transport.hostKey : undefined;
