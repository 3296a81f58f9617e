import type { Static } from 'typebox';
import { NOT_ADMITTED } from '../../domain/admission.js';
import type { Job } from '../../domain/job.js';
import { isUuid } from '../../domain/uuid.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cancelJob } from '../../usecases/stop/cancel-job.js';
import { recordDecision } from '../../usecases/decide/record-decision.js';
import { requestRollback } from '../../usecases/submit/request-rollback.js';
import { unknownNames } from '../../usecases/unknown-names.js';
import { resolveJob } from '../../usecases/reconcile/resolve-job.js';
import { authenticate } from '../authenticate.js';
import { createEventStreams } from '../feed.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { scopedPage } from '../scoped.js';
import { invalidCursor, noSuchName } from '../problem.js';
import { failure, route, SENT, type Route, type RouteContext } from '../route.js';
import { JobsQuery, LastEventId, OutputQuery } from '../schemas/queries.js';
import { DecisionBody, ReasonBody, ResolveBody } from '../schemas/requests.js';
import {
  ChangeStreamEvent,
  JobDetail,
  JobPage,
  JobStreamEvent,
  JobSummary,
  OutputPage,
  PlanDocument,
} from '../schemas/responses.js';
import type { ShownDetail, ShownSummary } from '../views/job.js';
import { answer, maySee, showJob, summaryOf, targetNamed, visible } from '../job-replies.js';
import { created, SUBMISSION } from './submissions.js';

/** Codes of every move of a job. */
const MOVE = ['job-not-found', 'locked', 'grant-used', 'already-decided', 'duplicate-event'] as const;
const DECIDE = [
  ...(['not-allowed', 'own-request', 'not-an-approver', 'service-token', 'approval-expired', 'proof-invalid'] as const),
  ...(['key-required', 'key-unknown', 'key-revoked', 'signature-invalid'] as const),
  ...(['decision-stale', 'decision-replayed'] as const),
  ...([
    'execute-by',
    'not-awaiting-approval',
    'plan-changed',
    'plan-outdated',
    'request-changed',
    'of-a-rollout',
    'scan-only',
  ] as const),
  ...NOT_ADMITTED,
  'target-not-admitted',
] as const;

