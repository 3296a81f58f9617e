import type { ValueObject } from '../../domain/canonical.js';
import { newSalt } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { MOST_ITEMS } from '../../domain/rollouts/limits.js';
import { MOST_OPEN_SCANS } from '../../domain/scans/limits.js';
import { scanDigest, scanItemsDigest, type ScanRequest } from '../../domain/scans/request.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { NewScan, StoredScan } from '../../ports/scans.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { chosenItems } from '../rollouts/chosen-items.js';
import type { RolloutWish, SelectionFailure } from '../rollouts/wish.js';
import { checkItems, type RefusedItem } from '../submit/check-items.js';
import type { RunbookNotFound } from '../submit/check-request.js';
import { orFirst, scopeOf } from '../submit/idempotency.js';
import { readFacts } from '../submit/request-facts.js';

/** What a person asks for: one runbook over a list or a filter, and how many items they expect it to have. */
export type ScanWish = Pick<
  RolloutWish,
  'runbook' | 'reason' | 'ticket' | 'items' | 'select' | 'selection' | 'parameters' | 'expect'
>;

export type ScanFailure =
  | Denial
  | SubmissionFailure
  | SelectionFailure
  | RunbookNotFound
  | { readonly kind: 'scan-too-large' }
  | { readonly kind: 'too-many-scans'; readonly limit: number }
  | { readonly kind: 'count-mismatch'; readonly count: number; readonly leftOut?: undefined }
  /** Every item that is refused, by its place; nothing was stored. */
  | { readonly kind: 'scan-refused'; readonly members: readonly RefusedItem[] };

/** A wish becomes a scan and its jobs in one transaction, with the selection as it is now. Each job is planned, and ends with that. */
export async function submitScan(
  context: ApiContext,
  actor: Actor,
  key: string,
  wish: ScanWish,
): Promise<Result<Made<StoredScan>, ScanFailure>> {
  const scope = scopeOf(actor, 'POST /v1/scans', key, wish);
  return orFirst(await submitNew(context, actor, scope, wish), () => context.scans.first(scope));
}

async function submitNew(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  wish: ScanWish,
): Promise<Result<Made<StoredScan>, ScanFailure>> {
  const many = await tooManyScans(context, actor.person.id);
  if (many) return fail(many);
  const scan = await newScan(context, actor, wish);
  return scan.ok ? context.scans.submit(key, scan.value) : scan;
}

/** Why a person gets no further scan for now; undefined where they do. */
export async function tooManyScans({ scans }: Pick<ApiContext, 'scans'>, person: string) {
  const kind = 'too-many-scans' as const;
  return (await scans.countOpen(person)) >= MOST_OPEN_SCANS ? { kind, limit: MOST_OPEN_SCANS } : undefined;
}

type ScanContext = Parameters<typeof chosenItems>[0] &
  Parameters<typeof readFacts>[0] &
  Parameters<typeof checkItems>[0] &
  Pick<ApiContext, 'rights'>;

/**
 * The scan that a wish means now, checked like a request of the actor; nothing is stored.
 * @param wish without `expect` it may have any number of items
 */
export async function newScan(
  context: ScanContext,
  actor: Actor,
  wish: Omit<ScanWish, 'expect'> & { readonly expect?: number },
  firing: ValueObject = {},
): Promise<Result<NewScan, Exclude<ScanFailure, SubmissionFailure>>> {
  const { person } = actor;
  const denial = (await context.rights.read()).denialAnywhere(person, 'scan');
  if (denial) return fail(denial);
  const chosen = await chosenItems(context, actor, wish);
  if (!chosen.ok) return chosen;
  const { items } = chosen.value;
  if (items.length > MOST_ITEMS) return fail({ kind: 'scan-too-large' });
  if (wish.expect !== undefined && items.length !== wish.expect)
    return fail({ kind: 'count-mismatch', count: items.length });
  const id = context.newId();
  const facts = await readFacts(
    context,
    actor,
    items.map(({ target }) => ({ runbook: wish.runbook, target })),
  );
  try {
    if (!facts.runbook(wish.runbook)) return fail({ kind: 'runbook-not-found', refused: facts.refused(wish.runbook) });
    const jobs = checkItems(context, actor, wish, items, facts, (index) => ({ scan: { id, index } }));
    if (!jobs.ok) return fail({ kind: 'scan-refused', members: jobs.error });
    const [first, ...others] = jobs.value;
    if (!first) return fail({ kind: 'selection-empty' });
    const scan: ScanRequest = {
      ...{ id, runbook: first.job.runbook, pool: first.job.pool, requester: person, reason: wish.reason },
      ...{ salt: newSalt(), count: items.length, itemsDigest: scanItemsDigest(jobs.value.map(({ job }) => job)) },
      ...(wish.ticket === undefined ? {} : { ticket: wish.ticket }),
    };
    const data = {
      ...{ scan: id, scanSha256: scanDigest(scan), itemsSha256: scan.itemsDigest, count: scan.count },
      ...{ runbook: scan.runbook.id, contentSha256: scan.runbook.contentDigest },
      ...firing,
    };
    const event = personEvent(context.newId, person, 'scan.submitted', undefined, { data });
    return ok({ scan, event, jobs: [first, ...others] });
  } finally {
    facts.done();
  }
}
