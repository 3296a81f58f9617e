import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { createPostgresQueue, createRedisQueue } from '../adapters/queue/index.js';
import { createPeopleFile } from '../adapters/identity/people-file.js';
import {
  ensureGrantKey,
  followAdmissionVerifier,
  openAdmissionSigner,
  openAdmissionVerifier,
  openGrantSigner,
  openGrantVerifier,
} from '../adapters/keys/index.js';
import { openRolloutGrants } from '../adapters/keys/rollout-grants.js';
import { openPersonKeySigner, openPersonKeyVerifier } from '../adapters/keys/person-keys.js';
import { policyOf, rulesOf, strictIn } from './admission-rules.js';
import { judgedPolicyText } from '../adapters/identity/policy-text.js';
import { createStore } from '../adapters/postgres/index.js';
import { createPowerShellHost } from '../adapters/powershell/index.js';
import { enginesOfSlots } from './engines-of-slots.js';
import {
  createRunbookFolders,
  createStoredChecker,
  createStoredGate,
  createValueChecker,
  readStoredManifest,
} from '../adapters/runbook-files/index.js';
import { createResultSpool } from '../adapters/spool/index.js';
import { createCredentials } from '../adapters/secrets/index.js';
import { composeCheckpoints } from './compose-checkpoints.js';
import type { Config } from './config.js';
import { secretsEnvironment, type Secrets } from './secrets.js';
import type { MessageQueue } from '../ports/queue.js';
import type { PowerShellHost } from '../ports/powershell-host.js';
import { accountOfProcess } from '../platform/account.js';
import { runtimeDirectory } from '../platform/runtime-directory.js';
import type { ApiContext } from '../usecases/api-context.js';
import { createInFlight } from '../usecases/submit/in-flight.js';
import { createJobFeed } from '../usecases/follow/job-feed.js';
import { createMeasuredHosts } from '../adapters/powershell/measured-host.js';
import type { JudgeContext } from '../usecases/admission/judge/context.js';
import type { CheckoutContext } from '../usecases/admission/load-checkout.js';
import type { StandingAuthority } from '../usecases/decide/authorise-standing.js';
import type { RolloutAuthority } from '../usecases/rollouts/authority/context.js';
import type { WorkerContext } from '../usecases/worker-context.js';

export { winRmPlaceOf } from '../usecases/phases/winrm-place.js';
export interface Settings {
  readonly config: Config;
  readonly secrets: Secrets;
}

type Log = (message: string) => void;

function needed(url: string | undefined, variable: string): string {
  if (url === undefined) throw new Error(`${variable} is not set: it names the database for this process`);
  return url;
}

/** What the API needs: the database as its own role, the public keys of the grants, no private key, no way to a target. */
export function composeApi({ config, secrets }: Settings) {
  const url = needed(secrets.apiUrl, 'FIXPOINT_API_DATABASE_URL');
  const record = createStore(url, { readManifest: readStoredManifest });
  const follow = followAdmissionVerifier(config.grantPublicKey);
  const verifierNow = () => {
    const verifier = follow();
    return verifier && strictIn(config, verifier);
  };
  const values = createValueChecker();
  const context: ApiContext = {
    ...record,
    keys: record.personKeys,
    feed: createJobFeed(record),
    // For the audit log alone, which has what a revoked key signed before. Read anew: authority makes the keys at its first start, which may be later than this one.
    grants: async () =>
      existsSync(config.grantPublicKey) ? openGrantVerifier(config.grantPublicKey, 'history') : undefined,
    readManifest: readStoredManifest,
    admissionRules() {
      const verifier = verifierNow();
      return verifier && rulesOf(verifier, config);
    },
    people: createPeopleFile(config.peopleFile),
    rights: policyOf(config, record.subjectAdmissions, () => verifierNow()?.verifySubjectAdmission, values),
    values,
    inFlight: createInFlight(),
    newId: uuidv7,
    settings: {
      pool: config.pool,
      allowLocal: config.allowLocal,
      fourEyes: config.mode === 'production',
      submitPerMinute: config.submitPerMinute,
    },
  };
  return { context, record };
}