export function jobRoutes(context: ApiContext): readonly Route[] {
  const streams = createEventStreams({
    feed: context.feed,
    authenticate: (request) => authenticate(context, request),
    rights: context.rights,
  });
  return [
    route({
      method: 'get',
      path: '/jobs',
      summary: 'Jobs, newest first.',
      action: 'read-jobs',
      query: JobsQuery,
      answers: 200,
      answer: JobPage,
      handle: async ({ actor, query }) => {
        const { limit = DEFAULT_LIMIT, cursor, from, to, requester, target, ...filter } = query;
        const before = cursorText(cursor);
        if (before !== undefined && !isUuid(before)) return failure(invalidCursor);
        const rights = await context.rights.read();
        const all = !rights.denialAnywhere(actor.person, 'read-all-jobs');
        const names = { runbook: filter.runbook, target, requester: all ? requester : undefined };
        const unknown = await unknownNames(context, names);
        if (unknown.length > 0) return failure(noSuchName(unknown));
        // Who sees their own jobs alone finds none of anybody else.
        if (!all && requester !== undefined && requester !== actor.person.id)
          return { kind: 'answer', body: { items: [], next: null } };
        const whose = all ? requester : actor.person.id;
        const of = await targetNamed(context, target);
        const wanted = {
          ...filter,
          ...of,
          ...(whose === undefined ? {} : { requester: whose }),
          ...(from === undefined ? {} : { submittedFrom: new Date(from) }),
          ...(to === undefined ? {} : { submittedTo: new Date(to) }),
        };
        const { items, next } = await scopedPage<Job>(
          {
            read: (after, most) =>
              context.queries.list({ ...wanted, limit: most, ...(after === undefined ? {} : { before: after }) }),
            cursorOf: ({ id }) => id,
            see:
              all && !rights.everywhere(actor.person, 'read-all-jobs')
                ? (job) => maySee(rights, actor, job)
                : undefined,
          },
          before,
          limit,
        );
        return {
          kind: 'answer',
          body: { items: await Promise.all(items.map((job) => summaryOf(context, job))), next },
        };
      },
    }),
    route({
      method: 'get',
      path: '/jobs/:id',
      summary: 'One job with its plan, approvals, changes and timeline.',
      action: 'read-jobs',
      answers: 200,
      answer: JobDetail,
      problems: ['job-not-found'],
      handle: visible(context, (job) => showJob(context, job)),
    }),
    route({
      method: 'get',
      path: '/jobs/:id/plan',
      summary: 'The exact plan bytes: recompute the digest from them before you approve.',
      action: 'read-jobs',
      answers: 200,
      answer: PlanDocument,
      problems: ['job-not-found', 'not-found'],
      handle: visible(context, async (job, { response }) => {
        if (!job.plan) return failure({ kind: 'not-found' });
        response.type('application/json').setHeader('X-Plan-Digest', job.plan.digest).send(job.plan.bytes);
        return SENT;
      }),
    }),
    route({
      method: 'get',
      path: '/jobs/:id/output',
      summary: 'Stored stream records and progress.',
      action: 'read-jobs',
      query: OutputQuery,
      answers: 200,
      answer: OutputPage,
      problems: ['job-not-found'],
      handle: visible<RouteContext<Static<typeof OutputQuery>>, Static<typeof OutputPage>>(
        context,
        async (job, { query: { limit = DEFAULT_LIMIT, cursor } }) => {
          const after = Number(cursorText(cursor) ?? 0);
          if (!Number.isSafeInteger(after)) return failure(invalidCursor);
          const { items, next } = page(await context.events.after(job.id, after, limit), limit, ({ seq }) => `${seq}`);
          return { kind: 'answer', body: { items: items.filter(({ kind }) => kind !== 'state'), next } };
        },
      ),
    }),
    route({
      method: 'get',
      path: '/jobs/:id/events',
      summary: 'Server-sent events of one job; Last-Event-ID resumes without a gap.',
      action: 'read-jobs',
      headers: LastEventId,
      answers: 200,
      answer: JobStreamEvent,
      mediaType: 'text/event-stream',
      problems: ['job-not-found'],
      handle: visible(context, async (job, { request, response, actor }) => {
        await streams.job(actor, job.id, request, response);
        return SENT;
      }),
    }),
    route({
      method: 'get',
      path: '/events',
      summary: 'Server-sent events: what changed for you, ids and states only.',
      action: 'signed-in',
      answers: 200,
      answer: ChangeStreamEvent,
      mediaType: 'text/event-stream',
      handle: async ({ actor, request, response }) => {
        await streams.mine(actor, request, response);
        return SENT;
      },
    }),
    route({
      method: 'post',
      path: '/jobs/:id/decision',
      summary: 'Approve or reject exactly the plan you saw.',
      action: 'decide',
      judgesItself: true,
      body: DecisionBody,
      answers: 200,
      answer: JobDetail,
      problems: [...MOVE, ...DECIDE],
      handle: visible<RouteContext<unknown, Static<typeof DecisionBody>>, ShownDetail>(
        context,
        async (job, { actor, body: { executeBy, ...decision } }) => {
          const when = executeBy === undefined ? {} : { executeBy: new Date(executeBy) };
          return answer(context, await recordDecision(context, actor, job.id, { ...decision, ...when }));
        },
      ),
    }),
    route({
      method: 'post',
      path: '/jobs/:id/cancel',
      summary: 'Cancel. An in-progress change completes first.',
      action: 'cancel',
      body: ReasonBody,
      answers: 200,
      answer: JobDetail,
      problems: [...MOVE, 'not-allowed', 'already-ended'],
      handle: visible<WithReason, ShownDetail>(context, async (job, { actor, body }) =>
        answer(context, await cancelJob(context, actor, job.id, body.reason)),
      ),
    }),
    route({
      method: 'post',
      path: '/jobs/:id/rollback',
      summary: 'Request a rollback of this job.',
      action: 'rollback',
      body: ReasonBody,
      answers: 201,
      answer: JobSummary,
      problems: [
        ...SUBMISSION,
        ...NOT_ADMITTED,
        'job-not-found',
        'no-rollback',
        'not-ended',
        'nothing-to-undo',
        'undo-incomplete',
        'already-rolled-back',
        'values-erased',
      ],
      handle: visible<WithReason, ShownSummary>(context, async (job, { actor, body, idempotencyKey }) =>
        created(await requestRollback(context, actor, job.id, idempotencyKey, body.reason)),
      ),
    }),
    route({
      method: 'post',
      path: '/jobs/:id/resolve',
      summary: 'Record the outcome of a job that needs attention.',
      action: 'resolve',
      body: ResolveBody,
      answers: 200,
      answer: JobDetail,
      problems: [...MOVE, 'not-allowed', 'not-needing-attention', 'separation-of-duties', 'service-token'],
      handle: visible<RouteContext<unknown, Static<typeof ResolveBody>>, ShownDetail>(
        context,
        async (job, { actor, body: { resolution, reason } }) =>
          answer(context, await resolveJob(context, actor, job.id, resolution, reason)),
      ),
    }),
  ];
}

type WithReason = RouteContext<unknown, Static<typeof ReasonBody>>;
