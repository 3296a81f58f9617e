import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import type { AuditEvent, ChainedEvent } from '../../src/domain/audit.js';
import { EVENT_WRITERS } from '../../src/domain/audit-writers.js';
import { auditBytes } from '../../src/domain/audit.js';
import { grantMessage, type SignedGrant } from '../../src/domain/grant.js';
import type { KeyProof } from '../../src/domain/decision-proof.js';
import { reasonDigest } from '../../src/domain/digest.js';
import type { Job } from '../../src/domain/job.js';
import type { JournalEntry } from '../../src/domain/journal.js';
import type { Manifest } from '../../src/domain/manifest.js';
import { kidOf, personKeyBytes, publicKeyText, type PersonKey } from '../../src/domain/person-key.js';
import { resumeMessage } from '../../src/domain/rollout-decision.js';
import { utcText } from '../../src/domain/time.js';
import type { StoredPersonKey } from '../../src/ports/person-keys.js';
import type { JobView, Move } from '../../src/domain/move.js';
import type { Actor, Person } from '../../src/domain/people.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { rolloutGrantMessage, type RolloutGrant, type SignedRolloutGrant } from '../../src/domain/rollout-grant.js';
import { ok } from '../../src/domain/result.js';
import type { Target } from '../../src/domain/target.js';
import { readGrant } from '../../src/adapters/keys/index.js';
import type { RolloutDecision, Rollouts, RolloutStop, StoredRollout } from '../../src/ports/rollouts.js';
import type { ApiContext } from '../../src/usecases/api-context.js';
import { claimJob } from '../../src/usecases/claim/claim-job.js';
import type { RolloutAuthority } from '../../src/usecases/rollouts/authority/context.js';
import { driveRollouts } from '../../src/usecases/rollouts/authority/drive.js';
import { judgeRolloutDecision } from '../../src/usecases/rollouts/authority/judge.js';
import {
  decideRollout,
  resumeRollout,
  type ListDecision,
  type Resume,
} from '../../src/usecases/rollouts/decide-rollout.js';
import { listToDecide } from '../../src/usecases/rollouts/plan-list.js';
import { rollBackRollout, type RollbackWish } from '../../src/usecases/rollouts/roll-back-rollout.js';
import { stopRollout } from '../../src/usecases/rollouts/stop-rollout.js';
import { submitRollout } from '../../src/usecases/rollouts/submit-rollout.js';
import type { RolloutWish } from '../../src/usecases/rollouts/wish.js';
import { serviceEvent } from '../../src/usecases/facts.js';
import { createInFlight } from '../../src/usecases/submit/in-flight.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { bundleOf } from '../security/figures/world.js';
import { chain } from '../security/logs.js';
import { ADMISSION, entryOf, makePlanOf, NOW, TARGET } from './job-views.js';

/**
 * The real use cases of rollouts, from the submission to the claim of the last job, over a database that is a few values. What a table
 * holds is a member of the world: a test changes it as whoever has the rights on that table could.
 */

const keys = generateKeyPairSync('ed25519');
const KID = 'k';
const { manifest, contentDigest } = bundleOf();
const admission = {
  ...ADMISSION,
  runbook: { ...ADMISSION.runbook, contentSha256: contentDigest },
  ...{ notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2999-01-01T00:00:00.000Z' },
};

const person = (id: string, ...roles: Person['roles']): Person => ({ id, name: id, roles });
export const PEOPLE = {
  olga: person('olga', 'operator'),
  helen: person('helen', 'helpdesk'),
  ada: person('ada', 'approver'),
  bob: person('bob', 'approver'),
  both: person('both', 'operator', 'approver'),
} as const;
type Who = keyof typeof PEOPLE;
export const actorOf = (who: Who): Actor => ({ person: PEOPLE[who], tokenId: `t-${who}`, tokenKind: 'personal' });

/** Each person's own key, registered. */
const OWN_KEYS = Object.keys(PEOPLE).map((who) => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyText(privateKey);
  const key: PersonKey = {
    ...{ v: 1, id: `key-${who}`, person: who, kid: kidOf(publicKey), publicKey },
    ...{ confirmedBy: null, at: '2026-01-01T00:00:00.000Z' },
  };
  return { who, key, privateKey, stored: { id: key.id, bytes: personKeyBytes(key) } as StoredPersonKey };
});

