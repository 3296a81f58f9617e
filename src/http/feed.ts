import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Request, Response } from 'express';
import type { Actor } from '../domain/people.js';
import type { JobFeed } from '../ports/job-feed.js';
import type { RightsSource } from '../ports/rights.js';
import { maySee } from './job-replies.js';
import { sendProblem } from './problem.js';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 20;

/**
 * Server-sent events over the feed of this process; at most 20 streams a person are open at once. A stream ends within one heartbeat
 * after its token ended, its person got other roles or the policy was changed: what it may show was decided when it was opened.
 */
export interface EventStreams {
  /** One job's events from where the reader left off, until it ends or the reader leaves. */
  job(actor: Actor, jobId: string, request: Request, response: Response): Promise<void>;
  /** Ids and states of what changes among the jobs that the actor may see. */
  mine(actor: Actor, request: Request, response: Response): Promise<void>;
}

export interface StreamOptions {
  readonly feed: Pick<JobFeed, 'follow' | 'changes'>;
  /** Who sends this request, as of now. */
  readonly authenticate: (request: Request) => Promise<Actor | undefined>;
  readonly rights: RightsSource;
  readonly heartbeatMs?: number;
}

export function createEventStreams({
  feed,
  authenticate,
  rights,
  heartbeatMs = HEARTBEAT_MS,
}: StreamOptions): EventStreams {
  const open = new Map<string, number>();

  async function stream(
    actor: Actor,
    { request, response }: Exchange,
    texts: (signal: AbortSignal) => AsyncIterable<string>,
  ): Promise<void> {
    const { digest: policy } = await rights.read();
    const count = open.get(actor.person.id) ?? 0;
    if (count >= MAX_STREAMS)
      return sendProblem(response, 429, 'too-many-streams', {
        detail: `A person may have at most ${MAX_STREAMS} open streams.`,
      });
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    // Its answer is the head alone, and is over with it.
    if (request.method === 'HEAD') return void response.end();
    open.set(actor.person.id, count + 1);
    response.flushHeaders();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    // Whoever left while it was looked up who they are is told of no more.
    if (response.destroyed) gone.abort();
    const beat = async () => {
      const now = await authenticate(request);
      // A policy that cannot be used shows nothing to anybody.
      const digest = await rights.read().then(
        (read) => read.digest,
        () => undefined,
      );
      // The stream may have ended meanwhile: a write after that would be an error without a listener, which ends the process.
      if (response.writableEnded) return;
      if (!isSame(actor, now) || digest !== policy) gone.abort();
      else response.write(': still here\n\n');
    };
    // Without a database nobody can be judged; nothing is sent then either, and the next heartbeat looks again.
    const heartbeat = setInterval(() => void beat().catch(() => undefined), heartbeatMs);
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
      stream(actor, { request, response }, async function* (signal) {
        const after = Number(request.headers['last-event-id'] ?? 0) || 0;
        for await (const item of feed.follow(jobId, after, signal)) {
          if (item.kind === 'end') yield `event: end\ndata: ${JSON.stringify({ state: item.state })}\n\n`;
          else {
            const { seq, kind, at, body } = item.event;
            yield `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ at, ...body })}\n\n`;
          }
        }
      }),
    mine: (actor, request, response) =>
      stream(actor, { request, response }, async function* (signal) {
        const now = await rights.read();
        for await (const job of feed.changes(signal)) {
          const { id, state } = job;
          if (maySee(now, actor, job)) yield `event: job\ndata: ${JSON.stringify({ kind: 'job', id, state })}\n\n`;
        }
      }),
  };
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

function isSame(before: Actor, now: Actor | undefined): boolean {
  return (
    now !== undefined && before.person.id === now.person.id && isDeepStrictEqual(before.person.roles, now.person.roles)
  );
}
