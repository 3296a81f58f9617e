import { randomUUID } from 'node:crypto';
import type { Target } from '../../src/domain/target.js';
import { localTarget } from './local-target.js';
import type { Answer } from './product.js';

/** What one row of the matrix is about. */
export interface Subject {
  readonly target: Target;
  /** A job on that target. */
  readonly job: string;
}

/** How a route is asked about a subject, and how its answer says no beyond 403 `not-allowed`. */
export interface Play {
  readonly path: (subject: Subject) => string;
  readonly body?: (subject: Subject) => object;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream: its head alone is asked for. */
  readonly head?: true;
  /** Whether an answer that is neither 403 nor 404 refuses all the same: one member of many. */
  readonly refuses?: (answer: Answer) => boolean;
}

/** An id of nothing. */
const NOWHERE = '00000000-0000-7000-8000-000000000000';
let made = 0;
const another = ({ tier, site }: Target) => ({ ...localTarget(`made-${(made += 1)}`), tier, site });
const wish = ({ target }: Subject) => ({ runbook: 'nothing', target: target.name, parameters: {}, reason: 'x' });
const reason = () => ({ reason: 'x' });
const ofJob = (step: string, body?: () => object): Play => ({
  path: ({ job }) => `/v1/jobs/${job}${step}`,
  ...(body === undefined ? {} : { body }),
});
const at = (path: string, body?: Play['body']): Play => ({ path: () => path, ...(body === undefined ? {} : { body }) });
const ofTarget = { path: ({ target }: Subject) => `/v1/targets/${target.id}` };
const memberDenied = ({ body }: Answer): boolean =>
  ((body.errors ?? []) as readonly { readonly code: string }[]).some(({ code }) => code === 'not-allowed');

/** Every night, as a schedule says it. */
const timing = {
  when: { kind: 'cron', expression: '30 2 * * *', zone: 'Europe/Berlin' },
  ...{ jitter: '0s', misfire: { policy: 'skip' }, window: '1h' },
  ...{ approval: { kind: 'each-time', lead: '8h' }, calendars: [] },
};
const selection = () => ({ name: `made-${(made += 1)}`, select: { sites: ['nowhere'] } });
const calendar = () => ({ name: `made-${(made += 1)}`, kind: 'blackout', zone: 'UTC', windows: [] });

