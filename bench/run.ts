import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { createPowerShellHost } from '../src/adapters/powershell/index.js';
import { CHECKOUT } from '../src/checkout.js';
import { sha256 } from '../src/domain/digest.js';
import { ensureKeyPair, startSshd } from '../lab/sshd.js';
import type { PowerShellHost, Session } from '../src/ports/powershell-host.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../test/support/product.js';

/** One figure: what, of which the median counts. */
interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const percentile = (values: readonly number[], p: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Submit at a steady rate; the time until the worker claimed the job for planning, from the record's own clock. */
async function submitToClaimed(product: TestProduct, perSecond: number, count: number): Promise<readonly number[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const due = Date.now() + 1000 / perSecond;
    const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
      runbook: 'set-file-text',
      target: 'box',
      parameters: { directory: '/tmp', names: ['none'], text: 'x' },
      reason: 'bench',
    });
    ids.push(body.id as string);
    await sleep(Math.max(0, due - Date.now()));
  }
  const times: number[] = [];
  for (const id of ids) {
    const { timeline } = await product.until(id, ['awaiting-approval', 'compliant', 'blocked', 'deferred'], 120_000);
    const [submitted, claimed] = timeline as readonly { at: string }[];
    if (submitted && claimed) times.push(Date.parse(claimed.at) - Date.parse(submitted.at));
  }
  return times;
}

/** A job's two runspaces opened and its calls made by hand in the same engine, against the same through the product's own use. */
async function byHand(
  host: ReturnType<typeof createPowerShellHost>,
  place: Parameters<typeof host.open>[0],
  folder: string,
  text: string,
): Promise<number> {
  const read = (name: string) => readFileSync(join(CHECKOUT, 'test/fixtures/runbooks/set-file-text', name), 'utf8');
  const script = (name: string) => ({ name, text: read(name), sha256: sha256(read(name)) });
  const parameters = { directory: folder, names: ['a'], text, jobId: 'bench' };
  const started = performance.now();
  const open = async (at: typeof place) => {
    const opened = await host.open(at);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  };
  const run = async (session: Awaited<ReturnType<typeof open>>, name: string, more: object = {}) => {
    const result = await session.runPhase({
      script: script(name),
      modules: [],
      parameters: { Parameters: parameters, ...more },
      timeoutMs: 20_000,
    });
    if (!result.ok) throw new Error(JSON.stringify(result.failure));
    return result.output;
  };
  const reader = await open(place);
  const look = async () => {
    const [State = null] = await run(reader, 'Detect.ps1');
    const plan = await open({ kind: 'plan' });
    const changes = await run(plan, 'Plan.ps1', { State });
    await plan.close();
    return changes;
  };
  const [Change = null] = await look();
  const writer = await open(place);
  await run(writer, 'Apply.ps1', { Change });
  await writer.close();
  await look();
  await reader.close();
  return performance.now() - started;
}

async function warmJob(product: TestProduct, folder: string, text: string): Promise<number> {
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target: 'endpoint',
    parameters: { directory: folder, names: ['a'], text },
    reason: 'bench',
  });
  const job = await product.until(body.id, ['awaiting-approval', 'blocked', 'deferred']);
  await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'bench',
  });
  const done = await product.until(job.id, ['succeeded', 'failed', 'blocked', 'deferred']);
  if (done.state !== 'succeeded') throw new Error(`${done.state} ${done.code}`);
  const at = (fact: string) =>
    Date.parse(
      (done.timeline as { at: string; facts: string[] }[]).find(({ facts }) => facts.includes(fact))?.at ?? '',
    );
  // The run alone, without the person: from the claim to the proof.
  return at('job.succeeded') - at('job.claimed');
}

/** A stand-in that does nothing, for the speed of the record and the carrier alone; no figure of it speaks about PowerShell. */
function noOpHost(): PowerShellHost {
  const log = { durationMs: 0, records: 0, truncated: false };
  const session: Session = {
    remote: { clockOffsetMs: 0, psVersion: 'stand-in', os: 'stand-in', languageMode: 'stand-in' },
    runPhase: async (run) => ({
      ok: true,
      output: run.script.name.endsWith('Detect.ps1') ? [{ finding: 'absent', files: [] }] : [],
      log,
    }),
    close: async () => undefined,
  };
  return {
    engineDigest: async () => 'stand-in',
    open: async () => ({ ok: true, value: session }),
    checkScripts: async (scripts) => scripts.map(({ file }) => ({ file, findings: [], functions: [] })),
    pid: undefined,
    close: async () => undefined,
  };
}

