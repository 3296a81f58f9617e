import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { admissionVoteMessage } from '../../src/domain/admission-request.js';
import type { Envelope } from '../../src/domain/schedules/envelope.js';
import { standingChangeDigest } from '../../src/domain/schedules/standing-change.js';
import { digestOfTarget, type Target } from '../../src/domain/target.js';
import { utcText } from '../../src/domain/time.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { fireDue } from '../../src/usecases/schedules/fire-due.js';
import { admitByKeys } from '../support/admission.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { admin, effects, newFolder, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signatureOf, type OwnKey } from '../support/keys.js';
import { command } from '../support/command-line.js';
import { verifyInPython } from '../support/second-verifier.js';
import { until } from '../support/patience.js';
import { admitTarget, formOf } from '../support/target-admission.js';

/** In production a standing approval counts only with the signatures of both people, and covers what they signed and nothing else. */

let clients: DatabaseClients | undefined;
afterAll(() => clients?.end());
withProduct({ env: { FIXPOINT_MODE: 'production' } });

let operator: OwnKey;
let approver: OwnKey;
let target: Target;
beforeAll(async () => {
  clients = await connectEachRole(product);
  const first = await firstKey(product);
  const by = [first, await registeredKeyOf(product, 'admin2', first)] as const;
  operator = await registeredKeyOf(product, 'operator', first);
  approver = await registeredKeyOf(product, 'approver', first);
  await admitByKeys(product, join(INSTALL_ROOT, 'test/fixtures/runbooks'), 'set-file-text', ...by);
  target = formOf('night-box');
  await admitTarget(product, by, target);
});

const SLOT_MS = 5 * 60_000;
let made = 0;
const OFTEN = { kind: 'cron', expression: '*/5 * * * *', zone: 'UTC' };
async function add(when = OFTEN) {
  const directory = newFolder();
  const { body } = await product.call('operator', 'POST', '/v1/schedules', {
    ...{ name: `night-${(made += 1)}`, when, jitter: '0s' },
    ...{ misfire: { policy: 'run-once', within: '1h' }, window: '1h', approval: { kind: 'standing' }, calendars: [] },
    action: {
      ...{ kind: 'job', runbook: 'set-file-text', target: target.name, reason: 'keep it so' },
      parameters: { directory, names: ['a'], text: 'x' },
    },
  });
  return { directory, schedule: (await product.call('operator', 'GET', `/v1/schedules/${body.id}`)).body };
}

async function envelopeFor(schedule: any): Promise<Envelope> {
  const { body: runbook } = await product.call('operator', 'GET', '/v1/runbooks/set-file-text');
  return {
    v: 1,
    schedule: { id: schedule.id, sha256: schedule.digest },
    runbook: { id: runbook.id, version: runbook.version, contentSha256: runbook.contentDigest },
    targets: [{ id: target.id, name: target.name, sha256: digestOfTarget(target) }],
    parameters: schedule.action.parameters,
    ...{ actions: ['write-file'], most: { perTarget: 1, inAll: 5 } },
    hours: { zone: 'UTC', windows: [{ kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }] },
    notBefore: utcText(new Date(Date.now() - 3_600_000)),
    notAfter: utcText(new Date(Date.now() + 86_400_000)),
    salt: 'a'.repeat(32),
  };
}

let nonces = 0;
function proofOf(key: OwnKey, contentDigest: string, decision: 'request' | 'confirm') {
  const once = { nonce: String((nonces += 1)).padStart(32, '0'), at: utcText(new Date()) };
  const facts = { kind: 'approve-standing', about: '', contentDigest, decision, reason: 'fine' } as const;
  return { kind: 'key', kid: key.kid, ...once, signature: signatureOf(key, admissionVoteMessage(facts, once)) };
}

