import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { auditBytes, type AuditEvent } from '../../../src/domain/audit.js';
import { bundleDigest } from '../../../src/domain/bundle.js';
import { sha256 } from '../../../src/domain/digest.js';
import { grantBytes, grantMessage, type Grant, type SignedGrant } from '../../../src/domain/grant.js';
import type { Job, State } from '../../../src/domain/job.js';
import type { Manifest, RunbookBundle } from '../../../src/domain/manifest.js';
import type { DecisionRow, JobView, Move } from '../../../src/domain/move.js';
import type { Person } from '../../../src/domain/people.js';
import type { WrittenEvent } from '../../../src/domain/request.js';
import { readGrant } from '../../../src/adapters/keys/index.js';
import { claimJob } from '../../../src/usecases/claim/claim-job.js';
import { authoriseDecision, type AuthorityContext } from '../../../src/usecases/decide/authorise-decision.js';
import { submissionOf } from '../../../src/usecases/submit/new-job.js';
import type { WorkerContext } from '../../../src/usecases/worker-context.js';
import { BUILT_IN_RIGHTS } from '../../../src/domain/policy/rights.js';
import { ADMISSION, after, jobOf, makePlanOf, MANIFEST, NOW } from '../../support/job-views.js';

/**
 * The real judgement of a decision and the real claim of a job, over a record that is a few values: thousands of cases a second where a
 * database plays a hundred. Everything that knows how those two are called is here.
 */

const keys = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('ed25519');
const KID = 'k';

