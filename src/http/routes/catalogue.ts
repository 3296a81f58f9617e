import { authorise } from '../../domain/people.js';
import type { RunbookEntry } from '../../ports/catalogue.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { sendFailure } from '../problem.js';
import { cursorIn, limitIn, textIn, timeIn, type Route } from '../routing.js';

export function catalogueRoutes(context: ApiContext): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/me',
      summary: 'Who you are.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ actor, response }) => {
        const { id, name, roles } = actor.person;
        response.json({ id, name, roles, token: { id: actor.tokenId, kind: actor.tokenKind } });
      },
    },
    {
      method: 'get',
      path: '/runbooks',
      summary: 'The catalogue.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ request, response }) => {
        const zh = request.acceptsLanguages('en', 'zh-TW') === 'zh-TW';
        response.json({ items: (await context.catalogue.list()).map((entry) => shown(entry, zh)), next: null });
      },
    },
    {
      method: 'get',
      path: '/runbooks/:id',
      summary: 'One runbook: manifest, digest, parameters, actions, rollback.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ request, response }) => {
        const entry = await context.catalogue.current(String(request.params.id));
        if (!entry) return sendFailure(response, { kind: 'runbook-not-found' });
        const zh = request.acceptsLanguages('en', 'zh-TW') === 'zh-TW';
        response.json({ ...shown(entry, zh), manifest: entry.manifest });
      },
    },
    {
      method: 'get',
      path: '/freeze',
      summary: 'Whether new work is frozen.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ response }) => void response.json(await context.freeze.read()),
    },
    {
      method: 'get',
      path: '/audit',
      summary: 'Audit events, oldest first; auditors see all, others those of their own jobs.',
      action: 'read-audit',
      answers: 200,
      handle: async ({ actor, request, response }) => {
        const limit = limitIn(request, 500);
        const all = !authorise(actor.person, 'read-all-audit');
        const [job, who, action] = [textIn(request, 'job'), textIn(request, 'actor'), textIn(request, 'action')];
        const [from, to] = [timeIn(request, 'from'), timeIn(request, 'to')];
        const after = Number(cursorIn(request));
        if (job !== undefined && !/^[0-9a-f-]{36}$/.test(job)) return void response.json({ items: [], next: null });
        const entries = await context.audit.query({
          limit,
          ...(job === undefined ? {} : { job }),
          ...(who === undefined ? {} : { actor: who }),
          ...(action === undefined ? {} : { action }),
          ...(from ? { from } : {}),
          ...(to ? { to } : {}),
          ...(all ? {} : { ownJobsOf: actor.person.id }),
          ...(Number.isSafeInteger(after) && after > 0 ? { after } : {}),
        });
        const items = entries.map(({ event, ...link }) => ({
          ...(JSON.parse(event) as object),
          ...link,
          chained: link.seq !== undefined,
        }));
        const last = entries.at(-1)?.seq;
        const more = entries.length === limit && last !== undefined;
        response.json({ items, next: more ? Buffer.from(String(last)).toString('base64url') : null });
      },
    },
    {
      method: 'get',
      path: '/audit/export',
      summary: 'Every chained event as JSON Lines, exact bytes: input of the offline verifier.',
      action: 'read-all-audit',
      answers: 200,
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
      },
    },
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
