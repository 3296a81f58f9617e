import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { ensureKeyPair, startSshd } from '../lab/sshd.js';
import { createPowerShellHost } from '../src/adapters/powershell/index.js';
import { INSTALL_ROOT } from '../src/platform/install-root.js';
import { sha256 } from '../src/domain/digest.js';
import type { Place, PowerShellHost, Session } from '../src/ports/powershell-host.js';
import { startTestProduct, type TestProduct } from '../test/support/product.js';
import { median, type Figure } from './figures.js';

/** A job over a warm SSH connection against the same runspaces opened and the same calls made by hand in the same engine. */
export async function warmJob(): Promise<readonly Figure[]> {
  const directory = mkdtempSync('/tmp/fixpoint-bench-');
  const files = join(directory, 'files');
  mkdirSync(files);
  const identityFile = join(directory, 'client');
  const key = await ensureKeyPair(identityFile);
  const sshd = await startSshd({
    directory,
    host: '127.0.0.1',
    subsystem: `${join(INSTALL_ROOT, 'engine/dist/linux-x64/fixpoint-pwsh')} -sshs`,
    authorizedKeys: [key],
  });
  const entry = (use: string) => ({
    reference: `secret://file${identityFile}`,
    use: [use],
    targets: ['endpoint'],
    tiers: [2],
  });
  const product = await startTestProduct({ credentials: { credentials: { r: entry('detect'), w: entry('apply') } } });
  const host = createPowerShellHost({
    engineDirectory: join(INSTALL_ROOT, 'engine/dist'),
    runtimeDirectory: join(directory, 'rt'),
    env: process.env,
  });
  const { host: address, port, user, hostKey } = sshd;
  const place: Place = { kind: 'ssh', host: address, port, user, hostKey, identityFile, masterKey: sha256('bench') };
  try {
    await product.call('admin', 'POST', '/v1/targets', {
      name: 'endpoint',
      kind: 'server',
      transport: { type: 'ssh', host: address, port, user, hostKey },
      credentials: { detect: 'r', apply: 'w' },
      tier: 2,
      site: 'bench',
      tags: [],
    });
    await byHand(host, place, files);
    await throughTheProduct(product, files);
    const hand: number[] = [];
    const jobs: number[] = [];
    for (let i = 0; i < 7; i++) {
      hand.push(await byHand(host, place, files));
      jobs.push(await throughTheProduct(product, files));
    }
    const kilobytes = Number(
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8'))?.[1] ?? Number.NaN,
    );
    return [
      { name: 'warm job over SSH, claim to proof', unit: 'ms', values: jobs },
      { name: 'the same runspaces and calls by hand', unit: 'ms', values: hand },
      { name: 'ratio of the medians', unit: '', values: [median(jobs) / median(hand)] },
      { name: 'memory of an engine host', unit: 'MB', values: [kilobytes / 1024] },
    ];
  } finally {
    await host.close();
    await product.stop();
    await sshd.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function byHand(host: PowerShellHost, place: Place, directory: string): Promise<number> {
  const parameters = { directory, names: ['a'], text: uuidv7(), jobId: 'bench' };
  const started = performance.now();
  const reader = await open(host, place);
  const look = async () => {
    const [State = null] = await run(reader, 'Detect.ps1', { Parameters: parameters });
    const plan = await open(host, { kind: 'plan' });
    const changes = await run(plan, 'Plan.ps1', { Parameters: parameters, State });
    await plan.close();
    return changes;
  };
  const [Change = null] = await look();
  const writer = await open(host, place);
  await run(writer, 'Apply.ps1', { Parameters: parameters, Change });
  await writer.close();
  await look();
  await reader.close();
  return performance.now() - started;
}

async function open(host: PowerShellHost, place: Place): Promise<Session> {
  const opened = await host.open(place);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

async function run(session: Session, name: string, parameters: Parameters<Session['runPhase']>[0]['parameters']) {
  const text = readFileSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text', name), 'utf8');
  const script = { name, text, sha256: sha256(text) };
  const result = await session.runPhase({ script, modules: [], parameters, timeoutMs: 20_000 });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.output;
}

/** The run alone, without the person: from the claim to the proof. */
async function throughTheProduct(product: TestProduct, directory: string): Promise<number> {
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target: 'endpoint',
    parameters: { directory, names: ['a'], text: uuidv7() },
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
  const timeline = done.timeline as readonly { at: string; facts: readonly string[] }[];
  const at = (fact: string) => Date.parse(timeline.find(({ facts }) => facts.includes(fact))?.at ?? '');
  return at('job.succeeded') - at('job.claimed');
}