async function ask(schedule: any, envelope: Envelope, sign: OwnKey | undefined = operator) {
  const contentDigest = standingChangeDigest({ schedule: schedule.id, before: null, envelope });
  const proof = sign ? { proof: proofOf(sign, contentDigest, 'request') } : {};
  const body = { before: null, envelope, reason: 'fine', ...proof };
  return (await product.call('operator', 'POST', `/v1/schedules/${schedule.id}/standing`, body)).body;
}

const confirm = ({ id, contentDigest }: any, proof?: object) =>
  product.call('approver', 'POST', `/v1/admissions/${id}/decision`, {
    ...{ decision: 'confirm', contentDigest, reason: 'fine' },
    ...(proof ? { proof } : {}),
  });

async function approved(when = OFTEN) {
  const { schedule, directory } = await add(when);
  const asked = await ask(schedule, await envelopeFor(schedule));
  expect(asked).toMatchObject({ status: 'open' });
  const { body } = await confirm(asked, proofOf(approver, asked.contentDigest, 'confirm'));
  expect(body).toMatchObject({ status: 'done' });
  return { schedule, directory };
}

const instantNow = () => new Date(Math.floor(Date.now() / SLOT_MS) * SLOT_MS);
async function fired(id: string, instant = instantNow()): Promise<string> {
  await admin.query('UPDATE schedules SET next_instant = $2, due_at = now() WHERE id = $1', [id, instant]);
  await fireDue(product.api.context, (_, error) => {
    throw error as Error;
  });
  const { rows } = await admin.query<{ id: string }>('SELECT id FROM jobs WHERE schedule_id = $1', [id]);
  return rows[0]?.id ?? '';
}

/** What both verifiers say of the exported log, with the public keys alone. */
async function verdicts() {
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: product.home };
  const file = join(newFolder(), 'log.jsonl');
  const keys = join(product.home, 'keys', 'grant-public.json');
  await until('the audit log is chained', async () => {
    const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
    return rows.length === 0;
  });
  expect((await command(env, 'audit', 'export', file)).code).toBe(0);
  return [await verifyAudit({ file, keys }), verifyInPython(file, keys)] as const;
}

describe('in production a standing approval', () => {
  it('counts with the signatures of both people, and the audit log verifies with the public key alone', async () => {
    const { schedule, directory } = await approved();
    expect(await product.until(await fired(schedule.id), ['succeeded'])).toMatchObject({ outcome: 'fixed' });
    expect(effects(directory)).toBe(1);
    const [own, second] = await verdicts();
    expect(own).toMatchObject({ ok: true, problems: [], missing: [] });
    expect(second).toMatchObject({ code: 0, verdict: { problems: [], missing: [] } });
  });

  it('is not asked for or confirmed by a token, or by the signature over another envelope', async () => {
    const { schedule } = await add();
    const envelope = await envelopeFor(schedule);
    const unsigned = { before: null, envelope, reason: 'fine' };
    const byToken = await product.call('operator', 'POST', `/v1/schedules/${schedule.id}/standing`, unsigned);
    expect(byToken.body).toMatchObject({ status: 'refused', code: 'key-required' });
    const asked = await ask(schedule, envelope);
    expect((await confirm(asked)).body.code).toBe('key-required');
    const other = proofOf(approver, '0'.repeat(64), 'confirm');
    expect((await confirm(asked, other)).body.code).toBe('signature-invalid');
  });

  it('covers no job for an instant that the schedule does not have', async () => {
    const { schedule, directory } = await approved({ kind: 'cron', expression: '0 0 29 2 *', zone: 'UTC' });
    // What whoever has the role of the API can do: choose the next instant.
    const id = await fired(schedule.id, new Date(Date.now() - 1000));
    await product.until(id, ['awaiting-approval']);
    let shown: any;
    await until('authority judged the plan', async () => {
      shown = (await product.call('operator', 'GET', `/v1/jobs/${id}`)).body;
      return shown.detail !== undefined;
    });
    expect(shown).toMatchObject({ state: 'awaiting-approval' });
    expect(shown.detail).toContain('the schedule has no such instant');
    expect(effects(directory)).toBe(0);
  });
});
