import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import type { Role } from '../../src/domain/people.js';
import { ALL_ACTIONS, factsOf } from '../../src/domain/policy/actions.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import type { Policy } from '../../src/domain/policy/policy.js';
import { runbookFacts } from '../../src/domain/policy/request.js';
import { rightsBy } from '../../src/domain/policy/rights.js';
import type { Target } from '../../src/domain/target.js';
import { apiRoutes } from '../../src/http/app.js';
import type { Route } from '../../src/http/route.js';
import { localTarget } from '../support/local-target.js';
import { PLAYS, type Play, type Subject } from '../support/matrix-requests.js';
import { until } from '../support/patience.js';
import { PEOPLE, type Who } from '../support/people.js';
import { policyOfGuide } from '../support/policy-guide.js';
import { startTestProduct, type Answer, type TestProduct } from '../support/product.js';
import { storeNothing } from '../support/stored-runbook.js';

/** Everybody of the matrix: one for each role, one with two, one with none. The requester of every job is `admin`. */
const ROLES: Readonly<Partial<Record<Who, readonly Role[]>>> = {
  ...{ helpdesk: ['helpdesk'], approver: ['approver'], operator: ['operator'], auditor: ['auditor'], admin: ['admin'] },
  ...{ both: ['helpdesk', 'approver'], helpdesk2: [] },
};
const EVERYBODY = Object.keys(ROLES) as Who[];
const personOf = (who: Who) => ({ id: who, roles: ROLES[who] ?? [] });
const name = ({ method, path }: Route) => `${method} ${path}`;

let product: TestProduct;
let runbook: ReturnType<typeof runbookFacts>;
const subjects: Subject[] = [];
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  const admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
  const digest = await storeNothing(admin, product.home);
  await admin.end();
  const manifest = await product.api.context.catalogue.manifest(digest);
  if (!manifest) throw new Error('no manifest');
  runbook = runbookFacts(manifest);
  const people = EVERYBODY.map((id) => ({ id, name: `The ${id}`, roles: ROLES[id] }));
  writeFileSync(join(product.home, 'people.json'), JSON.stringify({ people }));
  for (const site of ['north', 'south'])
    for (const tier of [0, 1, 2]) {
      const target = { ...localTarget(`${site}-${tier}`), tier, site, tags: tier === 1 ? ['register'] : [] };
      const added = await product.call('admin', 'POST', '/v1/targets', target);
      const wish = { runbook: 'nothing', target: target.name, parameters: {}, reason: 'x' };
      const submitted = await product.call('admin', 'POST', '/v1/jobs', wish);
      expect([added.status, submitted.status]).toEqual([201, 201]);
      subjects.push({ target: added.body as Target, job: submitted.body.id as string });
    }
});
afterAll(() => product?.stop());

it('has a request for every route, and every route has a right that the built-in policy knows', () => {
  const routes = apiRoutes(product.api.context);
  expect(Object.keys(PLAYS).sort()).toEqual(routes.map(name).sort());
  for (const { action } of routes) expect(ALL_ACTIONS).toContain(action);
  const known = DEFAULT_POLICY.rules.flatMap((rule) => ('actions' in rule ? rule.actions : []));
  expect(routes.filter(({ action }) => !known.includes(action)).map(name)).toEqual([]);
  expect(Object.keys(PEOPLE)).toEqual(expect.arrayContaining(EVERYBODY));
});

const POLICIES: readonly (readonly [string, string | undefined])[] = [
  ['without a policy file', undefined],
  ['with the two sites of the guide', policyOfGuide()],
];

