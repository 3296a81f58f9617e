import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGrantKey, openGrantSigner } from '../../../src/adapters/keys/index.js';
import { openCheckpointSigner } from '../../../src/adapters/keys/checkpoint-keys.js';
import { auditBytes, GENESIS, linkHash, type AuditAction } from '../../../src/domain/audit.js';
import type { ValueObject } from '../../../src/domain/canonical.js';
import { checkpointBody } from '../../../src/domain/checkpoint.js';
import { checkpointedLog } from '../../../src/domain/checkpointed-log.js';
import type { Job, MadePlan } from '../../../src/domain/job.js';
import { verifyAudit } from '../../../src/installation/verify-audit.js';
import { makeGrant } from '../../../src/usecases/decide/make-grant.js';
import { after, jobOf, MANIFEST, NOW } from '../../support/job-views.js';
import { tally, type Amount, type Figure } from './figure.js';

const uuid = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const digest = (n: number) => n.toString(16).padStart(64, '0');

/** Who writes what about a job that is approved, applied and proved, in this order. */
const LIFE: readonly (readonly [writer: string, action: AuditAction])[] = [
  ['api', 'job.submitted'],
  ['worker', 'job.planning-started'],
  ['worker', 'job.planned'],
  ['authority', 'job.decided'],
  ['authority', 'job.approved'],
  ['worker', 'job.claimed'],
  ['worker', 'grant.used'],
  ['worker', 'change.intent'],
  ['worker', 'change.result'],
  ['worker', 'job.succeeded'],
];

/**
 * The rate of `fixpoint audit verify` from a file to its verdict: an export of so many events, ten for each job, one of them with a
 * signed grant. Nothing fails for being slow; what is wrong is a verdict that is not clean.
 */
export async function verifySpeed({ count }: Amount): Promise<Figure> {
  const folder = mkdtempSync('/tmp/fxs-speed-');
  try {
    const { file, keys, checkpoints } = await writeExport(folder, count);
    const started = performance.now();
    const cpu = process.cpuUsage();
    const verdict = await verifyAudit({ file, keys, checkpoints });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const told = tally('audit verify');
    const clean = verdict.ok && verdict.events === count && verdict.covered === count;
    told.add(clean ? undefined : JSON.stringify({ ...verdict, problems: verdict.problems.slice(0, 2) }));
    return told.figure({
      events: count,
      eventsPerSecond: Math.round(count / seconds),
      processorMicrosecondsPerEvent: Math.round((10 * (user + system)) / count) / 10,
      bytesPerEvent: Math.round(statSync(file).size / count),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeExport(folder: string, count: number) {
  const [file, keys, checkpoints, key] = ['audit.jsonl', 'public.json', 'checkpoints.txt', 'key.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await ensureGrantKey(key, keys);
  const signer = await openGrantSigner(key);
  const { signCheckpoint } = await openCheckpointSigner(key);
  const log = checkpointedLog([]);
  const lines: string[] = [];
  let prevHash = GENESIS;
  let data: readonly ValueObject[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const [n, step] = [Math.floor((seq - 1) / LIFE.length), (seq - 1) % LIFE.length];
    if (step === 0) data = dataOf(n, signer);
    const [role, action] = LIFE[step] as (typeof LIFE)[number];
    const writer = `fixpoint_${role}`;
    const event = auditBytes({
      v: 1,
      eventId: uuid(seq),
      action,
      outcome: 'success',
      at: new Date(NOW.getTime() + seq * 1000).toISOString(),
      actor: { type: 'service', id: role, name: role, roles: [] },
      job: uuid(1e9 + n),
      target: uuid(2e9 + (n % 500)),
      data: data[step] ?? {},
    });
    const hash = linkHash(seq, prevHash, writer, event);
    const link = { seq, prevHash, hash, writer, event };
    log.add(link);
    lines.push(JSON.stringify(link));
    prevHash = hash;
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
  const head = log.checkpoint();
  writeFileSync(checkpoints, head ? signCheckpoint(checkpointBody(head)) : '');
  return { file, keys, checkpoints };
}

/** What the events of the n-th job say, step by step. */
function dataOf(n: number, signer: Parameters<typeof makeGrant>[0]['signer']): readonly ValueObject[] {
  const jti = uuid(3e9 + n);
  const job: Job = jobOf({ id: uuid(1e9 + n) });
  const made = job.plan as MadePlan;
  const executeBy = after(3_600_000);
  const { bytes, signature, kid } = makeGrant(
    { signer, newId: () => jti },
    ...([job, made, MANIFEST, [], digest(7), NOW, executeBy, 'leave'] as const),
  );
  const planSha256 = made.digest;
  const change = made.plan.changes[0]?.id ?? '';
  return [
    { requestSha256: digest(n), jobSha256: digest(n + 1), contentSha256: digest(3) },
    { contentSha256: digest(3), epoch: 1 },
    { planSha256, changes: 1, risk: 'R1', approvalsRequired: 1 },
    { decision: uuid(4e9 + n), decided: 'approve', planSha256, approvals: 1, needed: 1 },
    { grant: bytes, signature, kid, jti, planSha256, executeBy: executeBy.toISOString(), risk: 'R1' },
    { epoch: 2, worker: 'host:1:0', jti },
    { jti },
    { jti, change, attempt: 1, direction: 'apply' },
    { change, attempt: 1, direction: 'apply', result: 'changed' },
    { outcome: 'fixed', proofs: 1 },
  ];
}