/** The signature of a person over a message that holds the nonce and the time. */
function signedBy(who: Who, now: Date, message: (once: Pick<KeyProof, 'nonce' | 'at'>) => Buffer): KeyProof {
  const own = OWN_KEYS.find((each) => each.who === who);
  if (!own) throw new Error(`${who} has no key`);
  const once = { nonce: randomBytes(16).toString('hex'), at: utcText(now) };
  const signature = sign(null, message(once), own.privateKey).toString('base64');
  return { kind: 'key', kid: own.key.kid, ...once, signature };
}

/** What a person stops the API writes; everything else of a rollout is by its one writer. */
function writerOf({ action, data }: AuditEvent): string {
  const [writer = ''] = EVENT_WRITERS[action];
  const isByPerson = data.stop !== undefined || EVENT_WRITERS[action].length === 1;
  return `fixpoint_${isByPerson ? writer : 'authority'}`;
}

export type RolloutWorld = ReturnType<typeof rolloutWorld>;
export function rolloutWorld(targets = 60) {
  let ids = 0;
  const newId = () => `00000000-0000-7000-8000-${(ids += 1).toString(16).padStart(12, '0')}`;
  const state = {
    now: NOW,
    frozen: false,
    people: new Map<string, Person>(Object.values(PEOPLE).map((each) => [each.id, each])),
    targets: Array.from({ length: targets }, (_, i): Target => ({
      ...TARGET,
      id: `00000000-0000-7000-8000-1${String(i).padStart(11, '0')}`,
      name: `pc-${String(i).padStart(3, '0')}`,
    })),
    rollouts: new Map<string, StoredRollout>(),
    jobs: new Map<string, Job>(),
    submissions: new Map<string, { writer: string; event: string }>(),
    grants: new Map<string, SignedGrant>(),
    /** What each job made, as its worker wrote it down. */
    journals: new Map<string, readonly JournalEntry[]>(),
    /** What the manifest says of its rollback. */
    rollback: 'script' as Manifest['rollback'],
    /** Jobs of which the log has the event of their success, by the worker. */
    logged: new Set<string>(),
    lists: new Map<string, string>(),
    decisions: [] as RolloutDecision[],
    stops: [] as RolloutStop[],
    rolloutGrants: new Map<string, SignedRolloutGrant>(),
    waves: [] as { rollout: string; wave: number; what: string; at: Date }[],
    nonces: new Set<string>(),
    events: [] as AuditEvent[],
    /** Jobs that a worker claimed, in order. */
    claims: [] as string[],
    /** Called before each move of a job. */
    beforeMove: () => undefined as void,
  };

  const jobsOf = (id: string) =>
    [...state.jobs.values()]
      .filter((job) => job.rollout?.id === id)
      .sort((a, b) => (a.rollout?.index ?? 0) - (b.rollout?.index ?? 0));
  const isHeld = (id: string) => {
    const accepted = state.decisions.filter(({ kind, status }) => kind === 'resume' && status === 'accepted');
    const ended = new Set(accepted.flatMap(({ ends }) => ends));
    return state.stops.some(
      (stop) => stop.rollout === id && (stop.kind === 'abort' || (stop.kind === 'pause' && !ended.has(stop.id))),
    );
  };

  const rollouts: Rollouts = {
    async submit(_, { rollout, event, jobs }) {
      const stored = { ...rollout, submittedAt: state.now, status: 'open' } as const;
      state.rollouts.set(rollout.id, stored);
      state.submissions.set(rollout.id, { writer: 'fixpoint_api', event: auditBytes(event) });
      for (const { job, events } of jobs) {
        state.jobs.set(job.id, { ...job, submittedAt: state.now, stateSince: state.now, revision: 1 });
        state.submissions.set(job.id, { writer: 'fixpoint_api', event: auditBytes(events[0] as AuditEvent) });
      }
      return ok({ made: stored, repeated: false });
    },
    first: async () => undefined,
    get: async (id) => state.rollouts.get(id),
    async record(id) {
      const rollout = state.rollouts.get(id);
      if (!rollout) return undefined;
      const grant = state.rolloutGrants.get(id);
      const root = grant && (JSON.parse(grant.bytes) as RolloutGrant).root;
      const list = root === undefined ? undefined : state.lists.get(`${id} ${root}`);
      const of = <T extends { rollout: string }>(rows: readonly T[]) => rows.filter((row) => row.rollout === id);
      return {
        rollout,
        items: jobsOf(id).map((job) => ({
          job,
          ...(job.plan ? { planDigest: job.plan.digest } : {}),
          granted: [...state.grants.values()].some((one) => one.job === job.id),
          endLogged: state.logged.has(job.id),
        })),
        ...{ stops: of(state.stops), decisions: of(state.decisions), now: state.now },
        ...(grant ? { grant } : {}),
        ...(list === undefined ? {} : { list }),
        undoneBy: [...state.rollouts.values()].filter(({ rollbackOf }) => rollbackOf === id),
        proved: of(state.waves).flatMap(({ what, at }) => (what === 'proved' ? [at] : [])),
      };
    },
    list: async ({ requester }) => [...state.rollouts.values()].filter((one) => one.requester.id === requester),
    planList: async (id, root) => state.lists.get(`${id} ${root}`),
    async decide(decision, list) {
      if (list !== undefined) state.lists.set(`${decision.rollout} ${decision.root}`, list);
      const row: RolloutDecision = { ...decision, status: 'pending' };
      state.decisions.push(row);
      // Authority is there at once.
      await judgeRolloutDecision(authority, row);
      return true;
    },
    async stop(stop, event) {
      state.stops.push({ ...stop, at: state.now });
      state.events.push(event);
    },
    stops: async (id) => state.stops.filter((stop) => stop.rollout === id),
    isHeld: async (id) => isHeld(id),
    findDecision: async (id) => state.decisions.find((row) => row.id === id),
    pendingDecisions: async () => state.decisions.filter(({ status }) => status === 'pending'),
    live: async () => [...state.rollouts.values()].filter(({ status }) => status !== 'ended').map(({ id }) => id),
    submission: async (id) => state.submissions.get(id),
    async judge(id, { status, code, nonce, grant, rollout, events }) {
      state.decisions = state.decisions.map((row) =>
        row.id === id ? { ...row, status, ...(code ? { code } : {}) } : row,
      );
      if (nonce !== undefined) state.nonces.add(nonce);
      if (grant) state.rolloutGrants.set(grant.rollout, grant);
      const about = state.decisions.find((row) => row.id === id)?.rollout ?? '';
      if (rollout) state.rollouts.set(about, { ...(state.rollouts.get(about) as StoredRollout), ...rollout });
      state.events.push(...events);
      return true;
    },
    async markWave(rollout, wave, what, event) {
      if (state.waves.some((one) => one.rollout === rollout && one.wave === wave && one.what === what)) return;
      state.waves.push({ rollout, wave, what, at: state.now });
      state.events.push(event);
    },
    async setStatus(id, status, ending, event) {
      const rollout = state.rollouts.get(id) as StoredRollout;
      state.rollouts.set(id, { ...rollout, status, ...(ending ? { ending } : {}) });
      if (event) state.events.push(event);
    },
    async alone(_, work) {
      await work();
      return true;
    },
  };

  const jobs = {
    get: async (id: string) => state.jobs.get(id),
    async view(id: string) {
      const job = state.jobs.get(id);
      const about = { decisions: [], now: state.now, latest: state.now };
      return job && { job, journal: state.journals.get(id) ?? [], ...about };
    },
    grant: async (jti: string) => state.grants.get(jti),
    async transition(id: string, decide: (view: JobView) => { ok: boolean; value?: Move; error?: unknown }) {
      state.beforeMove();
      const job = state.jobs.get(id) as Job;
      const said = decide({ job, journal: [], decisions: [], now: state.now, latest: state.now });
      if (!said.ok || !said.value) return said;
      const { to, set = {}, events, writes = [] } = said.value;
      const kept = Object.fromEntries(Object.entries({ ...job, ...set }).filter(([, value]) => value !== null));
      state.jobs.set(id, { ...(kept as unknown as Job), state: to, revision: job.revision + 1 });
      state.events.push(...events);
      for (const write of writes) if (write.kind === 'grant') state.grants.set(write.grant.jti, write.grant);
      return { ok: true, value: state.jobs.get(id) };
    },
  };

  const shared = {
    jobs,
    rollouts,
    newId,
    rights: { read: async () => BUILT_IN_RIGHTS },
    people: {
      read: async () => ({ digest: 'p', find: (id: string) => state.people.get(id), all: [...state.people.values()] }),
    },
    admissions: {
      of: async () => [{ id: admission.id, status: 'in-force' }],
      ofCurrent: async () => new Map([[contentDigest, [{ id: admission.id, status: 'in-force' }]]]),
    },
    subjectAdmissions: { ofTargets: async () => new Map() },
    admissionRules: () => ({
      verify: () => ({ ok: true, value: admission }),
      verifySubject: () => ({ ok: false, error: { why: 'none is stored' } }),
      development: true,
    }),
    keys: {
      isNonceUsed: async (nonce: string) => state.nonces.has(nonce),
      byKid: async (kid: string) => OWN_KEYS.find(({ key }) => key.kid === kid)?.stored,
      byId: async (id: string) => OWN_KEYS.find(({ key }) => key.id === id)?.stored,
    },
    registrations: { verifyPersonKey: ({ bytes }: StoredPersonKey) => ok(JSON.parse(bytes) as PersonKey) },
    keyRequired: false,
  };
  const catalogue = {
    get: async () => bundleOf(),
    manifest: async () => ({ ...manifest, rollback: state.rollback }),
    list: async () => [{ manifest, contentDigest }],
    refused: async () => [],
  };
  const api = {
    ...shared,
    catalogue,
    inventory: {
      list: async ({ after }: { after?: string }) =>
        after === undefined ? state.targets.map((target) => ({ target })) : [],
      find: async (named: readonly string[]) =>
        new Map(
          state.targets
            .filter(({ id, name }) => named.includes(id) || named.includes(name))
            .flatMap(
              (target) =>
                [
                  [target.id, { target }],
                  [target.name, { target }],
                ] as const,
            ),
        ),
    },
    rollbacks: {
      doneBy: async (id: string) =>
        [...state.jobs.values()].find((job) => job.rollbackOf === id && job.state === 'succeeded')?.id,
    },
    queries: { byIds: async () => new Map(), countRecent: async () => new Map() },
    inFlight: createInFlight(),
    values: {
      check: (_: unknown, value: object) =>
        'refused' in value ? { ok: false, error: [{ path: '/refused', code: 'x', message: 'x' }] } : ok(value),
    },
    settings: { pool: 'default', allowLocal: true, submitPerMinute: 1 },
  } as unknown as ApiContext;
  const authority = {
    ...shared,
    catalogue,
    tokens: {
      find: async (id: string) => {
        const whose = id.slice(2);
        if (!state.people.has(whose)) return undefined;
        return { id, kind: 'personal', person: whose, createdAt: new Date(0), expiresAt: new Date('2999-01-01') };
      },
    },
    audit: { submission: async (id: string) => state.submissions.get(id) },
    signer: { kid: KID, sign: (bytes: string) => sign(null, grantMessage(bytes), keys.privateKey).toString('base64') },
    rolloutGrants: {
      kid: KID,
      signRollout: (bytes: string) => sign(null, rolloutGrantMessage(bytes), keys.privateKey).toString('base64'),
      verifyRollout: ({ bytes, signature, jti, rollout }: SignedRolloutGrant) => {
        const grant = JSON.parse(bytes) as RolloutGrant;
        const holds = verify(null, rolloutGrantMessage(bytes), keys.publicKey, Buffer.from(signature, 'base64'));
        return holds && grant.jti === jti && grant.rollout === rollout
          ? ok(grant)
          : { ok: false, error: { why: 'no' } };
      },
    },
    freeze: { read: async () => ({ frozen: state.frozen }) },
  } as unknown as RolloutAuthority;
  const worker = {
    ...shared,
    catalogue,
    inventory: { get: async (id: string) => ({ target: state.targets.find((target) => target.id === id) }) },
    credentials: { scope: async () => ok('scope') },
    grants: {
      verify: (signed: SignedGrant) =>
        verify(null, grantMessage(signed.bytes), keys.publicKey, Buffer.from(signed.signature, 'base64'))
          ? readGrant(signed)
          : { ok: false, error: { kind: 'grant-invalid', why: 'no' } },
    },
    host: { engineDigest: async () => 'engine' },
    settings: { id: 'worker', pool: 'default', leaseMs: 1000, reconcileAfterMs: 1000, allowLocal: true },
  } as unknown as WorkerContext;

  const set = (id: string, more: Partial<Job>) => state.jobs.set(id, { ...(state.jobs.get(id) as Job), ...more });
  return Object.assign(state, {
    rolloutsPort: rollouts,
    jobsOf,
    set,
    submit: (wish: Partial<RolloutWish> = {}, who: Who = 'olga') =>
      submitRollout(api, actorOf(who), `key-${newId()}`, {
        ...{ runbook: manifest.id, reason: 'why', select: { sites: ['hq'] }, expect: state.targets.length },
        ...wish,
      }),
    rollBack: (id: string, wish: Partial<RollbackWish> = {}, who: Who = 'olga') =>
      rollBackRollout(api, actorOf(who), id, `key-${newId()}`, {
        reason: 'wrong',
        expect: state.targets.length,
        ...wish,
      }),
    /** What the planning of a worker leaves: a plan with this action for each item, or none. */
    plan(id: string, actionOf: (index: number) => 'set' | 'send' | undefined = () => 'set') {
      for (const [index, job] of jobsOf(id).entries()) {
        const action = actionOf(index);
        if (action === undefined) set(job.id, { state: 'deferred', code: 'unreachable' });
        else set(job.id, { state: 'awaiting-approval', supplied: {}, plan: makePlanOf(job, action) });
      }
    },
    async list(id: string) {
      const record = await rollouts.record(id);
      if (!record) throw new Error('no rollout');
      return listToDecide(api, record, manifest);
    },
    async decide(id: string, who: Who, more: Partial<ListDecision> = {}) {
      const { root } = await this.list(id);
      return decideRollout(api, actorOf(who), id, { decision: 'approve', reason: 'ok', root, ...more });
    },
    resume: (id: string, who: Who, more: Partial<Resume> = {}) =>
      resumeRollout(api, actorOf(who), id, {
        ...{
          reason: 'looked at it',
          exclude: [],
          ends: state.stops.flatMap((stop) => (stop.kind === 'pause' ? [stop.id] : [])),
        },
        ...more,
      }),
    /** What somebody signs with their own key to end all pauses, such as for `resume`. */
    signedResume(id: string, who: Who, exclude: readonly number[] = []): Resume {
      const rollout = state.rollouts.get(id) as StoredRollout;
      const ends = state.stops.flatMap((stop) => (stop.kind === 'pause' ? [stop.id] : []));
      const said = { ends, exclude, reason: 'looked at it' };
      const facts = { ...said, rollout: id, grant: state.rolloutGrants.get(id)?.jti ?? '' };
      const digest = reasonDigest(said.reason, rollout.salt);
      const proof = signedBy(who, state.now, (once) => resumeMessage({ ...facts, reasonDigest: digest }, once));
      return { ...said, proof };
    },
    stop: (id: string, who: Who, kind: RolloutStop['kind'], items: readonly number[] = []) =>
      stopRollout(api, actorOf(who), id, kind, 'stop', items),
    drive: () =>
      driveRollouts(authority, (_, error) => {
        throw error;
      }),
    /** Indexes of the jobs that wait for a worker. */
    waiting: (id: string) => jobsOf(id).flatMap((job) => (job.state === 'queued' ? [job.rollout?.index ?? -1] : [])),
    /** A worker claims the job of an item, by its own checks; whether it would now change something. */
    async claim(id: string, index: number) {
      const job = jobsOf(id)[index] as Job;
      const claimed = await claimJob(worker, job);
      if (claimed) state.claims.push(job.id);
      return claimed !== undefined;
    },
    end(id: string, index: number, as: 'fixed' | 'already-fine' | Job['state']) {
      const job = jobsOf(id)[index] as Job;
      const done = as === 'fixed' || as === 'already-fine';
      set(job.id, done ? { state: 'succeeded', outcome: as } : { state: as });
      if (done) state.logged.add(job.id);
      if (as === 'fixed') state.journals.set(job.id, [entryOf(job, 0, 'changed')]);
      if (done) state.events.push(serviceEvent(newId, 'worker', 'job.succeeded', job, { data: { outcome: as } }));
    },
    /** The log of what was done so far, as its writers wrote it. */
    log(): readonly ChainedEvent[] {
      const made = [...state.submissions.values()].map(({ writer, event }): readonly [string, string] => [
        writer,
        event,
      ]);
      const done = state.events.map((event): readonly [string, string] => [writerOf(event), auditBytes(event)]);
      return chain([...made, ...done]);
    },
    judges: {
      verify: (signed: SignedGrant) => worker.grants.verify(signed),
      verifyRolloutGrant: (signed: SignedRolloutGrant) => authority.rolloutGrants.verifyRollout(signed),
    },
    /** Workers take what waits, and each item ends as the test says; authority looks again, until nothing more happens. */
    async play(id: string, endOf: (index: number) => 'fixed' | 'already-fine' | Job['state'] = () => 'fixed') {
      for (let quiet = 0; quiet < 2;) {
        await this.drive();
        quiet += 1;
        for (const index of this.waiting(id)) {
          if (!(await this.claim(id, index))) continue;
          this.end(id, index, endOf(index));
          quiet = 0;
        }
      }
      return state.rollouts.get(id);
    },
  });
}
