import type { Static } from 'typebox';
import { NOT_ADMITTED } from '../../domain/admission.js';
import type { Result } from '../../domain/result.js';
import { utcText } from '../../domain/time.js';
import { isUuid } from '../../domain/uuid.js';
import type { Made } from '../../ports/idempotency.js';
import type { RolloutRecord, RolloutStop, StoredRollout } from '../../ports/rollouts.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { decideRollout, resumeRollout } from '../../usecases/rollouts/decide-rollout.js';
import { listToDecide } from '../../usecases/rollouts/plan-list.js';
import { ROLLOUT_DECISION_CODES } from '../../usecases/rollouts/refused-as.js';
import { rollBackRollout } from '../../usecases/rollouts/roll-back-rollout.js';
import { stopRollout } from '../../usecases/rollouts/stop-rollout.js';
import { submitRollout } from '../../usecases/rollouts/submit-rollout.js';
import { given } from '../given.js';
import { selectAsSent } from '../select-as-sent.js';
import { maySee } from '../job-replies.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor, type Failure } from '../problem.js';
import { failure, route, type Reply, type Route, type RouteContext } from '../route.js';
import { PageQuery } from '../schemas/queries.js';
import { ReasonBody } from '../schemas/requests.js';
import {
  ExcludeBody,
  ResumeBody,
  RolloutBody,
  RolloutDecisionBody,
  RolloutDetail,
  RolloutPage,
  RolloutPlans,
  RolloutRollbackBody,
  RolloutSummary,
} from '../schemas/rollouts.js';
import { rolloutDetail, rolloutSummary } from '../views/rollout.js';

/** 4 KiB for each of its 500 items on average. */
const ROLLOUT_BYTES = 2 * 1024 * 1024;
/** Why a rollout is not stored, whatever it is over. */
const SUBMIT = [
  ...(['not-allowed', 'idempotency-mismatch', 'frozen', 'count-mismatch', 'declaration-refused'] as const),
  ...(['rollout-refused', 'rollout-too-large', 'too-many-rollouts', 'rollout-not-found'] as const),
  ...(['not-ended-rollout', 'rollout-is-rollback'] as const),
] as const;
const SELECT = [
  ...([
    'selection-empty',
    'selection-unbounded',
    'selection-unclear',
    'selection-not-found',
    'not-for-rollouts',
    'runbook-not-found',
  ] as const),
] as const;
const UNDO = ['no-rollback', 'rollback-not-ended', 'nothing-to-roll-back', ...NOT_ADMITTED] as const;
const STOP = ['not-allowed', 'rollout-not-found', 'rollout-ended', 'not-paused', 'item-started'] as const;
const DECIDE = [
  'service-token',
  'rollout-not-found',
  'already-decided',
  'list-changed',
  ...ROLLOUT_DECISION_CODES,
] as const;

type ShownRollout = Static<typeof RolloutDetail>;

