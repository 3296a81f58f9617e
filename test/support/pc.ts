import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { labHome } from '../../lab/home.js';
import { startPc, type Pc } from '../../lab/pc/index.js';
import { ensureKeyPair } from '../../lab/sshd.js';
import { createRunbookFolders, createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { Value, ValueObject } from '../../src/domain/canonical.js';
import { sha256 } from '../../src/domain/digest.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import type { PhaseFailure, Place, PowerShellHost, Session } from '../../src/ports/powershell-host.js';
import { observe } from '../../src/usecases/phases/observe.js';
import { runPhase } from '../../src/usecases/phases/run-phase.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { aHost, ENGINE } from './hosts.js';
import { startTestProduct, type TestProduct } from './product.js';
import { type Who } from './people.js';

/** The only user of a Wine PC. */
export const SID = 'S-1-5-21-0-0-0-1000';
export const DAY = 86_400_000;

/** The file Windows keeps a key container in, on a machine with that GUID; computed apart from the product. */
export function keyFileOf(container: string, machineGuid: string): string {
  const digest = createHash('md5').update(`${container.toLowerCase()}\0`).digest();
  digest.swap32();
  return `${digest.toString('hex')}_${machineGuid}`;
}

/** What the tests put between the product and the real engine. */
export interface Meddler {
  /** Added to the measured clock of every target: a double of a target whose clock is wrong. */
  clockOffsetMs: number;
  /** Called before a phase is sent; may end the engine. */
  before?: ((phase: string) => Promise<void> | void) | undefined;
}

export interface PcProduct {
  readonly pc: Pc;
  readonly product: TestProduct;
  readonly meddler: Meddler;
  readonly direct: Direct;
  plan(runbook: string, parameters: object): Promise<any>;
  approve(job: any, ...by: Who[]): Promise<any>;
  rollback(job: any): Promise<any>;
  killEngine(): void;
  stop(): Promise<void>;
}

/** How the product and a test reach a PC. */
export interface Reach {
  readonly transport: object;
  /** The worker's credentials `reader` and `writer`, without what is the same for every way. */
  readonly reader: object;
  readonly writer: object;
  readonly trustedCas?: readonly string[];
  readonly direct: Place;
  stop(): Promise<void>;
}

/** The PC's own SSH server, with a key. */
async function overSsh({ name, sshd: { host, port, user, hostKey } }: Pc, key: string): Promise<Reach> {
  const secret = { reference: `secret://file${key}` };
  const at = { host, port, user, hostKey };
  return {
    transport: { type: 'ssh', ...at },
    ...{ reader: secret, writer: secret },
    direct: { kind: 'ssh', ...at, identityFile: key, masterKey: sha256(`direct ${name}`) },
    stop: () => Promise.resolve(),
  };
}

/** One Windows PC of its own and the product that knows it. */
export async function startPcProduct(
  name: string,
  reachOf: (pc: Pc, key: string) => Promise<Reach> = overSsh,
): Promise<PcProduct> {
  const home = labHome(process.env.FIXPOINT_TEST_HOME ?? join(INSTALL_ROOT, '.fixpoint', 'test'));
  mkdirSync(home, { recursive: true });
  const key = join(home, `key-${name}`);
  const authorizedKeys = [await ensureKeyPair(key)];
  const pc = await startPc({ home, engineDirectory: ENGINE, name, host: '127.0.0.1', authorizedKeys });
  const engine = aHost();
  const meddler: Meddler = { clockOffsetMs: 0 };
  const runbooks = [join(INSTALL_ROOT, 'runbooks')];
  const reach = await reachOf(pc, key);
  const { trustedCas } = reach;
  const scope = (use: string) => ({ use: [use], targets: [name], tiers: [2] });
  const product = await startTestProduct({
    runbooks,
    slots: 1,
    host: between(engine.host, meddler),
    credentials: {
      credentials: {
        reader: { ...reach.reader, ...scope('detect') },
        writer: { ...reach.writer, ...scope('apply') },
      },
      ...(trustedCas === undefined ? {} : { trustedCas }),
    },
  });
  const target = {
    name,
    kind: 'pc',
    transport: reach.transport,
    credentials: { detect: 'reader', apply: 'writer' },
    tier: 2,
    site: 'lab',
    tags: [],
    settings: { topology: 'onprem' },
  };
  expect((await product.call('admin', 'POST', '/v1/targets', target)).status).toBe(201);
  const direct = await openDirect(engine.host, runbooks, reach.direct);
  const planned = (id: string) =>
    product.until(id, ['awaiting-approval', 'compliant', 'blocked', 'deferred', 'superseded']);
  return {
    pc,
    product,
    meddler,
    direct,
    async plan(runbook, parameters) {
      const request = { runbook, target: name, parameters, reason: 'story' };
      const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', request);
      expect([status, body]).toEqual([201, expect.anything()]);
      return planned(body.id);
    },
    async approve(job, ...by) {
      expect(job).toMatchObject({ state: 'awaiting-approval' });
      for (const who of by.length > 0 ? by : (['approver'] as const)) {
        const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
        const { status, body } = await product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, decision);
        expect([status, body]).toEqual([200, expect.anything()]);
      }
      return product.until(job.id, ENDS);
    },
    async rollback(job) {
      const { status, body } = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, {
        reason: 'undo',
      });
      expect([status, body]).toEqual([201, expect.anything()]);
      return planned(body.id);
    },
    killEngine: () => void (engine.host.pid !== undefined && process.kill(engine.host.pid, 'SIGKILL')),
    async stop() {
      await product.stop();
      await engine.close();
      await reach.stop();
      await pc.stop();
    },
  };
}

