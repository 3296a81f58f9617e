import { authorise } from '../../domain/people.js';
import type { RunbookEntry } from '../../ports/catalogue.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor } from '../problem.js';
import { failure, route, SENT, type Route } from '../route.js';
import { AuditQuery } from '../schemas/queries.js';
import { AuditPage, Frozen, Me, RunbookDetail, RunbookPage } from '../schemas/responses.js';
import { auditEntry } from '../views/audit.js';

export function catalogueRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/me',
      summary: 'Who you are.',
      action: 'signed-in',
      answers: 200,
      answer: Me,
      handle: async ({ actor }) => {
        const { id, name, roles } = actor.person;
        return { kind: 'answer', body: { id, name, roles, token: { id: actor.tokenId, kind: actor.tokenKind } } };
      },
    }),
    route({
      method: 'get',
      path: '/runbooks',
      summary: 'The catalogue, and the folders that were refused, with the reasons.',
      action: 'signed-in',
      answers: 200,
      answer: RunbookPage,
      handle: async ({ request }) => {
        const zh = request.acceptsLanguages('en', 'zh-TW') === 'zh-TW';
        const items = (await context.catalogue.list()).map((entry) => shown(entry, zh));
        return { kind: 'answer', body: { items, next: null, refused: await context.catalogue.refused() } };
      },
    }),
    route({
      method: 'get',
      path: '/runbooks/:id',
      summary: 'One runbook: manifest, digest, parameters, actions, rollback.',
      action: 'signed-in',
      answers: 200,
      answer: RunbookDetail,
      problems: ['runbook-not-found'],
      handle: async ({ id, request }) => {
        const entry = await context.catalogue.current(id);
        if (!entry) return failure({ kind: 'runbook-not-found' });
        const zh = request.acceptsLanguages('en', 'zh-TW') === 'zh-TW';
        return { kind: 'answer', body: { ...shown(entry, zh), manifest: entry.manifest } };
      },
    }),
    route({
      method: 'get',
      path: '/freeze',
      summary: 'Whether new work is frozen.',
      action: 'signed-in',
      answers: 200,
      answer: Frozen,
      handle: async () => ({ kind: 'answer', body: await context.freeze.read() }),
    }),
    route({
      method: 'get',
      path: '/audit',
      summary: 'Audit events, oldest first; auditors see all, others those of their own jobs.',
      action: 'read-audit',
      query: AuditQuery,
      answers: 200,
      answer: AuditPage,
      handle: async ({ actor, query }) => {
        const { limit = DEFAULT_LIMIT, cursor, from, to, ...filter } = query;
        const after = Number(cursorText(cursor) ?? 0);
        if (!Number.isSafeInteger(after)) return failure(invalidCursor);
        const all = !authorise(actor.person, 'read-all-audit');
        const entries = await context.audit.query({
          ...filter,
          limit,
          ...(from === undefined ? {} : { from: new Date(from) }),
          ...(to === undefined ? {} : { to: new Date(to) }),
          ...(all ? {} : { ownJobsOf: actor.person.id }),
          ...(after > 0 ? { after } : {}),
        });
        // An event that is not chained yet has no number: what follows it comes with a later look from the start of this page.
        const { items, next } = page(entries, limit, ({ seq }) => `${seq}`);
        return {
          kind: 'answer',
          body: { items: items.map(auditEntry), next: entries.at(-1)?.seq === undefined ? null : next },
        };
      },
    }),
    route({
      method: 'get',
      path: '/audit/export',
      summary: 'Every chained event as JSON Lines, exact bytes: input of the offline verifier.',
      action: 'read-all-audit',
      answers: 200,
      mediaType: 'application/jsonl',
      handle: async ({ response }) => {
        response.type('application/jsonl');
        for (let seq = 0; ;) {
          const links = await context.audit.chained(seq, 1000);
          for (const link of links) response.write(`${JSON.stringify(link)}\n`);
          const last = links.at(-1);
          if (!last) break;
          seq = last.seq;
        }
        response.end();
        return SENT;
      },
    }),
  ];
}

function shown({ manifest, contentDigest, loadedAt }: RunbookEntry, zh: boolean) {
  const { id, version, title, summary, owner, parameters, supplied, actions, rollback, runsOn, approval, onFailure } =
    manifest;
  return {
    id,
    version,
    title: zh ? (title['zh-TW'] ?? title.en) : title.en,
    summary,
    owner,
    contentDigest,
    loadedAt: loadedAt.toISOString(),
    kinds: runsOn.kinds,
    phases: runsOn.phases,
    ...(runsOn.detect ? { detect: runsOn.detect } : {}),
    parameters,
    supplied,
    actions,
    approval,
    onFailure,
    rollback: rollback === 'script' ? 'Every change can be put back.' : rollback.none,
  };
}