/** Submits as fast as it is taken; runs a second from the first request to the last end. */
async function bulk(product: TestProduct, count: number): Promise<number> {
  const started = Date.now();
  let next = 0;
  const ids: string[] = [];
  const client = async () => {
    while (next < count) {
      next += 1;
      const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
        runbook: 'set-file-text',
        target: 'box',
        parameters: { directory: '/tmp', names: ['none'], text: 'x' },
        reason: 'bench',
      });
      ids.push(body.id as string);
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
  for (const id of ids.slice(-50)) await product.until(id, ['compliant', 'blocked'], 120_000);
  return (count / (Date.now() - started)) * 1000;
}

const figures: Figure[] = [];
const directory = mkdtempSync('/tmp/fixpoint-bench-');
mkdirSync(join(directory, 'files'));
const identityFile = join(directory, 'client');
const key = await ensureKeyPair(identityFile);
const sshd = await startSshd({
  directory,
  host: '127.0.0.1',
  subsystem: `${join(CHECKOUT, 'engine/dist/linux-x64/fixpoint-pwsh')} -sshs`,
  authorizedKeys: [key],
});
const entry = (use: string) => ({
  reference: `secret://file${identityFile}`,
  use: [use],
  targets: ['endpoint'],
  tiers: [2],
});
const product = await startTestProduct({ credentials: { credentials: { r: entry('detect'), w: entry('apply') } } });
try {
  await addLocalTarget(product);
  const transport = { type: 'ssh', host: sshd.host, port: sshd.port, user: sshd.user, hostKey: sshd.hostKey };
  await product.call('admin', 'POST', '/v1/targets', {
    name: 'endpoint',
    kind: 'server',
    transport,
    credentials: { detect: 'r', apply: 'w' },
    tier: 2,
    site: 'bench',
    tags: [],
  });
  const host = createPowerShellHost({
    engineDirectory: join(CHECKOUT, 'engine/dist'),
    runtimeDirectory: join(directory, 'rt'),
    env: process.env,
  });
  const place = {
    kind: 'ssh',
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    hostKey: sshd.hostKey,
    identityFile,
    masterKey: sha256('bench'),
  } as const;
  await byHand(host, place, join(directory, 'files'), uuidv7());
  await warmJob(product, join(directory, 'files'), uuidv7());
  const hand: number[] = [];
  const jobs: number[] = [];
  for (let i = 0; i < 7; i++) {
    hand.push(await byHand(host, place, join(directory, 'files'), uuidv7()));
    jobs.push(await warmJob(product, join(directory, 'files'), uuidv7()));
  }
  const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8'))?.[1] ?? 0);
  await host.close();
  figures.push({ name: 'warm job over SSH, claim to proof', unit: 'ms', values: jobs });
  figures.push({ name: 'the same runspaces and calls by hand', unit: 'ms', values: hand });
  figures.push({ name: 'ratio of the medians', unit: '', values: [median(jobs) / median(hand)] });
  figures.push({ name: 'memory of an engine host', unit: 'MB', values: [kb / 1024] });
  const times = await submitToClaimed(product, 5, 40);
  figures.push({ name: 'submit to claimed at 5/s with the real engine, median', unit: 'ms', values: times });
  figures.push({
    name: 'submit to claimed at 5/s with the real engine, p99',
    unit: 'ms',
    values: [percentile(times, 0.99)],
  });
} finally {
  await product.stop();
  await sshd.stop();
}
const bare = await startTestProduct({ host: noOpHost(), slots: 16 });
try {
  await addLocalTarget(bare);
  await submitToClaimed(bare, 50, 50);
  const times = await submitToClaimed(bare, 50, 500);
  figures.push({ name: 'submit to claimed at 50/s, no-op executor, median', unit: 'ms', values: times });
  figures.push({
    name: 'submit to claimed at 50/s, no-op executor, p99',
    unit: 'ms',
    values: [percentile(times, 0.99)],
  });
  const rates: number[] = [];
  for (let i = 0; i < 3; i++) rates.push(await bulk(bare, 1000));
  figures.push({ name: 'bulk, submit to end, no-op executor', unit: '/s', values: rates });
} finally {
  await bare.stop();
}
if (process.argv.includes('--json'))
  console.log(
    JSON.stringify(
      figures.map(({ name, unit, values }) => ({
        name,
        unit,
        median: median(values),
        min: Math.min(...values),
        max: Math.max(...values),
        runs: values.length,
      })),
    ),
  );
else
  for (const { name, unit, values } of figures)
    console.log(
      `${name.padEnd(60)} ${median(values)
        .toFixed(unit === '' ? 2 : 0)
        .padStart(
          7,
        )} ${unit}  (min ${Math.min(...values).toFixed(1)}, max ${Math.max(...values).toFixed(1)}, ${values.length} runs)`,
    );
process.exit(0);
