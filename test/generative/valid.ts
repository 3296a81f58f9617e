import { randomBytes } from 'node:crypto';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { PEOPLE, type Who } from '../support/people.js';
import { confirmationMessage, keyClaimMessage } from '../../src/domain/person-key.js';
import { newKey, nowText, signatureOf } from '../support/keys.js';
import type { Operation, Schema } from './document.js';
import { READERS, reason, submission, type Deepen } from './depth.js';
import type { Draft } from './draft.js';
import type { Random } from './random.js';
import { NAMED, named } from './valid-named.js';
import { ROLLOUTS } from './valid-rollouts.js';
import { SCANS } from './valid-scans.js';
import { TARGETS } from './valid-targets.js';
import { textOf, valueOf } from './values.js';
import { ADMITTED, jobsIn, type KnownJob, type World } from './world.js';

const EVERYBODY = Object.keys(PEOPLE) as Who[];

/** When something is done: fine in itself, and not always together. */
const timing = (random: Random) => ({
  when: random.chance(0.8)
    ? {
        kind: 'cron',
        expression: random.pick(['30 2 * * *', '*/15 * * * 1-5', '0 0 L * *', '0 4 29 2 *']),
        zone: random.pick(['Europe/Berlin', 'Asia/Kathmandu', 'UTC']),
      }
    : { kind: 'once', at: new Date(Date.now() + 86_400_000).toISOString(), zone: 'UTC' },
  jitter: random.pick(['0s', '5m']),
  misfire: random.chance(0.5) ? { policy: 'skip' } : { policy: 'run-once', within: '1h' },
  window: random.pick(['1h', '90m']),
  approval: random.chance(0.5) ? { kind: 'standing' } : { kind: 'each-time', lead: '10m' },
  calendars: [],
});

const anyJob: Deepen = (world, random) => ({ id: random.pick(world.jobs).id, who: READERS });
const withPlan = ({ plan }: KnownJob) => plan !== undefined;

/** A new key of somebody who is no administrator, signed as its owner does. */
const keyRequest: Deepen = (_, random) => {
  const key = newKey(random.pick(['helpdesk', 'approver', 'approver2', 'operator']));
  const at = nowText();
  const { person, kid, publicKey } = key;
  const signature = signatureOf(key, keyClaimMessage({ person, kid, publicKey, at }));
  return { who: [person], body: { publicKey, at, signature } };
};

/** The administrator's confirmation of a key that waits for one. */
const keyConfirmation: Deepen = ({ keys, adminKey }, random) => {
  const others = keys.filter(({ person }) => person.id !== 'admin');
  const waiting = others.filter(({ status }) => status === 'requested');
  const found = waiting.length > 0 ? random.pick(waiting) : others[0];
  const at = nowText();
  const { id = 'none', kid = '', publicKey = '' } = found ?? {};
  const said = { key: id, person: found?.person.id ?? '', kid, publicKey, by: 'admin', at };
  const signature = signatureOf(adminKey, confirmationMessage(said));
  return { id, who: ['admin'], body: { kid: adminKey.kid, at, signature } };
};

/** Never the administrator's own: the others could not be confirmed any more. */
const keyRevocation: Deepen = ({ keys, adminKey }, random) => {
  const others = keys.filter(({ id }) => id !== adminKey.id);
  const registered = others.filter(({ status }) => status === 'registered');
  const found = registered.length > 0 ? random.pick(registered) : others[0];
  return { id: found?.id ?? 'none', who: ['admin'] };
};

/** A request that waits for a second person. */
const admissionDecision: Deepen = ({ admissions }, random) => {
  const open = admissions.filter(({ status }) => status === 'open');
  const { id = 'none', contentDigest = '0'.repeat(64) } = open.length > 0 ? random.pick(open) : (admissions[0] ?? {});
  const decision = random.pick(['confirm', 'reject']);
  return { id, who: ['admin2'], body: { decision, contentDigest, ...reason(random) } };
};

