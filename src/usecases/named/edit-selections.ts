import { fail, ok, type Result } from '../../domain/result.js';
import { isBounded, selectTargets } from '../../domain/rollouts/selection.js';
import type { Target } from '../../domain/target.js';
import type { KeyMismatch } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { allTargets } from '../inventory/all-targets.js';
import { editsOf } from './edit-named.js';

export type SelectionChangeFailure =
  | KeyMismatch
  | { readonly kind: 'selection-not-found'; readonly name?: string }
  | { readonly kind: 'selection-unbounded' | 'selection-name-taken' | 'etag-mismatch' };

export const selectionEdits = ({ selections, newId }: Pick<ApiContext, 'selections' | 'newId'>) =>
  editsOf('selection', selections, newId, ({ select }) =>
    isBounded(select) ? undefined : ({ kind: 'selection-unbounded' } as const),
  );

/** The targets that a selection would mean now, in the order of their names. */
export async function selectedNow(
  context: Pick<ApiContext, 'selections' | 'inventory'>,
  idOrName: string,
): Promise<Result<readonly Target[], { readonly kind: 'selection-not-found'; readonly name: string }>> {
  const [stored] = await context.selections.find([idOrName]);
  if (!stored) return fail({ kind: 'selection-not-found', name: idOrName });
  return ok(selectTargets(await allTargets(context), stored.value.select));
}
