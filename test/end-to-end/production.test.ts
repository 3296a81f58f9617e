import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reachableDatabases } from '../../src/adapters/postgres/index.js';
import { isTerminal } from '../../src/domain/job.js';
import { issueToken } from '../../src/installation/tokens.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { admitByKeys } from '../support/admission.js';
import { commandsOf } from '../support/guide.js';
import { firstKey, registeredKeyOf, signedDecision } from '../support/keys.js';
import { until } from '../support/patience.js';
import type { Answer, TestProduct } from '../support/product.js';
import { setUpProduction, type ProductionMachine } from '../support/production.js';
import { admitTarget, formOf } from '../support/target-admission.js';
import type { Changes, Started } from '../support/units.js';

const GUIDE = 'docs/guides/production.md';
const UNITS = ['fixpoint-authority', 'fixpoint-api', 'fixpoint-relay', 'fixpoint-worker@default'] as const;
let machine: ProductionMachine;
let parts: readonly Started[] = [];
const tokens: Record<string, string> = {};
const at = (path: string) => join(machine.root, path);
const number = (user: string) => Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));

async function call(who: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(machine.url + path, {
    method,
    headers: {
      ...(who === undefined ? {} : { authorization: `Bearer ${tokens[who]}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomBytes(8).toString('hex') } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Waits for a file or a state; fails when a part has ended. */
const untilUp = (what: string, holds: () => boolean | Promise<boolean>) =>
  until(what, () => {
    const ended = parts.find(({ child }) => child.exitCode !== null);
    if (ended) throw new Error(`${ended.name} ended: ${ended.output()}`);
    return holds();
  });

beforeAll(async () => {
  machine = await setUpProduction();
});
afterAll(() => machine?.stop());

it('each part starts as its own user, with umask 077 and no secret in its environment, and doctor finds nothing wrong', async () => {
  const [authority, ...others] = UNITS;
  parts = [machine.start(authority)];
  await untilUp('authority has made its key', () =>
    existsSync(at('var/lib/fixpoint-authority/keys/grant-public.json')),
  );
  const [start = ''] = commandsOf(GUIDE, '7. Start');
  const pinned = machine.asRoot(/^install .*grant-public.json .*$/m.exec(start)?.[0] ?? 'false');
  expect(pinned).toEqual({ code: 0, text: '' });
  parts = [...parts, ...others.map((unit) => machine.start(unit))];
  await untilUp('everything is ready', async () => {
    const answer = await fetch(`${machine.url}/readyz`).catch(() => undefined);
    return answer?.status === 200;
  });
  const users = parts.map(({ child }) => statSync(`/proc/${child.pid}`).uid);
  expect(users).toEqual(UNITS.map((unit) => number(unit.replace(/@.*/, ''))));
  expect(new Set(users).size).toBe(4);
  for (const { child } of parts) {
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Umask:\s+0077$/m);
    expect(readFileSync(`/proc/${child.pid}/environ`, 'utf8')).not.toMatch(/(postgres|redis):\/\//);
  }
  const [people = ''] = commandsOf(GUIDE, '8. People and their keys');
  const { code, text } = machine.asRoot(people);
  expect([code, text]).toEqual([
    0,
    expect.stringContaining('Nothing is wrong. Looked at: files, set-up of production,'),
  ]);
});

it('runs a job that two keys admitted and a third one approved', async () => {
  const api = machine.secret('api-database-url');
  for (const person of ['admin', 'admin2', 'requester', 'approver'])
    tokens[person] = await issueToken(api, person, 'personal');
  const product = { call, urls: { api }, home: at('var/lib/fixpoint-authority') } as unknown as TestProduct;
  const first = await firstKey(product);
  const second = await registeredKeyOf(product, 'admin2', first);
  const approver = await registeredKeyOf(product, 'approver', first);
  await admitByKeys(product, join(INSTALL_ROOT, 'test/fixtures/runbooks'), 'set-file-text', first, second);
  await admitTarget(product, [first, second], formOf('box'));
  const directory = at('effects');
  mkdirSync(directory);
  chownSync(directory, number('fixpoint-worker'), 0);
  const wish = {
    runbook: 'set-file-text',
    target: 'box',
    parameters: { directory, names: ['a'], text: 'x' },
    reason: 'test',
  };
  const { status, body } = await call('requester', 'POST', '/v1/jobs', wish);
  expect([status, body]).toEqual([201, expect.anything()]);
  let job: any;
  const reaches = (state: string) =>
    untilUp(`the job is ${state}`, async () => {
      job = (await call('admin', 'GET', `/v1/jobs/${body.id}`)).body;
      return job.state === state || isTerminal(job.state);
    });
  await reaches('awaiting-approval');
  expect(job).toMatchObject({ state: 'awaiting-approval' });
  expect(
    (await call('approver', 'POST', `/v1/jobs/${job.id}/decision`, await signedDecision(product, job, approver)))
      .status,
  ).toBe(200);
  await reaches('succeeded');
  expect(job).toMatchObject({ state: 'succeeded' });
  expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('x');
  expect(statSync(join(directory, 'a')).uid).toBe(number('fixpoint-worker'));
});

/** A set-up that is not safe any more. `loosen` returns what takes it back. */
interface Case {
  readonly what: string;
  readonly unit: (typeof UNITS)[number];
  readonly codes: readonly string[];
  readonly loosen?: () => () => void;
  readonly changes?: () => Changes;
}

function modes(...changes: readonly (readonly [path: string, mode: number])[]): () => () => void {
  return () => {
    const before = changes.map(([path]) => statSync(at(path)).mode & 0o7777);
    for (const [path, mode] of changes) chmodSync(at(path), mode);
    return () => changes.forEach(([path], i) => chmodSync(at(path), before[i] ?? 0o700));
  };
}

function owner(path: string, user: string): () => () => void {
  return () => {
    const { uid, gid } = statSync(at(path));
    chownSync(at(path), number(user), gid);
    return () => chownSync(at(path), uid, gid);
  };
}

function both(first: () => () => void, second: () => () => void): () => () => void {
  return () => {
    const back = [first(), second()];
    return () => back.toReversed().forEach((each) => each());
  };
}

const AUTHORITY = 'var/lib/fixpoint-authority';
const WORKER = 'var/lib/fixpoint-worker';
const API_IN_ENVIRONMENT = () => ({
  environment: { FIXPOINT_API_DATABASE_URL: machine.secret('api-database-url'), FIXPOINT_API_DATABASE_URL_FILE: '' },
});

const CASES: readonly Case[] = [
  {
    what: 'people that everybody may write',
    unit: 'fixpoint-api',
    codes: ['file-writable'],
    loosen: modes(['etc/fixpoint/people.json', 0o666]),
  },
  {
    what: 'people that its own user may write',
    unit: 'fixpoint-api',
    codes: ['file-writable'],
    loosen: owner('etc/fixpoint/people.json', 'fixpoint-api'),
  },
  {
    what: 'people that belong to its own user, which may not write them yet',
    unit: 'fixpoint-worker@default',
    codes: ['file-writable'],
    loosen: both(modes(['etc/fixpoint/people.json', 0o444]), owner('etc/fixpoint/people.json', 'fixpoint-worker')),
  },
  {
    what: 'a folder of settings that its own user may write',
    unit: 'fixpoint-worker@default',
    codes: ['file-writable'],
    loosen: owner('etc/fixpoint', 'fixpoint-worker'),
  },
  {
    what: 'a folder of settings that a group may write',
    unit: 'fixpoint-authority',
    codes: ['file-writable'],
    loosen: modes(['etc/fixpoint', 0o775]),
  },
  {
    what: 'a public key that everybody may write',
    unit: 'fixpoint-worker@default',
    codes: ['file-writable'],
    loosen: modes(['etc/fixpoint/grant-public.json', 0o646]),
  },
  {
    what: 'a program that its own user may write',
    unit: 'fixpoint-relay',
    codes: ['file-writable'],
    loosen: owner('opt/fixpoint', 'fixpoint-relay'),
  },
  {
    what: 'a private key that its group may read',
    unit: 'fixpoint-authority',
    codes: ['file-permissions'],
    loosen: modes([`${AUTHORITY}/keys/grant.pem`, 0o640]),
  },
  {
    what: 'a folder of keys that others may list',
    unit: 'fixpoint-authority',
    codes: ['file-permissions'],
    loosen: modes([`${AUTHORITY}/keys`, 0o755]),
  },
  {
    what: 'a home that others may enter',
    unit: 'fixpoint-worker@default',
    codes: ['file-permissions'],
    loosen: modes([WORKER, 0o711]),
  },
  {
    what: 'the private key of authority within reach of a worker',
    unit: 'fixpoint-worker@default',
    codes: ['secret-of-another-part'],
    loosen: modes([AUTHORITY, 0o755], [`${AUTHORITY}/keys`, 0o755], [`${AUTHORITY}/keys/grant.pem`, 0o644]),
  },
  {
    what: 'the private key of authority within reach of the API',
    unit: 'fixpoint-api',
    codes: ['secret-of-another-part'],
    loosen: modes([AUTHORITY, 0o755], [`${AUTHORITY}/keys`, 0o755], [`${AUTHORITY}/keys/grant.pem`, 0o644]),
  },
  {
    what: 'the credentials of the worker within reach of authority',
    unit: 'fixpoint-authority',
    codes: ['secret-of-another-part'],
    loosen: modes([WORKER, 0o755], [`${WORKER}/credentials.json`, 0o644]),
  },
  {
    what: 'the user of authority',
    unit: 'fixpoint-worker@default',
    codes: ['user-shared', 'secret-of-another-part'],
    changes: () => ({ user: 'fixpoint-authority' }),
  },
  { what: 'root', unit: 'fixpoint-api', codes: ['user-is-root'], changes: () => ({ user: 'root' }) },
  {
    what: 'a password in the environment',
    unit: 'fixpoint-api',
    codes: ['secret-in-environment'],
    changes: API_IN_ENVIRONMENT,
  },
  {
    what: 'the database of the API',
    unit: 'fixpoint-authority',
    codes: ['secret-of-another-part', 'secret-in-environment'],
    changes: () => ({ environment: { FIXPOINT_API_DATABASE_URL: machine.secret('api-database-url') } }),
  },
  {
    what: 'no database',
    unit: 'fixpoint-api',
    codes: ['database-embedded'],
    changes: () => ({ environment: { FIXPOINT_API_DATABASE_URL_FILE: '' } }),
  },
  {
    what: 'no queue',
    unit: 'fixpoint-relay',
    codes: ['database-embedded'],
    changes: () => ({ environment: { REDIS_URL_FILE: '' } }),
  },
  {
    what: 'a Redis without a password',
    unit: 'fixpoint-relay',
    codes: ['redis-url-without-password'],
    changes: () => ({ credentials: { 'redis-url': machine.inRoot('redis://127.0.0.1:6379') } }),
  },
];

describe('a part refuses to start', () => {
  it.each(CASES)('with $what: $unit', async ({ unit, codes, loosen, changes }) => {
    const tighten = loosen?.() ?? (() => undefined);
    try {
      const started = machine.start(unit, changes?.() ?? {});
      expect([await started.ended, started.output()]).toEqual([2, expect.stringContaining('Fixpoint did not start.')]);
      for (const code of codes) expect(started.output()).toContain(`[${code}]`);
      expect(started.output()).not.toContain(new URL(machine.secret('api-database-url')).password);
    } finally {
      tighten();
    }
  });

  it('with everything wrong at once, and names all of it', async () => {
    const tighten = modes(['etc/fixpoint/people.json', 0o666], ['etc/fixpoint', 0o777], [AUTHORITY, 0o755])();
    try {
      const started = machine.start('fixpoint-authority', { environment: { PGPASSWORD: 'x' } });
      expect(await started.ended).toBe(2);
      const lines = started
        .output()
        .split('\n')
        .filter((line) => line.startsWith('  '));
      expect(lines.map((line) => /\[([a-z-]+)\]/.exec(line)?.[1]).sort()).toEqual(
        expect.arrayContaining(['file-permissions', 'file-writable', 'file-writable', 'secret-in-environment']),
      );
    } finally {
      tighten();
    }
  });

  it('where doctor finds the same', () => {
    const tighten = modes(['etc/fixpoint/people.json', 0o666])();
    try {
      const { code, text } = machine.asRoot('fixpoint doctor');
      expect([code, text]).toEqual([1, expect.stringContaining('WRONG file-writable:')]);
    } finally {
      tighten();
    }
  });

  it.each(['up', 'init first First'])('that is for evaluation alone: fixpoint %s', (words) => {
    const { code, text } = machine.asRoot(`fixpoint ${words}`);
    expect([code, text]).toEqual([2, expect.stringContaining('[user-shared]')]);
  });
});

it.each(['api', 'authority', 'relay', 'worker', 'queue'])(
  'the database role of %s reaches its own database alone',
  async (role) => {
    expect(await reachableDatabases(machine.secret(`${role}-database-url`))).toEqual([]);
  },
);

it('the user of the worker keeps credentials as the guide says', () => {
  const commands = commandsOf(GUIDE, '8. People and their keys').at(-1) ?? '';
  const { code, text } = machine.asRoot(commands);
  expect([code, text]).toEqual([0, expect.stringContaining('ssh-ed25519 ')]);
  const file = at(`${WORKER}/credentials.json`);
  expect([statSync(file).uid, statSync(file).mode & 0o777]).toEqual([number('fixpoint-worker'), 0o600]);
  expect(statSync(join(dirname(file), 'secrets')).mode & 0o777).toBe(0o700);
});

it('SIGTERM ends each part with code 0', async () => {
  for (const { child } of parts) child.kill('SIGTERM');
  expect(await Promise.all(parts.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
});
