import { isCode } from '../../domain/codes/index.js';
import { isEnd, STATES, type Job, type State } from '../../domain/job.js';
import { authorise, type Actor } from '../../domain/people.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cancelJob } from '../../usecases/stop/cancel-job.js';
import { decideApproval } from '../../usecases/decide/record-decision.js';
import { requestRollback } from '../../usecases/submit/request-rollback.js';
import { settleJob } from '../../usecases/settle/resolve-job.js';
import { submitJob, type JobRequest } from '../../usecases/submit/submit-job.js';
import { jobDetail, jobSummary } from '../views/job.js';
import { sendFailure, type Failure } from '../problem.js';
import { cursorIn, limitIn, page, textIn, timeIn, type Route, type RouteContext } from '../routing.js';
import { DecisionBody, ReasonBody, SettleBody, SubmitBody } from '../schemas/requests.js';
import { createEventStreams } from '../feed.js';

export function jobRoutes(context: ApiContext): readonly Route[] {
  const streams = createEventStreams(context.feed);
  return [
    {
      method: 'post',
      path: '/jobs',
      summary: 'Submit a request; planning follows, nothing is changed before an approval.',
      action: 'submit',
      body: SubmitBody,
      answers: 201,
      handle: async ({ actor, body, idempotencyKey, response }) => {
        const submitted = await submitJob(context, actor, idempotencyKey, body as JobRequest);
        if (!submitted.ok) return sendFailure(response, submitted.error);
        response.location(`/v1/jobs/${submitted.value.made.id}`).status(201).json(jobSummary(submitted.value.made));
      },
    },
    {
      method: 'get',
      path: '/jobs',
      summary: 'Jobs, newest first.',
      action: 'read-jobs',
      answers: 200,
      handle: async ({ actor, request, response }) => {
        const all = !authorise(actor.person, 'read-all-jobs');
        const state = textIn(request, 'state');
        const limit = limitIn(request);
        const submittedFrom = timeIn(request, 'from');
        const submittedTo = timeIn(request, 'to');
        const runbook = textIn(request, 'runbook');
        const target = textIn(request, 'target');
        const before = cursorIn(request);
        const requester = all ? textIn(request, 'requester') : actor.person.id;
        const uuid = /^[0-9a-f-]{36}$/;
        if ((target !== undefined && !uuid.test(target)) || (before !== undefined && !uuid.test(before))) {
          return void response.json(page([], limit, () => ''));
        }
        const jobs = await context.queries.list({
          limit,
          ...(STATES.includes(state as State) ? { state: state as State } : {}),
          ...(runbook === undefined ? {} : { runbook }),
          ...(target === undefined ? {} : { target }),
          ...(requester === undefined ? {} : { requester }),
          ...(submittedFrom ? { submittedFrom } : {}),
          ...(submittedTo ? { submittedTo } : {}),
          ...(before === undefined ? {} : { before }),
        });
        response.json(page(await Promise.all(jobs.map((job) => summaryOf(context, job))), limit, ({ id }) => id));
      },
    },
    {
      method: 'get',
      path: '/jobs/:id',
      summary: 'One job with its plan, approvals, changes and timeline.',
      action: 'read-jobs',
      answers: 200,
      handle: visible(context, async (job, { response }) => showJob(context, job, response)),
    },
    {
      method: 'get',
      path: '/jobs/:id/plan',
      summary: 'The exact plan bytes: recompute the digest from them before you approve.',
      action: 'read-jobs',
      answers: 200,
      handle: visible(context, async (job, { response }) => {
        if (!job.plan) return sendFailure(response, { kind: 'not-found' });
        response.type('application/json').setHeader('X-Plan-Digest', job.plan.digest).send(job.plan.bytes);
      }),
    },
    {
      method: 'get',
      path: '/jobs/:id/output',
      summary: 'Stored stream records and progress.',
      action: 'read-jobs',
      answers: 200,
      handle: visible(context, async (job, { request, response }) => {
        const limit = limitIn(request, 1000);
        const records = await context.events.after(job.id, Number(cursorIn(request) ?? 0) || 0, limit);
        const shown = records.filter(({ kind }) => kind !== 'state');
        const next = records.length === limit ? Buffer.from(String(records.at(-1)?.seq)).toString('base64url') : null;
        response.json({ items: shown, next });
      }),
    },
    {
      method: 'get',
      path: '/jobs/:id/events',
      summary: 'Server-sent events of one job; Last-Event-ID resumes without a gap.',
      action: 'read-jobs',
      answers: 200,
      handle: visible(context, (job, { request, response, actor }) => streams.job(actor, job.id, request, response)),
    },
    {
      method: 'get',
      path: '/events',
      summary: 'Server-sent events: what changed for you, ids and states only.',
      action: 'signed-in',
      answers: 200,
      handle: ({ actor, request, response }) => streams.mine(actor, request, response),
    },
    {
      method: 'post',
      path: '/jobs/:id/decision',
      summary: 'Approve or reject exactly the plan you saw.',
      action: 'signed-in',
      body: DecisionBody,
      answers: 200,
      handle: visible(context, async (job, { actor, body, response }) => {
        const { executeBy, ...decision } = body as { executeBy?: string } & Parameters<typeof decideApproval>[3];
        const when = typeof executeBy === 'string' ? { executeBy: new Date(executeBy) } : {};
        const decided = await decideApproval(context, actor, job.id, { ...decision, ...when });
        if (!decided.ok) return sendFailure(response, decided.error);
        return showJob(context, decided.value, response);
      }),
    },
    {
      method: 'post',
      path: '/jobs/:id/cancel',
      summary: 'Cancel. An in-progress change completes first.',
      action: 'cancel',
      body: ReasonBody,
      answers: 200,
      handle: visible(context, async (job, { actor, body, response }) =>
        answer(context, response, await cancelJob(context, actor, job.id, (body as { reason: string }).reason)),
      ),
    },
    {
      method: 'post',
      path: '/jobs/:id/rollback',
      summary: 'Request a rollback of this job.',
      action: 'rollback',
      body: ReasonBody,
      answers: 201,
      handle: visible(context, async (job, { actor, body, idempotencyKey, response }) => {
        const { reason } = body as { reason: string };
        const requested = await requestRollback(context, actor, job.id, idempotencyKey, reason);
        if (!requested.ok) return sendFailure(response, requested.error);
        response.location(`/v1/jobs/${requested.value.made.id}`).status(201).json(jobSummary(requested.value.made));
      }),
    },
    {
      method: 'post',
      path: '/jobs/:id/settle',
      summary: 'Record the outcome of a job that needs attention.',
      action: 'settle',
      body: SettleBody,
      answers: 200,
      handle: visible(context, async (job, { actor, body, response }) => {
        const { resolution, reason } = body as { resolution: 'in-place' | 'not-in-place'; reason: string };
        return answer(context, response, await settleJob(context, actor, job.id, resolution, reason));
      }),
    },
  ];
}