/** An operation that is not here is served by its schemas alone; one that cannot be reached like that fails the run. */
const DEEP: Readonly<Record<string, Deepen>> = {
  'GET /v1/runbooks/{id}': (world, random) => ({ id: random.pick(world.runbooks) }),
  'GET /v1/jobs/{id}': anyJob,
  'GET /v1/jobs/{id}/output': anyJob,
  'GET /v1/jobs/{id}/events': anyJob,
  'GET /v1/jobs/{id}/plan': (world, random) => ({ id: random.pick(world.jobs.filter(withPlan)).id, who: READERS }),
  'POST /v1/jobs': (world, random) => ({
    body: {
      ...submission(world, random),
      ...(random.chance(0.1) ? { follows: random.pick(jobsIn(world, ['succeeded'])).id } : {}),
      ...(random.chance(0.1) ? { supersedes: random.pick(jobsIn(world, ['awaiting-approval'])).id } : {}),
    },
  }),
  'POST /v1/jobs:batch': (world, random) => ({
    body: { requests: Array.from({ length: 1 + random.int(2) }, () => submission(world, random)) },
  }),
  ...ROLLOUTS,
  ...SCANS,
  'POST /v1/jobs/{id}/decision': (world, random) => {
    const job = random.pick(jobsIn(world, ['awaiting-approval']));
    return {
      id: job.id,
      who: ['approver', 'approver2', 'both'],
      body: {
        decision: random.chance(0.7) ? 'approve' : 'reject',
        planDigest: job.plan?.digest ?? '0'.repeat(64),
        ...reason(random),
        ...(random.chance(0.3) ? { onFailure: random.pick(['leave', 'rollback']) } : {}),
        ...(random.chance(0.3) ? { executeBy: new Date(Date.now() + 600_000).toISOString() } : {}),
      },
    };
  },
  'POST /v1/jobs/{id}/cancel': (world, random) => ({
    id: random.pick(jobsIn(world, ['awaiting-approval', 'queued', 'deferred', 'waiting', 'planning', 'running'])).id,
    who: ['operator', 'admin'],
    body: reason(random),
  }),
  'POST /v1/jobs/{id}/rollback': (world, random) => ({
    id: random.pick(jobsIn(world, ['succeeded'])).id,
    who: ['operator', 'admin'],
    body: reason(random),
  }),
  'POST /v1/jobs/{id}/resolve': (world, random) => ({
    id: random.pick(jobsIn(world, ['needs-attention'])).id,
    who: ['operator'],
    body: { resolution: random.pick(['in-place', 'not-in-place']), ...reason(random) },
  }),
  'POST /v1/schedules': (world, random) => ({
    who: ['operator', 'admin'],
    body: {
      name: `s-${randomBytes(6).toString('hex')}`,
      ...timing(random),
      action: { kind: 'job', ...submission(world, random) },
    },
  }),
  'GET /v1/schedules/{id}/standing': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  // What authority makes of an envelope is judged by other tests; that of a withdrawal needs none.
  'POST /v1/schedules/{id}/standing': (world, random) => ({
    id: random.pick(named(world, 'schedules')),
    who: ['operator', 'admin'],
    body: { before: null, envelope: null, ...reason(random) },
  }),
  'POST /v1/schedules:preview': (_, random) => ({ body: timing(random) }),
  'GET /v1/schedules/{id}': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  'GET /v1/schedules/{id}/next': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  'POST /v1/schedules/{id}/pause': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  'POST /v1/schedules/{id}/resume': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  'DELETE /v1/schedules/{id}': (world, random) => ({ id: random.pick(named(world, 'schedules')) }),
  ...NAMED,
  'GET /v1/runbooks/{id}/files': (world, random) => ({ id: random.pick(world.runbooks), who: READERS }),
  // Needs no engine, as the admission of new files does.
  'POST /v1/admissions': (_, random) => ({
    who: ['admin'],
    body: { kind: 'disable', runbook: ADMITTED, ...reason(random) },
  }),
  'GET /v1/admissions/{id}': ({ admissions }, random) => ({ id: random.pick(admissions).id, who: READERS }),
  'POST /v1/admissions/{id}/decision': admissionDecision,
  'POST /v1/keys': keyRequest,
  'POST /v1/keys/{id}/confirm': keyConfirmation,
  'POST /v1/keys/{id}/revoke': keyRevocation,
  ...TARGETS,
  'POST /v1/policy:admit': (_, random) => ({ who: ['admin'], body: { before: null, text: POLICY, ...reason(random) } }),
};

/** The policy that counts already. */
const POLICY = JSON.stringify(DEFAULT_POLICY);

/** Who has the right that an operation asks for. */
export const rightful = ({ action }: Operation): readonly Who[] =>
  EVERYBODY.filter((who) => !BUILT_IN_RIGHTS.denialAnywhere({ id: who, roles: PEOPLE[who] }, action));

/** A request that the document allows, by somebody who may send it. */
export function validDraft(operation: Operation, world: World, random: Random): Draft {
  const { id, who, body } = DEEP[operation.name]?.(world, random) ?? {};
  const someone = random.pick((who ?? rightful(operation)).filter((one) => rightful(operation).includes(one)));
  const value = body ?? (operation.body && valueOf(world.document, operation.body, random));
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required === true || random.chance(0.25)))
    .map(({ name, schema }) => [name, encodeURIComponent(queryText(name, schema, operation, world, random))] as const);
  const headers = operation.parameters
    .filter((parameter) => parameter.in === 'header' && (parameter.required === true || random.chance(0.3)))
    .map(({ name, schema }) => [name, headerText(name, schema, random)] as const);
  return {
    operation,
    method: operation.method,
    path: operation.path.replace('{id}', encodeURIComponent(id ?? 'none')),
    query,
    headers: [
      ['Host', `127.0.0.1:${world.port}`],
      ['Authorization', `Bearer ${world.product.tokens[someone]}`],
      ...headers,
      ...(value === undefined ? [] : [['Content-Type', 'application/json'] as const]),
    ],
    version: 'HTTP/1.1',
    ...(value === undefined ? {} : { value }),
    framing: 'length',
    ending: 'waits',
  };
}

function queryText(name: string, schema: Schema, { path }: Operation, world: World, random: Random): string {
  const ofCompliance = name === 'runbook' && path === '/v1/compliance';
  const known =
    name === 'cursor'
      ? (world.cursors[path] ?? [])
      : name === 'target'
        ? world.targets
        : ofCompliance
          ? world.runbooks
          : [];
  if (known.length > 0 && random.chance(0.8)) return random.pick(known);
  return String(valueOf(world.document, schema, random));
}

function headerText(name: string, schema: Schema, random: Random): string {
  if (name === 'Idempotency-Key') return randomBytes(12).toString('hex');
  if (name === 'If-Match') return random.pick(['*', '"1"', '"1", "2"', '"0"', 'W/"1"']);
  return textOf(schema, random);
}
