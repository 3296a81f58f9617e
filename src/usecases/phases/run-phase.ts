import { isDeepStrictEqual } from 'node:util';
import type { OnRecord } from './job-output.js';
import type { Value } from '../../domain/canonical.js';
import { sha256 } from '../../domain/digest.js';
import type { Job } from '../../domain/job.js';
import type { Phase, RunbookBundle } from '../../domain/manifest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { directoryOf, directoryServers, type Target } from '../../domain/target.js';
import { moduleScripts, phaseScript } from '../../domain/bundle.js';
import { durationMs } from '../../domain/time.js';
import {
  isRemote,
  type DirectoryConnection,
  type PhaseFailure,
  type Place,
  type ResolvedCredential,
  type Session,
  type StreamRecord,
} from '../../ports/powershell-host.js';
import type { Access, CredentialFailure, CredentialUse } from '../../ports/credentials.js';
import { withoutUserSession } from '../../domain/user-session-modules.js';
import { userSessionRun, userSessionOf, judgeUserSession, needsUserSession } from './user-session.js';
import type { WorkerContext } from '../worker-context.js';
import { winRmPlaceOf } from './winrm-place.js';

/** A runspace with the rights of one credential. A run has a reader and, after the grant check, a writer. */
export interface Runspace {
  readonly session: Session;
  /** Where the session is; a place on a target names the credential too. Absent where nothing but what it was opened for runs in it. */
  readonly place?: Place;
  readonly credential?: ResolvedCredential;
  readonly connection?: DirectoryConnection;
  /** Sees to it that the ticket of the engine lasts for another phase. */
  readonly renewTicket?: () => Promise<unknown>;
  /** The job whose phases act as the interactive user, through the module `user-session`; absent where they run in the session itself. */
  readonly userSession?: { readonly job: string; readonly newId: () => string };
}

export type OpenRunspaceFailure =
  | Exclude<PhaseFailure, { kind: 'reported' }>
  | CredentialFailure
  | { readonly kind: 'local-refused' }
  /** The gate of this worker's engine refuses a script of the runbook: nothing of it was run. */
  | { readonly kind: 'gate-refused'; readonly detail: string };

/** What it takes to reach a target. */
export type ReachContext = Pick<WorkerContext, 'credentials' | 'host' | 'newId'> & {
  readonly settings: Pick<WorkerContext['settings'], 'allowLocal'>;
};

/** What a phase needs besides its session, read before anything is opened. */
type Reach = Omit<Runspace, 'session'> & { readonly place: Place };

/** Opens the runspace in which a phase of this runbook runs, with the rights of one of the target's two credentials. */
export async function openRunspace(
  context: ReachContext,
  bundle: RunbookBundle,
  job: Pick<Job, 'id' | 'target'>,
  phase: Phase,
  use: CredentialUse,
  signal: AbortSignal,
): Promise<Result<Runspace, OpenRunspaceFailure>> {
  const reach = await reachOf(context, bundle, job, phase, use);
  return reach.ok ? open(context, reach.value, signal) : reach;
}

async function open(
  context: ReachContext,
  reach: Reach,
  signal: AbortSignal,
): Promise<Result<Runspace, OpenRunspaceFailure>> {
  const session = await context.host.open(reach.place, { signal });
  return session.ok ? ok({ ...reach, session: session.value }) : session;
}

/**
 * The runspace in which a run changes something. It is the session of its reader where that is on the same target under the same
 * credential, which then must allow both uses: a second one would cost the target the start of another engine. The reader is closed by
 * whoever opened it. With a credential of its own, the writer has a session of its own.
 */
export async function openWriterBeside(
  reader: Runspace,
  ...[context, bundle, job, phase, use, signal]: Parameters<typeof openRunspace>
): ReturnType<typeof openRunspace> {
  const reach = await reachOf(context, bundle, job, phase, use);
  if (!reach.ok) return reach;
  const { place } = reach.value;
  if (!isRemote(place) || !isDeepStrictEqual(place, reader.place)) return open(context, reach.value, signal);
  return ok({ ...reach.value, session: { ...reader.session, close: () => Promise.resolve() } });
}

