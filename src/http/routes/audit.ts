import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { searchAudit, type AuditSearch } from '../../usecases/audit/search-audit.js';
import { unknownNames } from '../../usecases/unknown-names.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor, noSuchName } from '../problem.js';
import { failure, route, SENT, type Route } from '../route.js';
import { AuditQuery } from '../schemas/queries.js';
import { AuditPage } from '../schemas/responses.js';
import { auditEntry, csvHead, csvLine, type ShownEvent } from '../views/audit.js';

const MEDIA = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' } as const;
/** Events that are read at a time for a response that is no page. */
const STEP = 500;

export function auditRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/audit',
      summary: 'Audit events, oldest first; auditors see all, others those of their own jobs.',
      action: 'read-audit',
      query: AuditQuery,
      answers: 200,
      answer: AuditPage,
      otherForms: {
        'text/csv': 'A heading and one line for each event.',
        'application/jsonl': 'One event on each line.',
      },
      handle: async ({ actor, query, response }) => {
        const { limit, cursor, from, to, format = 'json', ...filter } = query;
        const after = Number(cursorText(cursor) ?? 0);
        if (!Number.isSafeInteger(after)) return failure(invalidCursor);
        const all = (await context.rights.read()).everywhere(actor.person, 'read-all-audit');
        const { person, runbook, target } = filter;
        // Who sees the events of their own jobs alone is not shown who else there is.
        const names = { person: all ? person : undefined, runbook, target };
        const unknown = await unknownNames(context, names);
        if (unknown.length > 0) return failure(noSuchName(unknown));
        const search = {
          ...filter,
          ...(from === undefined ? {} : { from: new Date(from) }),
          ...(to === undefined ? {} : { to: new Date(to) }),
          ...(all ? {} : { ownJobsOf: actor.person.id }),
          ...(after > 0 ? { after } : {}),
        };
        if (format !== 'json')
          return send(response, MEDIA[format], everyEvent(context, format, search, limit ?? Infinity));
        const found = await searchAudit(context, { ...search, limit: limit ?? DEFAULT_LIMIT });
        // An event that is not chained yet has no number: what follows it comes with a later look from the start of this page.
        const { items, next } = page(found, limit ?? DEFAULT_LIMIT, ({ stored }) => `${stored.seq}`);
        const last = found.at(-1)?.stored.seq;
        return { kind: 'answer', body: { items: items.map(auditEntry), next: last === undefined ? null : next } };
      },
    }),
    route({
      method: 'get',
      path: '/audit/export',
      summary: 'Every chained event as JSON Lines, exact bytes: input of the offline verifier.',
      action: 'read-all-audit',
      answers: 200,
      mediaType: 'application/jsonl',
      handle: ({ response }) => send(response, 'application/jsonl', everyLink(context)),
    }),
  ];
}

/** Every event that fits, at most `most`, as text of that form. Read as they are sent: no list of all of them is held. */
async function* everyEvent(
  context: ApiContext,
  format: 'csv' | 'jsonl',
  search: Omit<AuditSearch, 'limit'>,
  most: number,
): AsyncGenerator<string> {
  const line = format === 'csv' ? csvLine : (event: ShownEvent) => `${JSON.stringify(event)}\n`;
  let left = most;
  let after = search.after ?? 0;
  let head = format === 'csv' ? csvHead() : '';
  while (left > 0) {
    const limit = Math.min(left, STEP);
    const found = await searchAudit(context, { ...search, after, limit });
    yield head + found.map((event) => line(auditEntry(event))).join('');
    head = '';
    left -= found.length;
    const last = found.at(-1)?.stored.seq;
    // Events that are not chained yet come last, and have no number to go on from.
    if (found.length < limit || last === undefined) return;
    after = last;
  }
}

async function* everyLink(context: ApiContext): AsyncGenerator<string> {
  for (let seq = 0; ;) {
    const links = await context.audit.chained(seq, 1000);
    yield links.map((link) => `${JSON.stringify(link)}\n`).join('');
    const last = links.at(-1);
    if (!last) return;
    seq = last.seq;
  }
}

/** What Node calls a response whose reader has left: during the sending, and (newer versions of Node) before it began. */
const READER_LEFT: readonly unknown[] = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE'];

/** Sends text as it comes. A fault before the first part is answered as a problem; a later one ends the connection. */
async function send(response: Response, type: string, parts: AsyncGenerator<string>) {
  const first = await parts.next();
  response.type(type);
  if (first.done !== true) response.write(first.value);
  await pipeline(Readable.from(parts), response).catch((error: NodeJS.ErrnoException) => {
    // Nobody is there to be told.
    if (!READER_LEFT.includes(error.code)) throw error;
  });
  return SENT;
}
