import { ALL_ACTIONS } from '../../domain/policy/actions.js';
import type { RunbookEntry } from '../../ports/catalogue.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { failure, route, type Route } from '../route.js';
import { Frozen, Me, RunbookDetail, RunbookPage } from '../schemas/responses.js';

export function catalogueRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/me',
      summary: 'Who you are, and what you may do at least somewhere.',
      action: 'signed-in',
      answers: 200,
      answer: Me,
      handle: async ({ actor }) => {
        const { id, name, roles } = actor.person;
        const rights = await context.rights.read();
        const may = ALL_ACTIONS.filter((action) => !rights.denialAnywhere(actor.person, action));
        return { kind: 'answer', body: { id, name, roles, may, token: { id: actor.tokenId, kind: actor.tokenKind } } };
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
        if (!entry) {
          const refused = (await context.catalogue.refused()).find((one) => one.id === id);
          return failure({ kind: 'runbook-not-found', refused });
        }
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
