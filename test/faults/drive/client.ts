import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ApiAnswer } from '../checker/ledgers.js';
import { sleep } from '../rig/folders.js';
import { createPatience } from '../../support/patience.js';

export interface Answer {
  /** 0: no answer came. */
  readonly status: number;
  readonly body: any;
}

export interface Client {
  call(who: string, method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  /** Calls until an answer comes that is none of 0, 429, 500, 503; with one Idempotency-Key, the caller's or its own. */
  insist(who: string, method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
}

/** Speaks to the API as people do. Every answer to a request that changes something is a line of the log: what was acknowledged. */
export function createClient(url: string, tokens: Readonly<Record<string, string>>, log: string): Client {
  const call: Client['call'] = async (who, method, path, body, key = randomBytes(8).toString('hex')) => {
    const at = Date.now();
    let answer: Answer;
    try {
      const response = await fetch(url + path, {
        method,
        signal: AbortSignal.timeout(60_000),
        headers: {
          authorization: `Bearer ${tokens[who] ?? ''}`,
          connection: 'close',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'POST' ? { 'idempotency-key': key } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json(;|$)/.test(response.headers.get('content-type') ?? '') && text.startsWith('{');
      answer = { status: response.status, body: isJson && !path.endsWith('/plan') ? JSON.parse(text) : text };
    } catch {
      answer = { status: 0, body: undefined };
    }
    const plan = path.endsWith('/plan') && answer.status === 200;
    if (method !== 'GET' || plan) {
      const { id, state, code } = (typeof answer.body === 'object' ? (answer.body ?? {}) : {}) as Record<
        string,
        string
      >;
      const line: ApiAnswer = {
        at,
        who,
        method,
        path,
        status: answer.status,
        ...(method === 'POST' ? { key } : {}),
        ...(id === undefined ? {} : { job: id }),
        ...(state === undefined ? {} : { state }),
        ...(code === undefined ? {} : { code }),
        ...(plan ? { plan: answer.body as string } : {}),
        ...(body === undefined ? {} : { request: body }),
      };
      // An answer that comes when the run is over and its files are gone is nobody's any more.
      if (existsSync(dirname(log))) appendFileSync(log, `${JSON.stringify(line)}\n`);
    }
    return answer;
  };
  return {
    call,
    async insist(who, method, path, body, key = randomBytes(8).toString('hex')) {
      const patience = createPatience(path);
      for (;;) {
        const answer = await call(who, method, path, body, key);
        if (![0, 429, 500, 503].includes(answer.status) || patience.isOver('unanswered')) return answer;
        await sleep(250);
      }
    },
  };
}