describe.each(POLICIES)('%s', (_, text) => {
  const policy = text === undefined ? DEFAULT_POLICY : (JSON.parse(text) as Policy);
  const rights = rightsBy(policy, '');
  const file = () => join(product.home, 'policy.json');
  beforeAll(() => (text === undefined ? undefined : writeFileSync(file(), text)));
  afterAll(() => rmSync(file(), { force: true }));

  /** The status and code of the refusal that the policy means; undefined where the request is allowed. */
  function meant(route: Route, who: Who, { target }: Subject): string | undefined {
    const person = personOf(who);
    const own = who === 'admin';
    const nowhere = rights.denialAnywhere(person, route.action) && !route.judgesItself;
    if (nowhere) return '403 not-allowed';
    // One that is not there: what its items let a person do is for the tests of rollouts and scans.
    if (route.path.startsWith('/rollouts/:id') || route.path.startsWith('/scans')) return undefined;
    // A selection is of no target; those that it means are filtered one by one (test/http/selections).
    if (route.path.startsWith('/selections')) return undefined;
    const sees = own || rights.decide({ action: 'read-all-jobs', person, target }).allowed;
    if (route.path.startsWith('/jobs/') && !sees) return '404 job-not-found';
    const request = { action: route.action, person, target, runbook, own };
    if (factsOf(route.action).length === 0 || rights.decide(request).allowed) return alsoPlans(route, request);
    if (route.action === 'read-targets')
      return ['/targets', '/target-status'].includes(route.path) ? undefined : '404 target-not-found';
    if (route.action !== 'decide') return '403 not-allowed';
    return rights.decide({ ...request, approves: false }).allowed ? 'own-request' : '403 not-an-approver';
  }

  /** Whoever submits or rolls back also makes the worker plan. */
  function alsoPlans({ action }: Route, request: Parameters<typeof rights.decide>[0]): string | undefined {
    const plans = action === 'submit' || action === 'rollback';
    return plans && !rights.decide({ ...request, action: 'plan' }).allowed ? '403 not-allowed' : undefined;
  }

  async function play(route: Route, who: Who, subject: Subject): Promise<string | undefined> {
    const { path, body, headers, head, refuses } = PLAYS[name(route)] as Play;
    const method = head ? 'HEAD' : route.method.toUpperCase();
    const answer: Answer = await product.call(who, method, path(subject), body?.(subject), { ...headers });
    expect(answer.status).toBeLessThan(500);
    if (head) return answer.status < 400 ? undefined : String(answer.status);
    if (refuses?.(answer)) return '403 not-allowed';
    const { code } = answer.body as { readonly code?: string };
    return ['not-allowed', 'not-an-approver', 'job-not-found', 'target-not-found'].includes(code ?? '')
      ? `${answer.status} ${code}`
      : undefined;
  }

  it.each(EVERYBODY)('%s may do at every route exactly what decide() says', async (who) => {
    for (const subject of subjects)
      for (const route of apiRoutes(product.api.context)) {
        const expected = meant(route, who, subject);
        const seen = await play(route, who, subject);
        const about = `${name(route)} on ${subject.target.name}`;
        // An own request is refused where the job waits for approval; these jobs have no plan, so this shows no refusal yet.
        const wanted =
          expected === 'own-request' ? undefined : PLAYS[name(route)]?.head ? expected?.slice(0, 3) : expected;
        expect([about, seen]).toEqual([about, wanted]);
      }
  });

  it.each(EVERYBODY)('%s finds in every list exactly what decide() lets them see', async (who) => {
    const person = personOf(who);
    const all = async (path: string): Promise<{ readonly id: string }[]> => {
      const items: { readonly id: string }[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { status, body } = await product.call(who, 'GET', `${path}?limit=2${cursor && `&cursor=${cursor}`}`);
        if (status === 403) return [];
        items.push(...body.items);
        cursor = body.next as string | null;
      }
      return items;
    };
    const seen = { targets: await all('/v1/targets'), jobs: await all('/v1/jobs') };
    for (const { target, job } of subjects) {
      const mayTarget = rights.decide({ action: 'read-targets', person, target }).allowed;
      expect([target.name, seen.targets.some(({ id }) => id === target.id)]).toEqual([target.name, mayTarget]);
      const mayJob = who === 'admin' || rights.decide({ action: 'read-all-jobs', person, target }).allowed;
      expect([target.name, seen.jobs.some(({ id }) => id === job)]).toEqual([target.name, mayJob]);
    }
  });

  it.each(EVERYBODY)('%s reads in /v1/me what they may do at least somewhere', async (who) => {
    const { body } = await product.call(who, 'GET', '/v1/me');
    expect(body.may).toEqual(ALL_ACTIONS.filter((action) => !rights.denialAnywhere(personOf(who), action)));
  });
});

describe('a policy file that somebody broke while the product runs', () => {
  it('refuses everything with a code of its own, is not ready, and works again when it is corrected', async () => {
    const path = join(product.home, 'policy.json');
    const ready = async () => (await product.call(undefined, 'GET', '/readyz')).body.parts.policy as string;
    writeFileSync(path, '{ "rules": [{ "id": "a", "effect": "permit" }] }');
    for (const [who, method, url, body] of [
      ['admin', 'GET', '/v1/me', undefined],
      ['operator', 'POST', '/v1/freeze', { reason: 'x' }],
      ['auditor', 'GET', '/v1/audit', undefined],
    ] as const) {
      const answer = await product.call(who, method, url, body);
      expect([answer.status, answer.body.code]).toEqual([503, 'policy-unreadable']);
    }
    expect((await product.call(undefined, 'GET', '/healthz')).status).toBe(200);
    await until('it says that the policy cannot be used', async () => (await ready()) === 'down');
    expect(readFileSync(path, 'utf8')).toContain('permit');
    rmSync(path);
    expect((await product.call('admin', 'GET', '/v1/me')).status).toBe(200);
  });

  it('keeps an editor of one site at that site', async () => {
    const north = { id: 'n', effect: 'allow', actions: ['edit-targets'], targets: { sites: ['north'] } };
    const rest = DEFAULT_POLICY.rules.map((rule) => ('actions' in rule ? without(rule) : rule));
    writeFileSync(join(product.home, 'policy.json'), JSON.stringify({ rules: [...rest, north] }));
    const one = (site: string) => subjects.find(({ target }) => target.site === site)?.target.id;
    const edit = async (site: string, change: object) =>
      (await product.call('admin', 'PATCH', `/v1/targets/${one(site)}`, change)).status;
    expect(await edit('south', { site: 'north' })).toBe(403);
    expect(await edit('north', { site: 'south' })).toBe(403);
    expect(await edit('north', { tags: ['x'] })).toBe(200);
    const two = {
      targets: [
        { ...localTarget('a'), site: 'north' },
        { ...localTarget('b'), site: 'south' },
      ],
    };
    const { status, body } = await product.call('admin', 'POST', '/v1/targets:import', two);
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([400, ['/targets/1']]);
    expect((await product.call('admin', 'GET', '/v1/targets/a')).status).toBe(404);
    rmSync(join(product.home, 'policy.json'));
  });
});

const without = <T extends { readonly actions: readonly string[] }>(rule: T) => ({
  ...rule,
  actions: rule.actions.filter((action) => action !== 'edit-targets'),
});
