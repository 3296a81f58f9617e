import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { usage } from '../terminal.js';
import { followStream, RESUMPTION, type Resumption, type StreamListener } from './follow.js';
import { inWords } from './in-words.js';
import { REQUIRED } from './required.js';
import { isProblem, notFixpoint, Refusal, unreachable } from './refusal.js';
import {
  Unchecked,
  type Answer,
  type Arguments,
  type Input,
  type Method,
  type Operation,
  type PathOf,
  type PathWith,
  type StreamEvent,
  type StreamPath,
  type TextArguments,
} from './types.js';

/** One method of the API: what a path takes and answers comes from the OpenAPI document. @throws Refusal */
type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...input: Arguments<Operation<P, M>>
) => Promise<Answer<Operation<P, M>>>;

/** The HTTP API as one person. Every method throws a Refusal for whatever is not a success. */
export interface Client {
  readonly url: string;
  readonly get: Call<'get'>;
  /** Each call has an Idempotency-Key of its own. */
  readonly post: Call<'post'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;
  /** An answer of this media type, as text. */
  text<M extends TextMedia, P extends PathWith<M>>(media: M, path: P, ...input: TextArguments<P>): Promise<string>;
  /** The events of a stream until its event `end`, each once; a connection that breaks is resumed. */
  follow<P extends StreamPath>(
    path: P,
    input: Input<Operation<P, 'get'>>,
    listener: StreamListener<StreamEvent<P>>,
  ): Promise<void>;
}

/** Media types of text that is no single JSON value. */
export type TextMedia = 'application/jsonl' | 'text/csv';

export interface ClientOptions {
  readonly url: string;
  readonly token: string;
  readonly resume?: Resumption;
  /** Waits before a request that came too early is sent again with its key; says so to the person. */
  readonly pause?: (seconds: number) => Promise<void>;
}

/** The longest wait, in seconds, that a person is made to sit through for one request; a longer one is refused at once. */
const LONGEST_WAIT_S = 120;
const MOST_WAITS = 20;

/** On stderr, so that what a command prints stays what it is. */
async function pauseAloud(seconds: number): Promise<void> {
  console.error(`There were too many requests: the next try is in ${seconds} s.`);
  await sleep(seconds * 1000);
}

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

export function createClient({ url, token, resume = RESUMPTION, pause = pauseAloud }: ClientOptions): Client {
  const send = async (
    method: string,
    path: string,
    input: AnyInput = {},
    more: RequestInit = {},
  ): Promise<Response> => {
    const { body } = input;
    const key = randomUUID();
    const once = () =>
      fetch(url + addressOf(path, input), {
        ...more,
        method,
        headers: {
          ...more.headers,
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'POST' ? { 'idempotency-key': key } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body instanceof Unchecked ? body.value : body) }),
      }).catch((error: unknown) => {
        throw unreachable(url, error);
      });
    let response = await once();
    for (let waits = 0; response.status === 429 && waits < MOST_WAITS; waits++) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      if (!(seconds > 0 && seconds <= LONGEST_WAIT_S)) break;
      await response.body?.cancel();
      await pause(seconds);
      response = await once();
    }
    if (response.ok) return response;
    const problem = parsed(await response.text().catch(() => ''));
    throw isProblem(problem) ? new Refusal(inWords(problem, input)) : unlike(response);
  };
  const unlike = (response: Response) =>
    notFixpoint(url, response.status, response.headers.get('content-type') ?? 'no content');
  /** The text of a success, whose media type must be that one. */
  const read = async (response: Response, media: string): Promise<string> => {
    if (!mediaOf(response).startsWith(media)) throw unlike(response);
    return response.text().catch((error: unknown) => {
      throw unreachable(url, error);
    });
  };
  const call =
    <M extends Method>(method: M): Call<M> =>
    async <P extends PathOf<M>>(path: P, ...[input]: Arguments<Operation<P, M>>) => {
      const response = await send(method.toUpperCase(), path, input);
      const text = response.status === 204 ? undefined : await read(response, 'application/json');
      const answer = text === undefined ? undefined : parsed(text);
      const missing = missingIn(answer, REQUIRED[`${method} ${path}`] ?? []);
      if (missing.length > 0) throw notFixpoint(url, response.status, `JSON without ${missing.join(', ')}`);
      // The one place where an answer gets the type that the document says it has.
      return answer as Answer<Operation<P, M>>;
    };
  return {
    url,
    get: call('get'),
    post: call('post'),
    patch: call('patch'),
    delete: call('delete'),
    text: async (media, path, ...[query, names]) =>
      read(await send('GET', path, { ...(query ? { query } : {}), ...(names ? { path: names } : {}) }), media),
    follow: (path, input, listener) =>
      followStream({
        url,
        resume,
        listener,
        async open(lastEventId, signal) {
          const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
          const response = await send('GET', path, input, { headers, signal });
          if (!mediaOf(response).startsWith('text/event-stream')) throw unlike(response);
          return response;
        },
      }),
  };
}

const mediaOf = (response: Response): string => response.headers.get('content-type') ?? '';

function addressOf(path: string, { path: names = {}, query = {} }: AnyInput): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segmentOf(names[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.append(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

/** @throws CommanderError (usage) for a text that would make another path of the address */
function segmentOf(name: string): string {
  if (/^\.{0,2}$/.test(name)) throw usage(`"${name}" is not a name or an id.`);
  return encodeURIComponent(name);
}

/** A value; undefined for text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const missingIn = (value: unknown, members: readonly string[]): readonly string[] =>
  value !== null && typeof value === 'object' ? members.filter((name) => !Object.hasOwn(value, name)) : members;