/** One request over many items, carried out in waves. No route starts anything: `authority` does, under a signed decision. */
export function rolloutRoutes(context: ApiContext): readonly Route[] {
  const answer = async (result: Result<{ readonly id: string }, Failure>): Promise<Reply<ShownRollout>> => {
    if (!result.ok) return failure(result.error);
    const record = await context.rollouts.record(result.value.id);
    return record ? { kind: 'answer', body: rolloutDetail(record) } : failure({ kind: 'rollout-not-found' });
  };
  const stop = (kind: RolloutStop['kind'], summary: string) =>
    route({
      method: 'post',
      path: `/rollouts/:id/${kind}`,
      summary,
      action: 'stop-rollouts',
      body: ReasonBody,
      answers: 200,
      answer: RolloutDetail,
      problems: STOP,
      handle: visible(context, async (_, { actor, id, body }: RouteContext<unknown, Static<typeof ReasonBody>>) =>
        answer(await stopRollout(context, actor, id, kind, body.reason)),
      ),
    });
  return [
    route({
      method: 'post',
      path: '/rollouts',
      summary: 'Submit one request over 1 to 500 items; each is planned, and nothing is changed before an approval.',
      action: 'start-rollouts',
      body: RolloutBody,
      bodyBytes: ROLLOUT_BYTES,
      answers: 201,
      answer: RolloutSummary,
      problems: [...SUBMIT, ...SELECT],
      handle: async ({ actor, body, sent, idempotencyKey }) => {
        return created(await submitRollout(context, actor, idempotencyKey, asSent(body, sent)));
      },
    }),
    route({
      method: 'post',
      path: '/rollouts/:id/rollback',
      summary: 'Submit a rollout that rolls an ended one back, item by item; nothing is changed before an approval.',
      action: 'start-rollouts',
      body: RolloutRollbackBody,
      answers: 201,
      answer: RolloutSummary,
      problems: [...SUBMIT, ...UNDO],
      handle: visible(
        context,
        async (
          _,
          { actor, id, body, sent, idempotencyKey }: RouteContext<unknown, Static<typeof RolloutRollbackBody>>,
        ) => {
          const { waves, ...others } = body;
          const wish = { ...others, ...given({ waves }, sent) };
          return created(await rollBackRollout(context, actor, id, idempotencyKey, wish));
        },
      ),
    }),
    route({
      method: 'get',
      path: '/rollouts',
      summary: 'Rollouts, newest first; without the right to see all jobs, your own.',
      action: 'read-jobs',
      query: PageQuery,
      answers: 200,
      answer: RolloutPage,
      handle: async ({ actor, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const before = cursorText(cursor);
        if (before !== undefined && !isUuid(before)) return failure(invalidCursor);
        const all = (await context.rights.read()).everywhere(actor.person, 'read-all-jobs');
        const found = await context.rollouts.list({
          limit,
          ...(before === undefined ? {} : { before }),
          ...(all ? {} : { requester: actor.person.id }),
        });
        return { kind: 'answer', body: page(found.map(rolloutSummary), limit, ({ id }) => id) };
      },
    }),
    route({
      method: 'get',
      path: '/rollouts/:id',
      summary: 'One rollout with its waves, items, pauses and decisions.',
      action: 'read-jobs',
      answers: 200,
      answer: RolloutDetail,
      problems: ['rollout-not-found'],
      handle: visible(context, async (record): Promise<Reply<ShownRollout>> => {
        return { kind: 'answer', body: rolloutDetail(record) };
      }),
    }),
    route({
      method: 'get',
      path: '/rollouts/:id/plans',
      summary: 'The plans that wait for a decision, by what they do, and the root that a decision is about.',
      action: 'read-jobs',
      answers: 200,
      answer: RolloutPlans,
      problems: ['rollout-not-found', 'runbook-not-found'],
      handle: visible(context, async (record): Promise<Reply<Static<typeof RolloutPlans>>> => {
        const manifest = await context.catalogue.manifest(record.rollout.runbook.contentDigest);
        if (!manifest) return failure({ kind: 'runbook-not-found' });
        const { decideBy, ...list } = await listToDecide(context, record, manifest);
        return { kind: 'answer', body: { ...list, decideBy: decideBy ? utcText(decideBy) : null } };
      }),
    }),
    route({
      method: 'post',
      path: '/rollouts/:id/decision',
      summary: 'Approve or reject exactly the list of plans that you read.',
      action: 'decide',
      body: RolloutDecisionBody,
      answers: 200,
      answer: RolloutDetail,
      problems: DECIDE,
      handle: visible(
        context,
        async (_, { actor, id, body }: RouteContext<unknown, Static<typeof RolloutDecisionBody>>) => {
          const { executeBy, ...decision } = body;
          const when = executeBy === undefined ? {} : { executeBy: new Date(executeBy) };
          return answer(await decideRollout(context, actor, id, { ...decision, ...when }));
        },
      ),
    }),
    route({
      method: 'post',
      path: '/rollouts/:id/resume',
      summary: 'End pauses, with items that are left out; an approver does so where a gate was shut.',
      action: 'signed-in',
      body: ResumeBody,
      answers: 200,
      answer: RolloutDetail,
      problems: ['not-allowed', ...DECIDE],
      handle: visible(context, async (_, { actor, id, body }: RouteContext<unknown, Static<typeof ResumeBody>>) =>
        answer(await resumeRollout(context, actor, id, body)),
      ),
    }),
    stop('pause', 'Start nothing more; what runs is finished.'),
    stop('abort', 'Start nothing more, for good, and cancel what has not begun; what runs is finished.'),
    route({
      method: 'post',
      path: '/rollouts/:id/exclude',
      summary: 'Take items out that were not started.',
      action: 'stop-rollouts',
      body: ExcludeBody,
      answers: 200,
      answer: RolloutDetail,
      problems: STOP,
      handle: visible(context, async (_, { actor, id, body }: RouteContext<unknown, Static<typeof ExcludeBody>>) =>
        answer(await stopRollout(context, actor, id, 'exclude', body.reason, body.items)),
      ),
    }),
  ];
}

function created(result: Result<Made<StoredRollout>, Failure>): Reply<Static<typeof RolloutSummary>> {
  if (!result.ok) return failure(result.error);
  const { made } = result.value;
  return { kind: 'answer', body: rolloutSummary(made), headers: { Location: `/v1/rollouts/${made.id}` } };
}

/** Without the lists that were added to the body: an absent condition is none, and an empty one selects nothing. */
function asSent(body: Static<typeof RolloutBody>, sent: unknown): Static<typeof RolloutBody> {
  const { items, select, waves, ...others } = body;
  const { select: conditions, ...lists } = given({ items, select, waves }, sent);
  return {
    ...others,
    ...(lists.items ? { items: lists.items } : {}),
    ...(lists.waves ? { waves: lists.waves } : {}),
    ...(conditions ? { select: selectAsSent(conditions, sent) } : {}),
  };
}

/** A rollout that the actor may not see is not there: their own, or one whose jobs they may all see. */
function visible<C extends RouteContext, T>(
  context: ApiContext,
  handle: (record: RolloutRecord, route: C) => Promise<Reply<T>>,
) {
  return async (of: C): Promise<Reply<T>> => {
    const record = await context.rollouts.record(of.id);
    const rights = await context.rights.read();
    const mine = record?.rollout.requester.id === of.actor.person.id;
    const sees = mine || record?.items.every(({ job }) => maySee(rights, of.actor, job)) === true;
    return record && sees ? handle(record, of) : failure({ kind: 'rollout-not-found' });
  };
}
