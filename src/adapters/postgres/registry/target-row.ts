import { canonicalJson } from '../../../domain/canonical.js';
import { fail } from '../../../domain/result.js';
import { machineOf, type Target } from '../../../domain/target.js';

/** The columns of a target: its body decides, the others are for uniqueness and order. */
export function rowOfTarget(target: Target) {
  return {
    id: target.id,
    name: target.name,
    machine: machineOf(target) ?? null,
    body: canonicalJson(target),
  };
}

/** The result of the work, or which of the two unique columns another target has already. */
export async function unlessTaken<T, E>(work: () => Promise<T>): Promise<T | { ok: false; error: E }> {
  try {
    return await work();
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code !== '23505') throw error;
    const kind = constraint === 'targets_machine_key' ? 'machine-taken' : 'name-taken';
    return fail({ kind }) as { ok: false; error: E };
  }
}