/** One request for each route of the API, by method and path. A route that is not here fails the test of the matrix. */
export const PLAYS: Readonly<Record<string, Play>> = {
  'get /me': at('/v1/me'),
  'get /runbooks': at('/v1/runbooks'),
  'get /runbooks/:id': at('/v1/runbooks/nothing'),
  'get /freeze': at('/v1/freeze'),
  'post /admissions': at('/v1/admissions', () => ({ kind: 'disable', runbook: 'nosuch', reason: 'x' })),
  'get /admissions': at('/v1/admissions'),
  'get /admissions/:id': at(`/v1/admissions/${NOWHERE}`),
  'post /admissions/:id/decision': at(`/v1/admissions/${NOWHERE}/decision`, () => ({
    ...{ decision: 'confirm', contentDigest: '0'.repeat(64), reason: 'x' },
  })),
  'get /runbooks/:id/files': at('/v1/runbooks/nothing/files'),
  'post /keys': at('/v1/keys', () => ({
    ...{
      kid: '0'.repeat(32),
      publicKey: 'MCowBQYDK2VwAyEA' + 'A'.repeat(43) + '=',
      at: new Date().toISOString(),
      signature: 'A'.repeat(86) + '==',
    },
  })),
  'get /keys': at('/v1/keys'),
  'post /keys/:id/confirm': at(`/v1/keys/${NOWHERE}/confirm`, () => ({
    ...{ kid: '0'.repeat(32), at: new Date().toISOString(), signature: 'A'.repeat(86) + '==' },
  })),
  'post /keys/:id/revoke': at(`/v1/keys/${NOWHERE}/revoke`),
  'get /audit': at('/v1/audit?limit=1'),
  'get /audit/export': at('/v1/audit/export'),
  'post /jobs': at('/v1/jobs', wish),
  'post /jobs:batch': {
    ...at('/v1/jobs:batch', (subject) => ({ requests: [wish(subject)] })),
    refuses: memberDenied,
  },
  'get /jobs': at('/v1/jobs?limit=1'),
  'get /jobs/:id': ofJob(''),
  'get /jobs/:id/plan': ofJob('/plan'),
  'get /jobs/:id/output': ofJob('/output'),
  'get /jobs/:id/events': { ...ofJob('/events'), head: true },
  'get /events': { ...at('/v1/events'), head: true },
  'post /jobs/:id/decision': ofJob('/decision', () => ({
    ...{ decision: 'approve', planDigest: '0'.repeat(64), reason: 'x' },
  })),
  'post /jobs/:id/cancel': ofJob('/cancel', reason),
  'post /jobs/:id/rollback': ofJob('/rollback', reason),
  'post /jobs/:id/resolve': ofJob('/resolve', () => ({ resolution: 'not-in-place', reason: 'x' })),
  'get /schedules': at('/v1/schedules?limit=1'),
  'get /schedules/:id': at(`/v1/schedules/${NOWHERE}`),
  'get /schedules/:id/next': at(`/v1/schedules/${NOWHERE}/next`),
  'post /schedules:preview': at('/v1/schedules:preview', () => timing),
  'post /schedules': at('/v1/schedules', (subject) => ({
    ...{ name: `made-${(made += 1)}`, ...timing },
    action: { kind: 'job', ...wish(subject) },
  })),
  'post /schedules/:id/pause': at(`/v1/schedules/${NOWHERE}/pause`),
  'post /schedules/:id/resume': at(`/v1/schedules/${NOWHERE}/resume`),
  'delete /schedules/:id': at(`/v1/schedules/${NOWHERE}`),
  'get /schedules/:id/standing': at(`/v1/schedules/${NOWHERE}/standing`),
  'post /schedules/:id/standing': at(`/v1/schedules/${NOWHERE}/standing`, () => ({
    ...{ before: null, envelope: null, reason: 'x' },
  })),
  'get /calendars': at('/v1/calendars'),
  'get /calendars/:id': at(`/v1/calendars/${NOWHERE}`),
  'post /calendars': at('/v1/calendars', calendar),
  'patch /calendars/:id': { ...at(`/v1/calendars/${NOWHERE}`, calendar), headers: { 'if-match': '"999"' } },
  'delete /calendars/:id': { ...at(`/v1/calendars/${NOWHERE}`), headers: { 'if-match': '"999"' } },
  'get /selections': at('/v1/selections'),
  'get /selections/:id': at(`/v1/selections/${NOWHERE}`),
  'get /selections/:id/targets': at(`/v1/selections/${NOWHERE}/targets`),
  'post /selections': at('/v1/selections', selection),
  'patch /selections/:id': { ...at(`/v1/selections/${NOWHERE}`, selection), headers: { 'if-match': '"999"' } },
  'delete /selections/:id': { ...at(`/v1/selections/${NOWHERE}`), headers: { 'if-match': '"999"' } },
  'post /rollouts': at('/v1/rollouts', () => ({
    ...{ runbook: 'nothing', reason: 'x', select: { names: ['nobody-has-this'] }, expect: 1 },
  })),
  'post /rollouts/:id/rollback': at(`/v1/rollouts/${NOWHERE}/rollback`, () => ({ reason: 'x', expect: 1 })),
  'get /rollouts': at('/v1/rollouts?limit=1'),
  'get /rollouts/:id': at(`/v1/rollouts/${NOWHERE}`),
  'get /rollouts/:id/plans': at(`/v1/rollouts/${NOWHERE}/plans`),
  'post /rollouts/:id/decision': at(`/v1/rollouts/${NOWHERE}/decision`, () => ({
    ...{ decision: 'approve', root: '0'.repeat(64), reason: 'x' },
  })),
  'post /rollouts/:id/resume': at(`/v1/rollouts/${NOWHERE}/resume`, () => ({
    ...{ ends: [NOWHERE], exclude: [], reason: 'x' },
  })),
  'post /rollouts/:id/pause': at(`/v1/rollouts/${NOWHERE}/pause`, reason),
  'post /rollouts/:id/abort': at(`/v1/rollouts/${NOWHERE}/abort`, reason),
  'post /rollouts/:id/exclude': at(`/v1/rollouts/${NOWHERE}/exclude`, () => ({ items: [0], reason: 'x' })),
  'post /scans': at('/v1/scans', () => ({
    ...{ runbook: 'nothing', reason: 'x', select: { names: ['nobody-has-this'] }, expect: 1 },
  })),
  'get /scans': at('/v1/scans?limit=1'),
  'get /scans/:id': at(`/v1/scans/${NOWHERE}`),
  'get /scans/:id/report': at(`/v1/scans/${NOWHERE}/report`),
  'post /scans/:id/cancel': at(`/v1/scans/${NOWHERE}/cancel`, reason),
  'get /compliance': at('/v1/compliance?runbook=nothing'),
  'get /targets': at('/v1/targets?limit=1'),
  'get /targets/:id': ofTarget,
  'get /target-status': at('/v1/target-status?limit=1'),
  'get /targets/:id/status': { path: ({ target }) => `/v1/targets/${target.id}/status` },
  'post /targets/:id/maintenance': {
    path: ({ target }) => `/v1/targets/${target.id}/maintenance`,
    body: () => ({ until: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' }),
  },
  'delete /targets/:id/maintenance': { path: ({ target }) => `/v1/targets/${target.id}/maintenance` },
  'post /targets': at('/v1/targets', ({ target }) => another(target)),
  'post /targets:import': {
    ...at('/v1/targets:import', ({ target }) => ({ targets: [another(target)] })),
    refuses: memberDenied,
  },
  'patch /targets/:id': { ...ofTarget, body: ({ target: { tags } }) => ({ tags }), headers: { 'if-match': '"999"' } },
  'delete /targets/:id': { ...ofTarget, headers: { 'if-match': '"999"' } },
  'get /targets/:id/admission': { path: ({ target }) => `/v1/targets/${target.id}/admission` },
  'post /targets:admit': {
    ...at('/v1/targets:admit', ({ target }) => ({
      ...{ targets: [{ id: randomUUID(), before: null, target: another(target) }], reason: 'x' },
    })),
    refuses: memberDenied,
  },
  // Over another form than the one that counts: whoever may ask is told so, and the target stays.
  'post /targets:remove': at('/v1/targets:remove', ({ target: { id } }) => ({
    ...{ targets: [{ id, before: '0'.repeat(64) }], reason: 'x' },
  })),
  'get /policy': at('/v1/policy'),
  'post /policy:admit': at('/v1/policy:admit', () => ({ before: null, text: '{}', reason: 'x' })),
  'post /consents': at('/v1/consents', () => ({
    ...{ kind: 'close-client', subjectSid: 'S-1-5-21-1-2-3-1001', evidence: 'said so' },
  })),
  'get /consents': at('/v1/consents'),
  'post /freeze': at('/v1/freeze', reason),
  'delete /freeze': at('/v1/freeze'),
};