async function reachOf(
  context: ReachContext,
  bundle: RunbookBundle,
  job: Pick<Job, 'id' | 'target'>,
  phase: Phase,
  use: CredentialUse,
): Promise<Result<Reach, OpenRunspaceFailure>> {
  const { target } = job;
  const access = await context.credentials.resolve(target, use);
  if (!access.ok) return access;
  // What signs in to a machine is for its session alone; to a directory a phase on the worker signs in by itself.
  const isDirectory = directoryOf(target.transport) !== undefined;
  const onWorker = bundle.manifest.runsOn.phases[phase] === 'worker';
  const ticket = access.value.kind === 'kerberos' ? access.value : undefined;
  const place = onWorker
    ? ok<Place>({ kind: 'local', ...(ticket && isDirectory ? { ticket: ticket.ticket } : {}) })
    : await placeOf(context, target, use, access.value);
  if (!place.ok) return place;
  const connection = await connectionOf(context, target);
  if (!connection.ok) return connection;
  const credential = access.value.kind === 'password' && isDirectory ? access.value : undefined;
  return ok({
    place: place.value,
    ...(credential ? { credential: { userName: credential.userName, password: credential.password } } : {}),
    ...(connection.value ? { connection: connection.value } : {}),
    ...(ticket ? { renewTicket: () => ticket.renew() } : {}),
    ...(userSessionOf(target) === 'task' ? { userSession: { job: job.id, newId: context.newId } } : {}),
  });
}

async function placeOf(
  context: ReachContext,
  target: Target,
  use: CredentialUse,
  access: Access,
): Promise<Result<Place, OpenRunspaceFailure>> {
  const { transport } = target;
  if (transport.type === 'local') {
    return context.settings.allowLocal ? ok({ kind: 'local' }) : fail({ kind: 'local-refused' });
  }
  const name = target.credentials[use];
  if (transport.type === 'winrm') return winRmPlaceOf(context.credentials, transport, name, access);
  if (transport.type !== 'ssh' || access.kind !== 'ssh') {
    return fail({
      kind: 'credential-unavailable',
      name,
      why: 'the target is reached over ssh and needs a private key',
    });
  }
  const { host, port, user, hostKey } = transport;
  const masterKey = sha256([target.id, name, host, port, user, hostKey, access.identityFile].join('\0'));
  return ok({ kind: 'ssh', host, port, user, hostKey, identityFile: access.identityFile, masterKey });
}

async function connectionOf(
  context: ReachContext,
  target: Target,
): Promise<Result<DirectoryConnection | undefined, CredentialFailure>> {
  const transport = directoryOf(target.transport);
  if (!transport) return ok(undefined);
  const at = { servers: directoryServers(target), port: transport.port };
  if (transport.type === 'ldap') return ok({ ...at, signIn: 'kerberos' });
  const directory = await context.credentials.caDirectory(transport.caFingerprint);
  return directory.ok ? ok({ ...at, signIn: 'simple', caDirectory: directory.value }) : directory;
}

export type PhaseOutcome = Result<readonly Value[], PhaseFailure>;

/** Phases that change something: what came of the change is recorded first, and its output does not hold that up. */
const CHANGING: readonly Phase[] = ['apply', 'rollback'];

/**
 * Runs one phase in an open runspace with its deadline; stream records go to the job's story. The output of a phase that reads is
 * written when this resolves, so that it stands before the move that follows from it.
 */
export async function runPhase(
  runspace: Runspace,
  bundle: RunbookBundle,
  phase: Phase,
  parameters: Readonly<Record<string, Value>>,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<PhaseOutcome> {
  try {
    return await runIn(runspace, bundle, phase, parameters, onRecord, signal);
  } finally {
    const written = onRecord.flush?.();
    if (!CHANGING.includes(phase)) await written;
  }
}

async function runIn(
  runspace: Runspace,
  bundle: RunbookBundle,
  phase: Phase,
  parameters: Readonly<Record<string, Value>>,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<PhaseOutcome> {
  const script = phaseScript(bundle, phase);
  if (!script) throw new Error(`${bundle.manifest.id} has no ${phase} phase`);
  const say = (record: StreamRecord) => onRecord(phase, record);
  // Where no other ticket is to be had, the one that is there may still do; if not, the directory's answer says so.
  await runspace.renewTicket?.();
  const modules = phase === 'plan' ? [] : moduleScripts(bundle);
  if (runspace.userSession && needsUserSession(bundle, phase, 'task')) {
    const run = userSessionRun(bundle, runspace.userSession, phase, script, modules, parameters);
    if (!run.ok) return run;
    const userSession = await runspace.session.runPhase(run.value, say, signal);
    return userSession.ok ? ok(userSession.output) : fail(judgeUserSession(userSession.failure, bundle.manifest.codes));
  }
  const result = await runspace.session.runPhase(
    {
      script,
      modules: bundle.manifest.runsOn.runAs === 'target-user' ? withoutUserSession(modules) : modules,
      parameters,
      timeoutMs: durationMs(bundle.manifest.timeouts[phase]),
      ...(runspace.credential ? { credential: runspace.credential } : {}),
      ...(runspace.connection ? { connection: runspace.connection } : {}),
    },
    say,
    signal,
  );
  return result.ok ? ok(result.output) : fail(result.failure);
}
