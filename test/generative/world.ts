import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { State } from '../../src/domain/job.js';
import { tokenEvent } from '../../src/installation/tokens.js';
import { endScans } from '../../src/usecases/scans/end-scans.js';
import { localTarget } from '../support/local-target.js';
import { firstKey, type OwnKey } from '../support/keys.js';
import type { Who } from '../support/people.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import type { Document } from './document.js';
import { FATES, standInHost, type Fate } from './host.js';
import { refreshRollouts, type KnownRollout } from './rollouts.js';

/** A job as the list shows it. */
export interface KnownJob {
  readonly id: string;
  readonly state: State;
  readonly requester: { readonly id: string };
  readonly runbook: { readonly id: string };
  readonly plan?: { readonly digest: string };
}

/** A key of a person as the list shows it. */
export interface KnownKey {
  readonly id: string;
  readonly person: { readonly id: string };
  readonly kid: string;
  readonly publicKey: string;
  readonly status: string;
}

/** What somebody asked to be admitted, as the list shows it. */
export interface KnownAdmission {
  readonly id: string;
  readonly status: string;
  readonly contentDigest?: string;
}

/** What is there: requests that name it go deep. */
export interface World {
  readonly product: TestProduct;
  readonly port: number;
  readonly document: Document;
  /** Tokens that are none any more, or not a person's own. */
  readonly oddTokens: { readonly revoked: string; readonly expired: string; readonly service: string };
  /** Names of targets that stay as they are. */
  readonly targets: readonly string[];
  readonly runbooks: readonly string[];
  /** Targets that may be changed and removed. */
  spare: readonly { readonly id: string; readonly name: string }[];
  jobs: readonly KnownJob[];
  /** The registered key of the administrator, which confirms others, and the keys of everybody. */
  readonly adminKey: OwnKey;
  keys: readonly KnownKey[];
  admissions: readonly KnownAdmission[];
  schedules: World['spare'];
  calendars: World['spare'];
  selections: World['spare'];
  rollouts: readonly KnownRollout[];
  scans: readonly { readonly id: string }[];
  /** Cursors that lists gave out, by their path. */
  cursors: Readonly<Record<string, readonly string[]>>;
  /** What the product wrote to its log as an error since this was last emptied. */
  readonly logged: string[];
}

const TARGETS = ['box-0', 'box-1', 'box-2'] as const;
/** The fixture in which a fate shows. */
export const RUNBOOK_OF: Readonly<Partial<Record<Fate, string>>> = { lost: 'once', unproven: 'never-proves' };
/** A runbook that no job here uses: what becomes of its admission stops none of them. */
export const ADMITTED = 'prints-garbage';
const PAGED = [
  '/v1/schedules',
  '/v1/jobs',
  '/v1/rollouts',
  '/v1/scans',
  '/v1/targets',
  '/v1/consents',
  '/v1/audit',
  '/v1/keys',
] as const;
/** More than enough to choose from; what was there first is given up first. */
const MOST_SPARE = 60;

/** Starts the product with jobs in every state that a request can be about. */
export async function startWorld(): Promise<World> {
  const logged: string[] = [];
  const product = await startTestProduct({
    host: standInHost(),
    slots: 4,
    env: { FIXPOINT_SUBMIT_PER_MINUTE: '1000000', FIXPOINT_RECONCILE_AFTER_MS: '100' },
    log: {
      info: () => undefined,
      error: ({ err }: { readonly err?: Error }, message) => void logged.push(`${message}: ${err?.stack ?? ''}`),
    },
  });
  try {
    for (const name of TARGETS) await made(product, 'admin', '/v1/targets', localTarget(name));
    const { body: document } = await product.call(undefined, 'GET', '/v1/openapi.json');
    const { body: catalogue } = await product.call('admin', 'GET', '/v1/runbooks');
    const world: World = {
      product,
      port: Number(new URL(product.url).port),
      document,
      oddTokens: await oddTokens(product),
      targets: TARGETS,
      runbooks: catalogue.items.map(({ id }: { id: string }) => id),
      spare: [],
      jobs: [],
      adminKey: await firstKey(product),
      keys: [],
      admissions: [],
      schedules: [],
      calendars: [],
      selections: [],
      rollouts: [],
      scans: [],
      cursors: {},
      logged,
    };
    await fill(world);
    // A rollout that was asked for is there at the second look.
    await refresh(world);
    await refresh(world);
    return world;
  } catch (error) {
    await product.stop();
    throw error;
  }
}