const FILES = [{ path: 'set-file-text/runbook.yaml', text: 'id: set-file-text', sha256: sha256('id: set-file-text') }];
const manifest = {
  ...MANIFEST,
  onFailure: 'leave',
  runsOn: { kinds: ['server'] },
  // `set` needs one approver, `send` two.
  approval: { ...MANIFEST.approval, required: { R1: 1, R2: 2 } },
} as unknown as Manifest;
const contentDigest = bundleDigest({ files: FILES });
/** The policy, and an admission that covers the runbook at any time. */
const admission = {
  ...ADMISSION,
  runbook: { ...ADMISSION.runbook, contentSha256: contentDigest },
  ...{ notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2999-01-01T00:00:00.000Z' },
};
/** By what both judge the admissions of runbooks and targets. */
const RULES = {
  rights: { read: async () => BUILT_IN_RIGHTS },
  admissions: { of: async () => [{ id: admission.id, status: 'in-force' }] },
  subjectAdmissions: { ofTargets: async () => new Map() },
  admissionRules: () => ({
    verify: () => ({ ok: true, value: admission }),
    verifySubject: () => ({ ok: false, error: { why: 'none is stored' } }),
    development: true,
  }),
};
export const bundleOf = (more: Partial<RunbookBundle> = {}) => ({ contentDigest, files: FILES, manifest, ...more });

export interface Token {
  readonly id: string;
  readonly kind: 'personal' | 'service';
  readonly person: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  revokedAt?: Date;
}

/** The record: whoever holds a database role can write most of it. */
export interface World {
  job: Job;
  submission: WrittenEvent;
  decisions: DecisionRow[];
  readonly grants: Map<string, SignedGrant>;
  readonly tokens: Map<string, Token>;
  readonly people: Map<string, Person>;
  bundle: RunbookBundle;
  /** What the inventory and the credentials file say now. */
  target: Job['target'] | undefined;
  scope: string | undefined;
  /** Instead of `RULES`. */
  rules: Partial<Record<keyof typeof RULES, unknown>>;
  now: Date;
  /** Everything that the two judges wrote to the audit log. */
  readonly events: AuditEvent[];
  /** The jobs that were claimed: from here on a worker would change something. */
  claims: number;
  /** Whether the rollout of the job is paused. */
  held?: boolean;
}

let ids = 0;
const newId = () => `00000000-0000-7000-8000-${(ids += 1).toString(16).padStart(12, '0')}`;

/** @param action `set` needs one approver, `send` two */
export function worldOf(people: readonly Person[], requester: Person, action: 'set' | 'send' = 'set'): World {
  const base: Job = {
    ...jobOf(),
    id: newId(),
    state: 'awaiting-approval',
    runbook: { id: manifest.id, version: manifest.version, contentDigest },
    requester,
  };
  const { grantJti: _, leaseUntil: __, ...unplanned } = base;
  const job = { ...unplanned, plan: makePlanOf(unplanned, action) };
  const tokens = people.map(({ id }): Token => {
    return { id: `t-${id}`, kind: 'personal', person: id, createdAt: after(-60_000), expiresAt: after(86_400_000) };
  });
  return {
    job,
    submission: { writer: 'fixpoint_api', event: auditBytes(submissionOf({ newId }, job, 4).events[0] as AuditEvent) },
    decisions: [],
    grants: new Map(),
    tokens: new Map(tokens.map((token) => [token.id, token])),
    people: new Map(people.map((person) => [person.id, person])),
    bundle: bundleOf(),
    target: job.target,
    scope: 'scope',
    rules: {},
    now: NOW,
    events: [],
    claims: 0,
  };
}

/** A decision as the API writes it: in the name of a person, with a token of theirs. */
export function decisionOf(world: World, person: Person, more: Partial<DecisionRow> = {}): DecisionRow {
  const { id, plan } = world.job;
  return {
    id: newId(),
    job: id,
    planDigest: plan?.digest ?? '',
    decision: 'approve',
    person: { id: person.id, name: person.name, roles: person.roles },
    reason: 'ok',
    proof: { kind: 'token', tokenId: `t-${person.id}` },
    decidedAt: world.now,
    status: 'pending',
    ...more,
  };
}

/** Lets `authority` judge a decision that stands in the record. */
export async function judge(world: World, row: DecisionRow): Promise<void> {
  world.decisions.push(row);
  const context: AuthorityContext = {
    jobs: jobsOf(world),
    catalogue: { get: async () => world.bundle },
    people: peopleOf(world),
    ...RULES,
    ...world.rules,
    tokens: { find: async (id: string) => world.tokens.get(id) },
    audit: { submission: async () => world.submission },
    // Decisions are proved by tokens here.
    keyRequired: false,
    keys: { isNonceUsed: async () => false },
    signer: { kid: KID, sign: (bytes: string) => sign(null, grantMessage(bytes), keys.privateKey).toString('base64') },
    newId,
  } as unknown as AuthorityContext;
  await authoriseDecision(context, row);
}

/** Lets a worker claim the job; whether it would now change something. */
export async function claim(world: World, pool = 'default'): Promise<boolean> {
  const context = {
    jobs: jobsOf(world),
    catalogue: { get: async () => world.bundle },
    inventory: { get: async () => world.target && { target: world.target } },
    people: peopleOf(world),
    ...RULES,
    ...world.rules,
    credentials: {
      scope: async () =>
        world.scope === undefined
          ? { ok: false, error: { kind: 'credential-out-of-scope', name: 'writer', why: 'not for this target' } }
          : { ok: true, value: world.scope },
    },
    grants: { verify: verifyGrant },
    rollouts: { isHeld: async () => world.held === true },
    host: { engineDigest: async () => 'engine' },
    newId,
    settings: { id: 'worker', pool, leaseMs: 1000, reconcileAfterMs: 1000, allowLocal: true },
  } as unknown as WorkerContext;
  const claimed = await claimJob(context, world.job);
  if (claimed) world.claims += 1;
  return claimed !== undefined;
}

/** Another grant in the place of the job's, signed by authority itself: what its own mistakes would make. */
export function signAgain(world: World, change: (grant: Grant) => Grant): void {
  const jti = world.job.grantJti ?? '';
  const old = world.grants.get(jti) as SignedGrant;
  const bytes = grantBytes(change(JSON.parse(old.bytes) as Grant));
  const signature = sign(null, grantMessage(bytes), keys.privateKey).toString('base64');
  world.grants.set(jti, { ...old, bytes, signature });
}

/** The same bytes under another signature. */
export function signedByAnother(bytes: string): string {
  return sign(null, grantMessage(bytes), foreign.privateKey).toString('base64');
}

function verifyGrant(signed: SignedGrant): ReturnType<WorkerContext['grants']['verify']> {
  const known = signed.kid === KID;
  const held =
    known && verify(null, grantMessage(signed.bytes), keys.publicKey, Buffer.from(signed.signature, 'base64'));
  return held
    ? readGrant(signed)
    : { ok: false, error: { kind: 'grant-invalid', why: 'the signature does not verify' } };
}

const peopleOf = ({ people }: World) => ({
  read: async () => ({ digest: 'p', find: (id: string) => people.get(id), all: [...people.values()] }),
});

/** The row of the job, moved by what a decider says. */
function jobsOf(world: World) {
  return {
    get: async () => world.job,
    view: async () => ({ job: world.job, journal: [], decisions: world.decisions, now: world.now, latest: world.now }),
    grant: async (jti: string) => world.grants.get(jti),
    transition: async (_: string, decide: (view: JobView) => { ok: boolean; value?: Move; error?: unknown }) => {
      const { job, decisions, now } = world;
      const said = decide({ job, journal: [], decisions, now, latest: now });
      if (!said.ok || !said.value) return said;
      apply(world, said.value);
      return { ok: true, value: world.job };
    },
  };
}

function apply(world: World, { to, set = {}, events, writes = [] }: Move): void {
  const kept = Object.fromEntries(Object.entries({ ...world.job, ...set }).filter(([, value]) => value !== null));
  world.job = { ...(kept as unknown as Job), state: to satisfies State, revision: world.job.revision + 1 };
  world.events.push(...events);
  for (const write of writes) {
    if (write.kind === 'grant') world.grants.set(write.grant.jti, write.grant);
    if (write.kind === 'revoke-grant') {
      const grant = world.grants.get(write.jti);
      if (grant) world.grants.set(write.jti, { ...grant, revokedAt: world.now });
    }
    if (write.kind === 'judge')
      world.decisions = world.decisions.map((row) =>
        row.id === write.decision ? { ...row, status: write.status, ...(write.code ? { code: write.code } : {}) } : row,
      );
  }
}
