import { Type } from 'typebox';
import type { ValueObject } from '../../domain/canonical.js';
import { STATES } from '../../domain/job.js';
import { ROLES } from '../../domain/people.js';
import { MOST_AT_ONCE, MOST_ITEMS, MOST_WAVES } from '../../domain/rollouts/limits.js';
import { PersonRef, time } from './jobs.js';
import { closed, literals, name, reason, uuid } from './parts.js';
import { KeyProof } from './requests.js';
import { pageOf } from './responses.js';
import { Filter } from './filter.js';

const text = Type.String();
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const parameters = Type.Unsafe<ValueObject>({ type: 'object', additionalProperties: true });
const index = Type.Integer({ minimum: 0, maximum: MOST_ITEMS - 1 });
const indexes = Type.Array(index, { maxItems: MOST_ITEMS, uniqueItems: true });
const most = Type.Integer({ minimum: 0, maximum: MOST_ITEMS });
const duration = Type.String({ pattern: '^[0-9]{1,6}(s|m|h|d)$' });

const Wave = Type.Object(
  {
    size: Type.Union([
      Type.Integer({ minimum: 1, maximum: MOST_ITEMS }),
      Type.String({ pattern: '^(([1-9][0-9]?|100)%|rest)$' }),
    ]),
    name: Type.Optional(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' })),
    soak: Type.Optional(duration),
    approval: Type.Optional(Type.Boolean()),
  },
  closed,
);
const asked = {
  waves: Type.Optional(Type.Array(Wave, { maxItems: MOST_WAVES })),
  budget: Type.Optional(
    Type.Object({ failed: Type.Optional(most), unknown: Type.Optional(most), unreached: Type.Optional(most) }, closed),
  ),
  atOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AT_ONCE })),
  perSite: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AT_ONCE })),
  window: Type.Optional(duration),
};
const ticket = Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[ -~]*$' }));

/** Either `items`, or `select`, or `selection` (id or name), or `retryOf`. `expect`: how many items the person expects; another number is refused. */
export const RolloutBody = Type.Object(
  {
    runbook: name,
    reason,
    ticket,
    items: Type.Optional(
      Type.Array(Type.Object({ target: name, parameters: Type.Optional(parameters) }, closed), {
        maxItems: MOST_ITEMS,
      }),
    ),
    select: Type.Optional(Filter),
    selection: Type.Optional(name),
    retryOf: Type.Optional(uuid),
    parameters: Type.Optional(parameters),
    expect: Type.Integer({ minimum: 1, maximum: MOST_ITEMS }),
    ...asked,
  },
  closed,
);

/** `expect`: how many items the person expects to be rolled back. Without `waves`: those of the rollout, the last one first. */
export const RolloutRollbackBody = Type.Object(
  { reason, ticket, expect: Type.Integer({ minimum: 1, maximum: MOST_ITEMS }), ...asked },
  closed,
);

const signed = { reason, proof: Type.Optional(KeyProof) };
/** `root`: of the list that was read. The signature is over `fixpoint-rollout-decision-v1`. */
export const RolloutDecisionBody = Type.Object(
  {
    decision: literals('approve', 'reject'),
    root: digest,
    executeBy: Type.Optional(
      Type.String({
        format: 'date-time',
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\\.[0-9]{3}Z$',
      }),
    ),
    onFailure: Type.Optional(literals('leave', 'rollback')),
    ...signed,
  },
  closed,
);
/** `ends`: the pauses that end; `exclude`: items that are left out and count no more. The signature is over `fixpoint-rollout-resume-v1`. */
export const ResumeBody = Type.Object(
  { ends: Type.Array(uuid, { minItems: 1, maxItems: 100, uniqueItems: true }), exclude: indexes, ...signed },
  closed,
);
export const ExcludeBody = Type.Object(
  { items: Type.Array(index, { minItems: 1, maxItems: MOST_ITEMS, uniqueItems: true }), reason },
  closed,
);