/** The only holder of the private key; it listens nowhere. */
export async function composeAuthority({ config, secrets }: Settings, log: Log) {
  const record = createStore(needed(secrets.authorityUrl, 'FIXPOINT_AUTHORITY_DATABASE_URL'), {
    max: 4,
    readManifest: readStoredManifest,
  });
  await ensureGrantKey(config.grantPrivateKey, config.grantPublicKey);
  const verifier = strictIn(config, openAdmissionVerifier(config.grantPublicKey));
  const rules = rulesOf(verifier, config);
  const values = createValueChecker();
  const context: StandingAuthority = {
    schedules: record.schedules,
    standing: record.standing,
    jobs: record.jobs,
    catalogue: record.catalogue,
    admissions: record.admissions,
    subjectAdmissions: record.subjectAdmissions,
    admissionRules: () => rules,
    people: createPeopleFile(config.peopleFile),
    rights: policyOf(config, record.subjectAdmissions, () => verifier.verifySubjectAdmission, values),
    tokens: record.tokenReads,
    audit: record.audit,
    signer: await openGrantSigner(config.grantPrivateKey),
    keys: record.personKeys,
    registrations: {
      ...(await openPersonKeySigner(config.grantPrivateKey)),
      ...(await openPersonKeyVerifier(config.grantPublicKey)),
    },
    keyRequired: config.mode === 'production',
    newId: uuidv7,
  };
  const rollouts: RolloutAuthority = {
    ...context,
    rollouts: record.rollouts,
    rolloutGrants: await openRolloutGrants(config.grantPrivateKey, config.grantPublicKey),
    freeze: record.freeze,
  };
  const checkpoints = await composeCheckpoints(config, record.audit, log);
  const checkout: CheckoutContext = {
    catalogue: record.catalogue,
    admissions: record.admissions,
    rules,
    signer: await openAdmissionSigner(config.grantPrivateKey),
    account: accountOfProcess(),
    newId: uuidv7,
  };
  const judging: JudgeContext = {
    requests: record.admissionRequests,
    admissions: record.admissions,
    subjectAdmissions: record.subjectAdmissions,
    verifier,
    catalogue: record.catalogue,
    schedules: record.schedules,
    inventory: record.inventory,
    people: context.people,
    rights: context.rights,
    tokens: record.tokenReads,
    keys: context.keys,
    registrations: context.registrations,
    keyRequired: context.keyRequired,
    signer: checkout.signer,
    newId: uuidv7,
    readPolicy: (text) => judgedPolicyText(text, values),
    async check(bundle) {
      const host = composeGate(config);
      try {
        return { problems: await createStoredChecker(host).check(bundle), engineSha256: await host.engineDigest() };
      } finally {
        await host.close();
      }
    },
  };
  return { context, rollouts, checkout, judging, checkpoints, record };
}

export async function composeQueue({ config, secrets }: Settings, log: Log): Promise<MessageQueue> {
  const passwordOnLoopback = config.mode === 'production';
  if (secrets.redisUrl !== undefined) return createRedisQueue({ url: secrets.redisUrl, log, passwordOnLoopback });
  return createPostgresQueue({ url: needed(secrets.queueUrl, 'FIXPOINT_QUEUE_DATABASE_URL'), log });
}

export function composeRelay({ secrets }: Settings) {
  return createStore(needed(secrets.relayUrl, 'FIXPOINT_RELAY_DATABASE_URL'), { max: 4 });
}

/** The slots of a worker, each with an engine of its own or with one that `FIXPOINT_SLOTS_PER_ENGINE` slots share, over one record. */
export async function composeWorker({ config, secrets }: Settings, log: Log) {
  const record = createStore(needed(secrets.workerUrl, 'FIXPOINT_WORKER_DATABASE_URL'), {
    max: 4 + 2 * config.slots,
    readManifest: readStoredManifest,
  });
  const runtime = runtimeDirectory(config.home);
  const grants = await openGrantVerifier(config.grantPublicKey);
  const verifier = strictIn(config, openAdmissionVerifier(config.grantPublicKey));
  const rules = rulesOf(verifier, config);
  const registrations = await openPersonKeyVerifier(config.grantPublicKey);
  const people = createPeopleFile(config.peopleFile);
  const values = createValueChecker();
  const rights = policyOf(config, record.subjectAdmissions, () => verifier.verifySubjectAdmission, values);
  const credentials = composeCredentials(config);
  const spool = createResultSpool({ directory: join(config.home, 'spool'), log });
  const engines = createMeasuredHosts();
  const gate = createStoredGate();
  const engineOf = enginesOfSlots(config, runtime, log);
  const contextOf = (slot: number): WorkerContext => ({
    ...record,
    people,
    rights,
    credentials,
    grants,
    admissionRules: () => rules,
    keys: record.personKeys,
    registrations,
    host: engines.measureHost(engineOf(slot)),
    gate,
    spool,
    values,
    newId: uuidv7,
    settings: {
      id: `${hostname()}/${process.pid}/${slot}`,
      pool: config.pool,
      leaseMs: config.leaseMs,
      reconcileAfterMs: config.reconcileAfterMs,
      allowLocal: config.allowLocal,
      keyRequired: config.mode === 'production',
    },
  });
  return { record, contextOf, engines };
}

/** The credentials of this machine, as a worker on it uses them. */
export function composeCredentials(config: Config) {
  return createCredentials({
    path: config.credentialsFile,
    runtimeDirectory: runtimeDirectory(config.home),
    env: secretsEnvironment(config),
    values: createValueChecker(),
    mode: config.mode,
    krb5Config: config.krb5Config,
  });
}

/** An engine for the gate alone, where no worker runs: the command line and tests. */
export function composeGate(config: Config) {
  const { engineDirectory } = config;
  return createPowerShellHost({ engineDirectory, runtimeDirectory: runtimeDirectory(config.home), env: process.env });
}

/** The runbook folders of this installation, checked by an engine. */
export function composeRunbooks(directories: readonly string[], host: Pick<PowerShellHost, 'checkScripts'>) {
  return createRunbookFolders({ directories, host });
}