/** The runbook is read only where its own codes are needed. */
async function summaryOf(context: ApiContext, job: Job) {
  if (job.code === undefined || isCode(job.code)) return jobSummary(job);
  const runbook = await context.catalogue.get(job.runbook.contentDigest);
  return jobSummary(job, runbook?.manifest.codes);
}

/** A job that the actor may not see is not there. */
function visible(context: ApiContext, handle: (job: Job, route: RouteContext) => Promise<void>) {
  return async (route: RouteContext): Promise<void> => {
    const job = await context.jobs.get(String(route.request.params.id));
    if (!job || !maySee(route.actor, job)) return sendFailure(route.response, { kind: 'job-not-found' });
    return handle(job, route);
  };
}

export function maySee(actor: Actor, job: Pick<Job, 'requester'>): boolean {
  return job.requester.id === actor.person.id || !authorise(actor.person, 'read-all-jobs');
}

async function answer(
  context: ApiContext,
  response: RouteContext['response'],
  result: { ok: true; value: Job } | { ok: false; error: Failure },
): Promise<void> {
  return result.ok ? showJob(context, result.value, response) : sendFailure(response, result.error);
}

async function showJob(context: ApiContext, job: Job, response: RouteContext['response']): Promise<void> {
  const [view, story, manifest] = await Promise.all([
    context.jobs.view(job.id),
    context.events.after(job.id, 0, 5000),
    context.catalogue.manifest(job.runbook.contentDigest),
  ]);
  const current = view?.job ?? job;
  response.setHeader('ETag', `"${current.revision}"`);
  if (!isEnd(current.state)) response.setHeader('Cache-Control', 'no-store');
  response.json(jobDetail(current, view?.journal ?? [], view?.decisions ?? [], story, manifest));
}
