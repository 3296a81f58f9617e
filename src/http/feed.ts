import type { Request, Response } from 'express';
import { isEnd } from '../domain/job.js';
import { authorise, type Actor } from '../domain/people.js';
import type { ApiContext } from '../usecases/api-context.js';
import { sendProblem } from './problem.js';

const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 20;
const LOOK_MS = 5_000;
const open = new Map<string, number>();

/** Notices of one process: each open stream hears of the jobs that changed. */
const watchers = new Set<(jobId: string) => void>();

/** Feeds the streams of this process; one per API. */
export function notifyStreams(jobId: string): void {
  for (const watcher of watchers) watcher(jobId);
}

/** One job's story from where the reader left off, until it ends or the reader leaves. */
export async function streamJob(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  request: Request,
  response: Response,
): Promise<void> {
  let seq = Number(request.headers['last-event-id'] ?? 0) || 0;
  await stream(actor, request, response, async (send, changed) => {
    for (;;) {
      const events = await context.events.after(jobId, seq, 500);
      for (const { seq: id, kind, at, body } of events) {
        send(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ at, ...body })}\n\n`);
        seq = id;
      }
      if (events.length > 0) continue;
      const job = await context.jobs.get(jobId);
      if (!job || isEnd(job.state))
        return send(`event: end\ndata: ${JSON.stringify({ state: job?.state ?? 'gone' })}\n\n`);
      if (!(await changed(jobId))) return;
    }
  });
}

/** Ids and states of what changed among the jobs that the actor may see. */
export async function streamMine(
  context: ApiContext,
  actor: Actor,
  request: Request,
  response: Response,
): Promise<void> {
  await stream(actor, request, response, async (send, changed) => {
    for (;;) {
      const jobId = await changed();
      if (jobId === false) return;
      const job = jobId === '' ? undefined : await context.jobs.get(jobId);
      const mine = job && (job.requester.id === actor.person.id || !authorise(actor.person, 'read-all-jobs'));
      if (mine) send(`event: job\ndata: ${JSON.stringify({ kind: 'job', id: job.id, state: job.state })}\n\n`);
    }
  });
}

type Changed = (only?: string) => Promise<string | false>;

async function stream(
  actor: Actor,
  request: Request,
  response: Response,
  run: (send: (text: string) => void, changed: Changed) => Promise<void>,
): Promise<void> {
  const count = open.get(actor.person.id) ?? 0;
  if (count >= MOST_STREAMS)
    return sendProblem(response, 429, 'too-many-streams', `At most ${MOST_STREAMS} streams a person.`);
  open.set(actor.person.id, count + 1);
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  let gone = false;
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  const watcher = (jobId: string) => {
    if (waiting.length < 1000) waiting.push(jobId);
    wake();
  };
  watchers.add(watcher);
  request.on('close', () => {
    gone = true;
    wake();
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  const changed: Changed = async (only) => {
    for (;;) {
      if (gone) return false;
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
        if (only === undefined || id === only) return id;
      // A notice may be lost with its connection: look from time to time.
      const looked = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
      if (looked && !gone) return only ?? '';
    }
  };
  try {
    await run((text) => response.write(text), changed);
  } finally {
    clearInterval(heartbeat);
    watchers.delete(watcher);
    const left = (open.get(actor.person.id) ?? 1) - 1;
    if (left === 0) open.delete(actor.person.id);
    else open.set(actor.person.id, left);
    response.end();
  }
}