async function made(product: TestProduct, who: Who, path: string, body: object): Promise<any> {
  const answer = await product.call(who, 'POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A job of each fate, approved or not; and something for each list. */
async function fill({ product }: World): Promise<void> {
  const jobs: { readonly id: string; readonly approved: boolean }[] = [];
  const submit = async (fate: Fate, approved: boolean) => {
    const runbook = RUNBOOK_OF[fate] ?? 'set-file-text';
    const parameters = { directory: '/srv/first', names: [`n${jobs.length}`], text: `${fate} 0` };
    const target = TARGETS[jobs.length % TARGETS.length];
    const { id } = await made(product, 'helpdesk', '/v1/jobs', { runbook, target, parameters, reason: 'set-up' });
    jobs.push({ id, approved });
  };
  for (const fate of Object.keys(FATES) as Fate[]) await submit(fate, true);
  for (let i = 0; i < 4; i++) {
    await submit('plain', true);
    await submit('plain', false);
    await submit('lost', true);
  }
  for (const [i, { id, approved }] of jobs.entries()) {
    const job = await product.until(id, ['awaiting-approval', 'deferred']);
    if (job.state !== 'awaiting-approval' || !approved) continue;
    const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'set-up' };
    await product.call(i % 2 === 0 ? 'approver' : 'approver2', 'POST', `/v1/jobs/${id}/decision`, decision);
  }
  for (const { id, approved } of jobs)
    if (approved) await product.until(id, ['needs-attention', 'deferred', 'waiting']);
  for (let i = 0; i < 3; i++) {
    const items = [{ target: TARGETS[i], parameters: { directory: '/srv/first', names: ['s'], text: 'plain 0' } }];
    await made(product, 'operator', '/v1/scans', { runbook: 'set-file-text', reason: 'set-up', items, expect: 1 });
  }
  for (let i = 0; i < 8; i++) {
    await made(product, 'admin', '/v1/targets', localTarget(`spare-${i}`));
    const target = { id: randomUUID(), before: null, target: localTarget(`asked-${i}`) };
    await made(product, 'admin', '/v1/targets:admit', { targets: [target], reason: 'set-up' });
    const consent = { kind: 'rsa-keys', subjectSid: `S-1-5-21-1-2-3-${i}`, evidence: 'said so' };
    await made(product, 'helpdesk', '/v1/consents', consent);
    await made(product, 'admin', '/v1/calendars', { name: `c-${i}`, kind: 'blackout', zone: 'UTC', windows: [] });
    await made(product, 'admin', '/v1/selections', {
      name: `f-${i}`,
      select: { names: [TARGETS[i % TARGETS.length]] },
    });
    const parameters = { directory: '/srv/first', names: [`s${i}`], text: 'plain 0' };
    await made(product, 'admin', '/v1/schedules', {
      ...{ name: `s-${i}`, when: { kind: 'cron', expression: '30 2 * * *', zone: 'UTC' }, jitter: '0s', window: '1h' },
      ...{ misfire: { policy: 'skip' }, approval: { kind: 'each-time', lead: '8h' }, calendars: [] },
      action: { kind: 'job', runbook: 'set-file-text', target: TARGETS[0], parameters, reason: 'set-up' },
    });
  }
}

/** Looks at what is there now. A freeze is lifted, so that requests get on. */
export async function refresh(world: World): Promise<void> {
  const { product } = world;
  await product.call('operator', 'DELETE', '/v1/freeze');
  const list = async (path: string) => (await product.call('admin', 'GET', path)).body;
  world.jobs = (await list('/v1/jobs?limit=100')).items;
  world.keys = (await list('/v1/keys?limit=200')).items;
  world.admissions = (await list('/v1/admissions')).items;
  world.schedules = (await list('/v1/schedules?limit=200')).items.slice(-MOST_SPARE);
  world.calendars = (await list('/v1/calendars')).items.slice(-MOST_SPARE);
  world.selections = (await list('/v1/selections')).items.slice(-MOST_SPARE);
  world.rollouts = await refreshRollouts(product, world.targets);
  // As the process of the API does each second.
  await endScans(product.api.context);
  world.scans = (await list('/v1/scans?limit=100')).items;
  const targets: World['spare'] = (await list('/v1/targets?limit=200')).items;
  world.spare = targets.filter(({ name }) => !world.targets.includes(name)).slice(0, MOST_SPARE);
  for (const { id } of targets.filter(({ name }) => !world.targets.includes(name)).slice(MOST_SPARE))
    await product.call('admin', 'DELETE', `/v1/targets/${id}`);
  const pages = await Promise.all(PAGED.map(async (path) => [path, [(await list(`${path}?limit=2`)).next]] as const));
  world.cursors = Object.fromEntries(pages.map(([path, found]) => [path, found.filter((next) => next !== null)]));
}

/** Jobs in one of these states, or all where there is none. */
export function jobsIn(world: World, states: readonly State[]): readonly KnownJob[] {
  const found = world.jobs.filter(({ state }) => states.includes(state));
  return found.length > 0 ? found : world.jobs;
}

async function oddTokens({ api }: TestProduct): Promise<World['oddTokens']> {
  const { tokens } = api.context;
  const now = Date.now();
  const issue = async (kind: 'personal' | 'service', expiresAt: number) => {
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const secretSha256 = createHash('sha256').update(secret).digest('hex');
    const token = {
      id,
      person: 'approver',
      kind,
      secretSha256,
      createdAt: new Date(now),
      expiresAt: new Date(expiresAt),
    };
    await tokens.create(token, tokenEvent('token.issued', token));
    return { id, person: token.person, kind, text: `fxp_${id}_${secret}` };
  };
  const revoked = await issue('personal', now + 3_600_000);
  await tokens.revoke(revoked.id, tokenEvent('token.revoked', revoked));
  const expired = await issue('personal', now - 1000);
  const service = await issue('service', now + 86_400_000);
  return { revoked: revoked.text, expired: expired.text, service: service.text };
}
