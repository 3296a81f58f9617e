import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeDirectory } from '../platform/install-root.js';

/** An answer that says no: shown in words, exit code 1. */
export class Refusal extends Error {
  readonly code: string;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem.title ?? problem.code));
    this.name = 'Refusal';
    this.code = String(problem.code);
    this.problem = problem;
  }
}

export interface Client {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  text(path: string): Promise<string>;
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, key?: string): Promise<T>;
  /** Server-sent events until the stream ends. */
  follow(path: string, take: (event: string, data: Readonly<Record<string, unknown>>) => void): Promise<void>;
}

export interface ClientOptions {
  readonly url: string;
  readonly token: string;
}

/** FIXPOINT_URL and FIXPOINT_TOKEN, or one of the demo people. @throws Refusal when there is no token. */
export function clientFromEnvironment(as?: string): Client {
  const url = process.env.FIXPOINT_URL ?? `http://127.0.0.1:${process.env.FIXPOINT_PORT ?? 8400}`;
  const token = as === undefined ? process.env.FIXPOINT_TOKEN : demoToken(as);
  if (token === undefined) {
    throw new Refusal({
      code: 'not-signed-in',
      title: 'No token.',
      detail: 'Set FIXPOINT_TOKEN, or name a demo person with --as, such as --as helpdesk.',
    });
  }
  return createClient({ url, token });
}

function demoToken(as: string): string {
  const path = join(homeDirectory(), 'demo.json');
  const missing = (detail: string) =>
    new Refusal({ code: 'not-signed-in', title: `There is no demo person ${as}.`, detail });
  let people: Readonly<Record<string, { readonly token: string }>>;
  try {
    people = JSON.parse(readFileSync(path, 'utf8')) as typeof people;
  } catch {
    throw missing(`${path} is not there: the demo people exist while npm run demo is up.`);
  }
  const person = Object.hasOwn(people, as) ? people[as] : undefined;
  if (!person) throw missing(`They are: ${Object.keys(people).join(', ')}.`);
  return person.token;
}

export function createClient({ url, token }: ClientOptions): Client {
  const request = async (method: string, path: string, body?: unknown, key?: string): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'POST' ? { 'idempotency-key': key ?? randomUUID() } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refusal({
        code: 'server-unreachable',
        title: `Fixpoint does not answer at ${url}.`,
        detail: 'Start it with npm start, or set FIXPOINT_URL.',
      });
    }
    if (response.ok) return response;
    const problem = (await response
      .json()
      .catch(() => ({ code: `http-${response.status}`, title: response.statusText }))) as Record<string, unknown>;
    throw new Refusal(problem);
  };
  return {
    url,
    get: async <T>(path: string) => (await (await request('GET', path)).json()) as T,
    text: async (path) => (await request('GET', path)).text(),
    send: async <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, key?: string) => {
      const response = await request(method, path, body, key);
      return (response.status === 204 ? undefined : await response.json()) as T;
    },
    async follow(path, take) {
      const response = await request('GET', path);
      let waiting = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        waiting += decoder.decode(chunk, { stream: true });
        for (let end = waiting.indexOf('\n\n'); end >= 0; end = waiting.indexOf('\n\n')) {
          const lines = waiting.slice(0, end).split('\n');
          waiting = waiting.slice(end + 2);
          const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          const data = field('data');
          if (data !== undefined) take(field('event') ?? 'message', JSON.parse(data) as Record<string, unknown>);
        }
      }
    },
  };
}
