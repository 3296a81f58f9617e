import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { isBounded, selectTargets } from '../../domain/rollouts/selection.js';
import type { Selection } from '../../domain/selection.js';
import type { Target } from '../../domain/target.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { Stored } from '../../ports/named-store.js';
import type { ApiContext } from '../api-context.js';
import { allTargets } from '../inventory/all-targets.js';
import { editsOf } from './edit-named.js';

export type SelectionChangeFailure =
  | KeyMismatch
  | { readonly kind: 'selection-not-found'; readonly name?: string }
  | { readonly kind: 'selection-unbounded' | 'selection-name-taken' | 'etag-mismatch' };

/** What a person says of a selection. */
export type SelectionWish = Omit<Selection, 'id'>;
type SelectionContext = Pick<ApiContext, 'selections' | 'newId'>;

const edits = ({ selections, newId }: SelectionContext) => editsOf('selection', selections, newId);

export async function createSelection(
  context: SelectionContext,
  actor: Actor,
  key: string,
  wish: SelectionWish,
): Promise<Result<Made<Selection>, SelectionChangeFailure>> {
  return isBounded(wish.select) ? edits(context).create(actor, key, wish) : fail({ kind: 'selection-unbounded' });
}

/** What was submitted over it before stays as it was frozen. */
export async function replaceSelection(
  context: SelectionContext,
  actor: Actor,
  before: Stored<Selection>,
  wish: SelectionWish,
): Promise<Result<Stored<Selection>, SelectionChangeFailure>> {
  return isBounded(wish.select) ? edits(context).replace(actor, before, wish) : fail({ kind: 'selection-unbounded' });
}

export const removeSelection = (
  context: SelectionContext,
  actor: Actor,
  selection: Stored<Selection>,
  revision: number | undefined,
): Promise<Result<undefined, SelectionChangeFailure>> => edits(context).remove(actor, selection, revision);

/** The targets that a selection would mean now, in the order of their names. */
export async function selectedNow(
  context: Pick<ApiContext, 'selections' | 'inventory'>,
  idOrName: string,
): Promise<Result<readonly Target[], { readonly kind: 'selection-not-found'; readonly name: string }>> {
  const [stored] = await context.selections.find([idOrName]);
  if (!stored) return fail({ kind: 'selection-not-found', name: idOrName });
  return ok(selectTargets(await allTargets(context), stored.value.select));
}
