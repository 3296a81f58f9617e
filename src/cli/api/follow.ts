import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { notFixpoint, Refusal, unreachable } from './refusal.js';

/** The server sends at least a comment every 15 seconds: a connection that is silent for longer than this is broken (milliseconds). */
const MAX_SILENCE_MS = 45_000;
const MAX_DELAY_MS = 10_000;
/** A connection that brought no event but lasted for longer than this was a good one. */
const LASTED_MS = 5000;

/** How a stream is resumed. */
export interface Resumption {
  /** Milliseconds before the first attempt; doubled at each further one, up to 10 seconds. */
  readonly afterMs: number;
  /** Attempts in a row that bring nothing. */
  readonly attempts: number;
}

/** Gives up after about five minutes. */
export const RESUMPTION: Resumption = { afterMs: 500, attempts: 33 };

export interface StreamListener<Event> {
  take(event: Event): void;
  /** The connection broke; the next attempt begins after so many milliseconds. */
  lost?(delayMs: number): void;
  resumed?(): void;
}

export interface StreamSource<Event> {
  readonly url: string;
  readonly resume: Resumption;
  readonly listener: StreamListener<Event>;
  /** The stream after this event. @throws Refusal */
  open(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
}

/** The connection ended before the stream did. */
class ConnectionLost extends Error {}

/**
 * Passes each event of a stream on once, until its event `end`. A connection that breaks is opened again from the last event.
 * @throws Refusal when the first connection fails, when the server refuses to go on, or after so many attempts that brought nothing.
 */
export async function followStream<Event>(source: StreamSource<Event>): Promise<void> {
  const { url, listener, resume } = source;
  let last: string | undefined;
  let lastError: unknown;
  let isOpened = false;
  let openedAt = 0;
  for (let attempts = 0; ;) {
    try {
      for await (const message of messagesOf(source, last)) {
        if (message === 'open') {
          if (isOpened) listener.resumed?.();
          isOpened = true;
          openedAt = performance.now();
          continue;
        }
        // A connection that brings a comment and breaks at once, again and again, is given up.
        if (message !== 'comment' || performance.now() - openedAt > LASTED_MS) attempts = 0;
        if (message === 'comment') continue;
        const { id, event = 'message', data } = message;
        if (id !== undefined) {
          if (last !== undefined && Number(id) <= Number(last)) continue;
          last = id;
        }
        // The one place where an event gets the type that the document says it has.
        listener.take({ ...(id === undefined ? {} : { id }), event, data: valueOf(data, url) } as Event);
        if (event === 'end') return;
      }
    } catch (error) {
      if (!isOpened || !isPassing(error)) throw error;
      lastError = error;
    }
    // What the last attempt failed by says more than that there were many.
    if (attempts === resume.attempts)
      throw lastError instanceof Refusal && lastError.code === 'server-unreachable' ? lastError : unreachable(url);
    const delay = Math.min(resume.afterMs * 2 ** attempts, MAX_DELAY_MS) * (0.8 + Math.random() * 0.4);
    attempts += 1;
    listener.lost?.(delay);
    await sleep(delay);
  }
}

/** What one connection brings: that it is open, then comments and events. */
async function* messagesOf<Event>(
  { open }: StreamSource<Event>,
  last: string | undefined,
): AsyncGenerator<'open' | 'comment' | EventSourceMessage> {
  const broken = new AbortController();
  const silence = setTimeout(() => broken.abort(), MAX_SILENCE_MS);
  try {
    const response = await open(last, broken.signal);
    yield 'open';
    const received: ('comment' | EventSourceMessage)[] = [];
    const parser = createParser({
      onEvent: (message) => received.push(message),
      onComment: () => received.push('comment'),
    });
    const decoder = new TextDecoder();
    const body: ReadableStream<Uint8Array> | null = response.body;
    const reader = body?.getReader();
    for (;;) {
      const part = await reader?.read().catch(() => {
        throw new ConnectionLost();
      });
      if (part === undefined || part.done) return;
      silence.refresh();
      parser.feed(decoder.decode(part.value, { stream: true }));
      yield* received.splice(0);
    }
  } finally {
    clearTimeout(silence);
    broken.abort();
  }
}

/** Whether a later attempt may succeed: the connection broke, the server is down or overloaded. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Refusal)) return error instanceof ConnectionLost;
  const { status = 0 } = error.problem;
  return error.code === 'server-unreachable' || status === 429 || status >= 500;
}

function valueOf(data: string, url: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    throw notFixpoint(url, 200, 'an event that is not JSON');
  }
}