const ENDS = ['succeeded', 'failed', 'blocked', 'needs-attention', 'waiting', 'deferred', 'rolled-back', 'expired'];

function between(host: PowerShellHost, meddler: Meddler): PowerShellHost {
  return {
    engineDigest: () => host.engineDigest(),
    checkScripts: (scripts) => host.checkScripts(scripts),
    gateLists: () => host.gateLists(),
    sessionCommands: () => host.sessionCommands(),
    close: () => host.close(),
    get pid() {
      return host.pid;
    },
    async open(place, options) {
      const opened = await host.open(place, options);
      if (!opened.ok) return opened;
      const session = opened.value;
      const clockOffsetMs = session.remote.clockOffsetMs + meddler.clockOffsetMs;
      const value: Session = {
        remote: { ...session.remote, clockOffsetMs },
        async runPhase(run, onRecord, signal) {
          await meddler.before?.(run.script.name);
          return session.runPhase(run, onRecord, signal);
        },
        close: () => session.close(),
      };
      return { ok: true, value };
    },
  };
}

/** Phases in one warm session, without the product around them: for the many cases that differ in a value only. */
export interface Direct {
  /** Detect and Plan as a job does them: the findings and the numbered changes, or the code that was thrown. */
  observe(runbook: string, parameters: ValueObject): Promise<any>;
  apply(runbook: string, parameters: ValueObject, change: unknown): Promise<any>;
  rollback(runbook: string, parameters: ValueObject, change: unknown): Promise<any>;
}

async function openDirect(
  host: PowerShellHost,
  directories: readonly string[],
  place: Parameters<PowerShellHost['open']>[0],
): Promise<Direct> {
  const bundles = new Map<string, RunbookBundle>();
  for (const { id, bundle } of await createRunbookFolders({ directories, host }).load())
    if (bundle) bundles.set(id, bundle);
  const values = createValueChecker();
  const context = { host, values } as unknown as WorkerContext;
  const signal = new AbortController().signal;
  const ignore = () => undefined;
  let session: Session | undefined;
  let engine: number | undefined;
  const opened = async () => {
    // A test may have ended the engine, and its sessions with it.
    if (session && engine === host.pid) return { session };
    const found = await host.open(place);
    if (!found.ok) throw new Error(JSON.stringify(found.error));
    session = found.value;
    engine = host.pid;
    return { session };
  };
  const prepared = (id: string, given: ValueObject) => {
    const bundle = bundles.get(id);
    if (!bundle) throw new Error(`no runbook ${id}`);
    const own = Object.entries(given).filter(
      ([name]) => !bundle.manifest.supplied.some((supplied) => supplied === name),
    );
    const checked = values.check(bundle.manifest.parameters, Object.fromEntries(own));
    if (!checked.ok) throw new Error(JSON.stringify(checked.error));
    return { bundle, parameters: { ...given, ...checked.value } };
  };
  const said = (failure: PhaseFailure) => (failure.kind === 'reported' ? failure.code : failure);
  const act = async (phase: 'apply' | 'rollback', id: string, given: ValueObject, change: unknown) => {
    const { bundle, parameters } = prepared(id, given);
    const input = { Parameters: parameters, Change: change as Value };
    const ran = await runPhase(await opened(), bundle, phase, input, ignore, signal);
    return ran.ok ? ran.value[0] : said(ran.error);
  };
  return {
    async observe(id, given) {
      const { bundle, parameters } = prepared(id, given);
      const job = { parameters, target: { id: 'target' } } as unknown as Parameters<typeof observe>[3];
      const seen = await observe(context, await opened(), bundle, job, {}, ignore, signal);
      return seen.ok ? seen.value : said(seen.error);
    },
    apply: (id, given, change) => act('apply', id, given, change),
    rollback: (id, given, change) => act('rollback', id, given, change),
  };
}