const status = literals('open', 'running', 'paused', 'ended');
const ending = literals('finished', 'aborted', 'window-over', 'rejected', 'not-approved');
const declaration = Type.Object(
  {
    waves: Type.Array(Wave),
    budget: Type.Object({ failed: most, unknown: most, unreached: most }, closed),
    atOnce: Type.Integer(),
    perSite: Type.Optional(Type.Integer()),
    window: text,
  },
  closed,
);
const summary = {
  id: text,
  runbook: Type.Object({ id: text, version: text, contentDigest: text }, closed),
  requester: Type.Object({ id: text, name: text, roles: Type.Array(literals(...ROLES)) }, closed),
  reason: text,
  ticket: Type.Optional(text),
  retryOf: Type.Optional(text),
  rollbackOf: Type.Optional(text),
  count: Type.Integer(),
  declaration,
  status,
  ending: Type.Optional(ending),
  submittedAt: time,
};
export const RolloutSummary = Type.Object(summary, closed);
export const RolloutPage = pageOf(RolloutSummary);

const itemStatus = literals(
  ...(['planning', 'planned', 'no-plan', 'ready', 'left-out', 'started', 'fixed', 'already-fine'] as const),
  ...(['failed', 'unknown', 'unreached'] as const),
);
const Item = Type.Object(
  {
    index: Type.Integer(),
    job: text,
    target: text,
    state: literals(...STATES),
    code: Type.Optional(text),
    status: itemStatus,
    wave: Type.Union([Type.Integer(), Type.Null()]),
    parameters,
  },
  closed,
);
const LeftOut = Type.Object({ index: Type.Integer(), target: text, code: text, meaning: text }, closed);
const Stop = Type.Object(
  {
    id: text,
    kind: literals('pause', 'abort', 'exclude'),
    items: Type.Array(Type.Integer()),
    by: Type.Union([PersonRef, Type.Null()]),
    reason: Type.Optional(text),
    code: Type.Optional(text),
    meaning: Type.Optional(text),
    wave: Type.Optional(Type.Integer()),
    at: time,
    ended: Type.Boolean(),
  },
  closed,
);
const Decision = Type.Object(
  {
    id: text,
    kind: literals('approve', 'reject', 'resume'),
    person: PersonRef,
    reason: text,
    proof: literals('token', 'key'),
    at: time,
    status: literals('pending', 'counted', 'accepted', 'refused'),
    code: Type.Optional(text),
    ends: Type.Optional(Type.Array(text)),
    exclude: Type.Optional(Type.Array(Type.Integer())),
    missing: Type.Optional(Type.Integer()),
  },
  closed,
);
/**
 * `requestDigest`: a client computes it from the other members. `grant`: under which it runs; null before its approval. `until`:
 * nothing starts from then on. `approvalsToResume`: how many people must sign the same resume to end a pause that Fixpoint made, or to
 * leave items out; null before its approval. A resume has `ends` and `exclude`; `missing`: how many more people must sign exactly that.
 * `leftOut`: of a rollback, the items of the rollout in `rollbackOf` that stay as they are. `undoneBy`: the
 * rollouts that roll this one back. `parameters` of an item: those in which the items are not all the same.
 */
export const RolloutDetail = Type.Object(
  {
    ...summary,
    pool: text,
    itemsDigest: digest,
    requestDigest: digest,
    salt: Type.Optional(text),
    grant: Type.Union([text, Type.Null()]),
    until: Type.Union([time, Type.Null()]),
    approvalsToResume: Type.Union([Type.Integer(), Type.Null()]),
    waves: Type.Array(
      Type.Object({ name: Type.Optional(text), items: Type.Integer(), proved: Type.Boolean() }, closed),
    ),
    items: Type.Array(Item),
    leftOut: Type.Optional(Type.Array(LeftOut)),
    undoneBy: Type.Array(text),
    stops: Type.Array(Stop),
    decisions: Type.Array(Decision),
  },
  closed,
);

const Kind = Type.Object(
  {
    action: text,
    class: literals('ensure', 'once', 'irreversible'),
    risk: literals('R0', 'R1', 'R2', 'R3'),
    fields: Type.Unknown(),
    least: Type.Integer(),
    most: Type.Integer(),
  },
  closed,
);
/** What is decided about: the client computes `root` from `list`, and each plan's digest from its own bytes. */
export const RolloutPlans = Type.Object(
  {
    root: digest,
    list: Type.Array(Type.Object({ index: Type.Integer(), job: text, plan: digest }, closed)),
    groups: Type.Array(Type.Object({ kinds: Type.Array(Kind), items: Type.Array(Type.Integer()) }, closed)),
    decideBy: Type.Union([time, Type.Null()]),
    planning: Type.Array(Type.Integer()),
    notRepeatable: Type.Array(Type.Integer()),
  },
  closed,
);
