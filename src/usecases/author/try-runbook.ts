import type { ValueObject } from '../../domain/canonical.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { ValueProblem } from '../../ports/values.js';
import type { OnRecord } from '../phases/job-output.js';
import type { Observation } from '../phases/observe.js';
import { createRehearsal, reasonOf, type Rehearsed, type RehearsalContext } from './rehearsal.js';

export type TryFailure =
  | { readonly kind: 'other-kind'; readonly kinds: readonly string[] }
  | { readonly kind: 'parameters'; readonly problems: readonly ValueProblem[] }
  | { readonly kind: 'ended'; readonly reason: string; readonly code: string };

/**
 * Detect and Plan of a runbook on a target of the inventory, with the credential that only reads. No job is made and nothing is stored;
 * supplied values are what a first job gets, or what the author gives among the parameters.
 */
export async function tryRunbook(
  context: RehearsalContext,
  { bundle, target, parameters }: Rehearsed,
  onRecord: OnRecord,
): Promise<Result<Observation, TryFailure>> {
  const { kinds } = bundle.manifest.runsOn;
  if (!kinds.includes(target.kind)) return fail({ kind: 'other-kind', kinds });
  const given = checked(context, bundle, parameters);
  if (!given.ok) return fail({ kind: 'parameters', problems: given.error });
  const seen = await createRehearsal(context, { bundle, target, parameters: given.value }, new Date()).observe({
    onRecord,
  });
  if (seen.ok) return seen;
  const reason = reasonOf(seen.error, bundle.manifest.codes);
  return fail({ kind: 'ended', reason, code: reason.split(':')[0] ?? reason });
}

/** The parameters as the API would take them, with the supplied values beside them. */
function checked(
  { values }: Pick<RehearsalContext, 'values'>,
  { manifest }: RunbookBundle,
  given: ValueObject,
): Result<ValueObject, readonly ValueProblem[]> {
  const isSupplied = ([name]: readonly [string, unknown]) => (manifest.supplied as readonly string[]).includes(name);
  const members = Object.entries(given);
  const requested = values.check(manifest.parameters, Object.fromEntries(members.filter((one) => !isSupplied(one))));
  return requested.ok ? ok({ ...requested.value, ...Object.fromEntries(members.filter(isSupplied)) }) : requested;
}
