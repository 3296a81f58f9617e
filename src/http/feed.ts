import { once } from 'node:events';
import type { Request, Response } from 'express';
import { authorise, type Actor } from '../domain/people.js';
import type { JobFeed } from '../ports/job-feed.js';
import { sendProblem } from './problem.js';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 20;

/** Server-sent events over the feed of this process; at most 20 streams a person are open at once. */
export interface EventStreams {
  /** One job's events from where the reader left off, until it ends or the reader leaves. */
  job(actor: Actor, jobId: string, request: Request, response: Response): Promise<void>;
  /** Ids and states of what changes among the jobs that the actor may see. */
  mine(actor: Actor, request: Request, response: Response): Promise<void>;
}

export function createEventStreams(feed: JobFeed): EventStreams {
  const open = new Map<string, number>();

  async function stream(
    actor: Actor,
    response: Response,
    texts: (signal: AbortSignal) => AsyncIterable<string>,
  ): Promise<void> {
    const count = open.get(actor.person.id) ?? 0;
    if (count >= MAX_STREAMS)
      return sendProblem(response, 429, 'too-many-streams', {
        detail: `A person may have at most ${MAX_STREAMS} open streams.`,
      });
    open.set(actor.person.id, count + 1);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
    try {
      for await (const text of texts(gone.signal))
        if (!response.write(text)) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
    } finally {
      clearInterval(heartbeat);
      const left = (open.get(actor.person.id) ?? 1) - 1;
      if (left === 0) open.delete(actor.person.id);
      else open.set(actor.person.id, left);
      response.end();
    }
  }

  return {
    job: (actor, jobId, request, response) =>
      stream(actor, response, async function* (signal) {
        const after = Number(request.headers['last-event-id'] ?? 0) || 0;
        for await (const item of feed.follow(jobId, after, signal)) {
          if (item.kind === 'end') yield `event: end\ndata: ${JSON.stringify({ state: item.state })}\n\n`;
          else {
            const { seq, kind, at, body } = item.event;
            yield `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ at, ...body })}\n\n`;
          }
        }
      }),
    mine: (actor, _request, response) =>
      stream(actor, response, async function* (signal) {
        const all = !authorise(actor.person, 'read-all-jobs');
        for await (const { id, state, requester } of feed.changes(signal))
          if (all || requester.id === actor.person.id)
            yield `event: job\ndata: ${JSON.stringify({ kind: 'job', id, state })}\n\n`;
      }),
  };
}
