import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { startPc, type Pc } from '../../lab/pc/index.js';
import { ensureKeyPair } from '../../lab/sshd.js';
import { DOUBLE_MODULES, startTaskScheduler, type TaskScheduler } from '../../lab/task-scheduler/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { Value } from '../../src/domain/canonical.js';
import { sha256 } from '../../src/domain/digest.js';
import type { Manifest } from '../../src/domain/manifest.js';
import type { PhaseRun, PhaseScript, PowerShellHost, Session, StreamRecord } from '../../src/ports/powershell-host.js';
import { userSessionRun } from '../../src/usecases/phases/user-session.js';
import { aHost, ENGINE } from './hosts.js';
import { HANGS_MS } from './patience.js';

const HOME = process.env.FIXPOINT_TEST_HOME ?? join(INSTALL_ROOT, '.fixpoint', 'test');
/** The one user that a laboratory PC has. */
export const SID = 'S-1-5-21-0-0-0-1000';

export function scriptOf(name: string, text: string): PhaseScript {
  return { name, text, sha256: sha256(text) };
}

function moduleFile(directory: string, path: string): PhaseScript {
  return scriptOf(`_modules/${path}`, readFileSync(join(directory, '_modules', path), 'utf8'));
}

const RUNBOOKS = join(INSTALL_ROOT, 'runbooks');
export const REAL_SCHEDULER = moduleFile(RUNBOOKS, 'task-scheduler/task-scheduler.ps1');
const OTHERS = [
  'native/native.ps1',
  'user-session/read-json.ps1',
  'user-session/read-result.ps1',
  'user-session/run-as-user.ps1',
  'user-session/user-side.ps1',
].map((path) => moduleFile(RUNBOOKS, path));
/** What a runbook that names the module `user-session` brings along on a laboratory PC: the scheduler is the double. */
export const MODULES: readonly PhaseScript[] = [
  moduleFile(DOUBLE_MODULES, 'task-scheduler/task-scheduler.ps1'),
  ...OTHERS,
];
export const MANIFEST = {
  modules: ['native', 'task-scheduler', 'user-session'],
  timeouts: { detect: '10m', plan: '10m', apply: '10m', verify: '10m', rollback: '10m' },
} as unknown as Manifest;

export interface UserSessionPc {
  readonly pc: Pc;
  readonly scheduler: TaskScheduler;
  readonly host: PowerShellHost;
  readonly session: Session;
  /** The private key that signs in to it. */
  readonly identityFile: string;
  /** `C:\ProgramData` of the PC, as a path of this machine. */
  readonly programData: string;
  stop(): Promise<void>;
}

/** One PC with the Task Scheduler double, and an "elevated" session on it. */
export async function aUserSessionPc(name: string): Promise<UserSessionPc> {
  const home = join(HOME, 'lab');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const keys = mkdtempSync('/tmp/fxk-');
  const identityFile = join(keys, 'client');
  const authorizedKeys = [await ensureKeyPair(identityFile)];
  const pc = await startPc({ home, engineDirectory: ENGINE, name, host: '127.0.0.1', authorizedKeys });
  const scheduler = await startTaskScheduler(pc.prefix);
  const { host, close } = aHost();
  const { host: address, port, user, hostKey } = pc.sshd;
  const place = { kind: 'ssh', host: address, port, user, hostKey, identityFile, masterKey: sha256(keys) } as const;
  const opened = await host.open(place, { connectTimeoutMs: HANGS_MS });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return {
    pc,
    scheduler,
    host,
    session: opened.value,
    identityFile,
    programData: join(pc.prefix, 'drive_c', 'ProgramData'),
    async stop() {
      await opened.value.close();
      await close();
      await scheduler.stop();
      await pc.stop();
      await rm(keys, { recursive: true, force: true });
    },
  };
}

export type Ran = {
  readonly output?: readonly Value[];
  readonly code?: string;
  readonly records: readonly StreamRecord[];
};

/** Runs any text in the session, with the modules of `user-session`. */
export async function run(session: Session, given: Omit<PhaseRun, 'timeoutMs'> & { timeoutMs?: number }): Promise<Ran> {
  const records: StreamRecord[] = [];
  const result = await session.runPhase({ timeoutMs: HANGS_MS, ...given }, (record) => records.push(record));
  if (result.ok) return { output: result.output, records };
  const { failure } = result;
  return { code: failure.kind === 'reported' ? failure.code : failure.kind, records };
}

/** Runs a phase as the user, as the worker would on a target with user session `task`. */
export function asUser(
  session: Session,
  text: string,
  values: Readonly<Record<string, Value>> = {},
  more: { readonly job?: string; readonly manifest?: Manifest; readonly spoil?: (call: any) => void } = {},
): Promise<Ran> {
  const job = more.job ?? '01890000-0000-7000-8000-000000000001';
  const given = { Parameters: { userSid: SID }, ...values };
  const manifest = more.manifest ?? MANIFEST;
  const userSession = userSessionRun(
    { manifest },
    { job, newId: uuidv7 },
    'detect',
    scriptOf('phase', text),
    MODULES,
    given,
  );
  if (!userSession.ok) throw new Error(JSON.stringify(userSession.error));
  more.spoil?.(userSession.value.parameters.Call);
  return run(session, userSession.value);
}
