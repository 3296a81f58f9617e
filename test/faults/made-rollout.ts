import { listProofs, listRoot } from '../../src/domain/rollout-list.js';
import type { ApiAnswer, FinalItem, FinalRollout, Ledgers } from './checker/ledgers.js';
import { chain, hex, planDigest, PUBLIC_KEYS, signedGrant, T, type Said } from './made-log.js';

export const ROLLOUT = '01900000-0000-7000-8000-0000000000ff';
export const jobOf = (index: number) => `01900000-0000-7000-8000-00000000000${index}`;
const AUTHORITY = { writer: 'fixpoint_authority', actor: 'authority' };
const API = { writer: 'fixpoint_api' };
export const COUNT = 4;
const INDEXES = Array.from({ length: COUNT }, (_, index) => index);

export const planOf = (index: number, after = 'v') =>
  JSON.stringify({
    job: jobOf(index),
    changes: [{ id: `c${index}`, resource: `ledger:/x/o${index}`, before: null, after, action: 'set' }],
  });
const LIST = INDEXES.map((index) => ({ index, job: jobOf(index), plan: planDigest(planOf(index)) }));
const ROOT = listRoot(LIST);
const until = new Date(T + 60_000).toISOString();
const people = (...ids: readonly string[]) => ids.map((id) => ({ person: { id } }));

export function approved({ approvers = ['approver'], needed = 1, atOnce = 1, signedAs = ROLLOUT } = {}): Said {
  const declaration = {
    waves: [{ size: 1 }, { size: 'rest' }],
    budget: { failed: 0, unknown: 0, unreached: 1 },
    atOnce,
  };
  const grant = signedGrant('fixpoint-rollout-grant-v1', {
    ...{ jti: 'parent', rollout: signedAs, root: ROOT, count: COUNT, declaration, requester: { id: 'operator' } },
    ...{ approvals: people(...approvers), needed, until },
  });
  return { action: 'rollout.approved', data: { rollout: ROLLOUT, jti: 'parent', ...grant }, ...AUTHORITY };
}

/** What is different about the grant of an item, or its end. */
export interface ItemOptions {
  readonly plan?: string;
  readonly grant?: string;
  readonly wave?: number;
  readonly position?: number;
  readonly executeBy?: string;
  readonly end?: string;
}

export function granted(index: number, options: ItemOptions = {}): Said {
  const { plan = planOf(index), grant = 'parent', wave = index === 0 ? 0 : 1, position = index } = options;
  const [proof] = listProofs(LIST, [position]);
  const place = { ...{ id: ROLLOUT, grant, root: ROOT, count: COUNT }, ...{ index, position, wave, proof } };
  const data = signedGrant('fixpoint-grant-v1', {
    ...{ jti: `j${index}`, job: jobOf(index), planSha256: planDigest(plan), requester: { id: 'operator' } },
    ...{ approvals: people('approver'), executeBy: options.executeBy ?? until, rollout: place },
  });
  return { action: 'job.approved', job: jobOf(index), data: { ...data, jti: `j${index}` }, ...AUTHORITY };
}

export function changed(index: number): readonly Said[] {
  const about = { job: jobOf(index) };
  return [
    { action: 'grant.used', data: { jti: `j${index}` }, ...about },
    { action: 'change.intent', data: { change: `c${index}`, attempt: 1, jti: `j${index}` }, ...about },
    { action: 'change.result', data: { change: `c${index}`, result: 'changed' }, ...about },
  ];
}

export const ended = (index: number, action = 'job.succeeded'): Said => ({
  ...{ action, job: jobOf(index) },
  data: action === 'job.succeeded' ? { outcome: 'fixed' } : {},
});
/** The grant of an item, its change and its end. */
export const item = (index: number, options: ItemOptions = {}): readonly Said[] => [
  granted(index, options),
  ...changed(index),
  ended(index, options.end),
];
export const wave = (what: 'started' | 'proved', number: number): Said => ({
  ...{ action: `rollout.wave-${what}`, data: { rollout: ROLLOUT, wave: number }, ...AUTHORITY },
});
const SUBMITTED: readonly Said[] = [
  { action: 'rollout.submitted', data: { rollout: ROLLOUT }, actor: 'operator', ...API },
  ...INDEXES.map((index) => ({ action: 'job.submitted', job: jobOf(index), actor: 'operator', ...API })),
];
const DECIDED: Said = {
  action: 'rollout.decided',
  data: { rollout: ROLLOUT },
  ...AUTHORITY,
  actor: 'approver',
};
export const paused = (code: string): Said => ({
  ...{ action: 'rollout.paused', data: { rollout: ROLLOUT, pause: 'p1', code, wave: 0 }, ...AUTHORITY },
});
export const resumed = (exclude: readonly number[], who: readonly string[] = ['approver']): Said => ({
  action: 'rollout.resumed',
  data: { rollout: ROLLOUT, ends: ['p1'], exclude, approvals: people(...who) },
  ...AUTHORITY,
});

export const BEGIN = [...SUBMITTED, DECIDED, approved(), wave('started', 0)];
export const SECOND = [wave('proved', 0), wave('started', 1)];
export const STORY = [...BEGIN, ...item(0), ...SECOND, ...[1, 2, 3].flatMap((index) => item(index)), wave('proved', 1)];

export const answer = { at: T, method: 'POST', status: 201 } as const;
export const effect = (index: number, value = 'v') =>
  ({ word: 'effect', job: hex(jobOf(index)), object: `o${index}`, value, at: T + 100 }) as const;
export const shown = (statuses: Readonly<Record<number, string>> = {}): readonly FinalItem[] =>
  INDEXES.map((index) => ({ index, job: jobOf(index), status: statuses[index] ?? 'fixed' }));
/** The answer from which an approver reads the plan of an item. */
export const planRead = (index: number, plan = planOf(index)): ApiAnswer => {
  const path = `/v1/jobs/${jobOf(index)}/plan`;
  return { ...answer, who: 'approver', method: 'GET', path, status: 200, plan };
};
export const FINAL: FinalRollout = { id: ROLLOUT, status: 200, state: 'ended', items: shown() };
/** Of a rollout without a fault: a canary, then the other items. */
export const GOOD: Ledgers = {
  answers: [
    { ...answer, who: 'operator', path: '/v1/rollouts', key: 'k1', job: ROLLOUT, request: { items: INDEXES } },
    ...INDEXES.map((index) => planRead(index)),
    { ...answer, who: 'approver', path: `/v1/rollouts/${ROLLOUT}/decision`, status: 200, job: ROLLOUT },
  ],
  lines: INDEXES.map((index) => effect(index)),
  audit: chain(STORY),
  jobs: INDEXES.map((index) => ({ id: jobOf(index), status: 200, state: 'succeeded', outcome: 'fixed' })),
  rollouts: [FINAL],
  publicKeys: PUBLIC_KEYS,
  kills: [],
};
