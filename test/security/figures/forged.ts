import type { AuditEvent } from '../../../src/domain/audit.js';
import type { Grant } from '../../../src/domain/grant.js';
import type { Job, MadePlan } from '../../../src/domain/job.js';
import type { Person } from '../../../src/domain/people.js';
import { canonicalJson } from '../../../src/domain/canonical.js';
import { randomOf, type Random } from '../../generative/random.js';
import { tally, type Amount, type Figure } from './figure.js';
import { changed, paths } from './mutate.js';
import { bundleOf, claim, decisionOf, judge, signedByAnother, worldOf, type World } from './world.js';

const HELEN: Person = { id: 'helen', name: 'Helen', roles: ['helpdesk'] };
const ADA: Person = { id: 'ada', name: 'Ada', roles: ['approver'] };

/** One forgery of an approved job, or of a decision about one that is not; every one of them must be refused with an event. */
type Forgery = (world: World, random: Random) => Promise<unknown> | void;

const grantOf = ({ job, grants }: World) => {
  const signed = grants.get(job.grantJti ?? '');
  if (!signed) throw new Error('the job has no grant');
  return signed;
};
function regrant(world: World, more: { readonly bytes?: string; readonly signature?: string; readonly kid?: string }) {
  world.grants.set(world.job.grantJti ?? '', { ...grantOf(world), ...more });
}

/** The members of a job that its grant binds, the request through its digest. */
const BOUND = [
  ...['kind', 'runbook', 'target', 'targetDigest', 'pool', 'parameters', 'supplied', 'salt', 'requester', 'reason'],
  ...['executeBy', 'onFailure'],
] as const;
const ABSENT = ['rollbackOf', 'ticket', 'supersedes', 'follows'] as const;

const GRANTS: readonly Forgery[] = [
  // Each of the 512 bits of a signature.
  (world, random) => {
    const bytes = Buffer.from(grantOf(world).signature, 'base64');
    const bit = random.int(511);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    regrant(world, { signature: bytes.toString('base64') });
  },
  // Each member at every depth, under the old signature and under that of another key.
  (world, random) => {
    const grant = JSON.parse(grantOf(world).bytes) as Grant;
    const bytes = canonicalJson(changed(grant, random.pick(paths(grant)), random));
    regrant(world, { bytes, ...(random.chance(0.5) ? { signature: signedByAnother(bytes) } : {}) });
  },
  // Each byte of its text.
  (world, random) => {
    const { bytes } = grantOf(world);
    const at = random.int(bytes.length - 1);
    const other = random.pick([...'x0"{} '].filter((character) => character !== bytes[at]));
    regrant(world, { bytes: bytes.slice(0, at) + other + bytes.slice(at + 1) });
  },
  (world, random) => regrant(world, { kid: random.pick(['', 'k2', 'K']) }),
  (world, random) => regrant(world, { signature: random.pick(['', 'AAAA', signedByAnother(grantOf(world).bytes)]) }),
];

const ROWS: readonly Forgery[] = [
  (world, random) => {
    const [name, value] = random.pick(BOUND.map((member) => [member, world.job[member]] as const));
    world.job = { ...world.job, [name]: changed(value, random.pick(paths(value)), random) };
  },
  (world, random) => {
    world.job = { ...world.job, [random.pick(ABSENT)]: 'x' };
  },
  (world, random) => {
    const made = world.job.plan as MadePlan;
    const at = random.pick(paths(made.plan));
    world.job = { ...world.job, plan: { ...made, plan: changed(made.plan, at, random) as MadePlan['plan'] } };
  },
  (world, random) => {
    const made = world.job.plan as MadePlan;
    world.job = { ...world.job, plan: { ...made, bytes: made.bytes.slice(0, random.int(made.bytes.length - 1)) } };
  },
  // The grant of another job, of another run of the same, or of none.
  async (world, random) => {
    const donor = await approved();
    world.grants.set(donor.job.grantJti ?? '', grantOf(donor));
    world.job = { ...world.job, grantJti: random.pick([donor.job.grantJti ?? '', 'none']) };
  },
  (world) => {
    world.grants.set(world.job.grantJti ?? '', { ...grantOf(world), revokedAt: world.now });
  },
  (world, random) => {
    const files = world.bundle.files.map((file) => ({ ...file, text: `${file.text}${random.pick([' ', '#'])}` }));
    world.bundle = bundleOf({ files });
  },
  (world, random) => {
    world.target = changed(world.target, random.pick(paths(world.target)), random) as Job['target'];
  },
  (world) => {
    world.scope = 'a wider scope';
  },
  (world, random) => {
    const { id, name, roles } = random.pick([HELEN, ADA]);
    world.people.set(id, { id, name, roles: roles.includes('approver') ? ['helpdesk'] : ['auditor'] });
  },
];

const DECISIONS: readonly Forgery[] = [
  (world, random) => judge(world, decisionOf(world, ADA, { planDigest: `${random.int(9)}`.repeat(64) })),
  (world, random) =>
    judge(world, decisionOf(world, ADA, { proof: { kind: 'token', tokenId: random.pick(['none', 't-helen', '']) } })),
  (world) => judge(world, decisionOf(world, HELEN)),
  (world) => judge(world, decisionOf(world, { id: 'nobody', name: 'Nobody', roles: ['approver'] })),
  (world, random) => judge(world, decisionOf(world, ADA, { decidedAt: new Date(random.pick([0, 4e12])) })),
  (world, random) => {
    // What it says of the request; its id and time are for the chain to keep.
    const said = JSON.parse(world.submission.event) as AuditEvent;
    const at = random.pick([['job'], ['action'], ['actor', 'id'], ['data', 'jobSha256'], ['v']]);
    const event = canonicalJson(changed(said, at, random));
    world.submission = random.chance(0.7)
      ? { ...world.submission, event }
      : { ...world.submission, writer: 'fixpoint_worker' };
    return judge(world, decisionOf(world, ADA));
  },
  async (world, random) => {
    const members = BOUND.filter((member) => world.job[member] !== undefined && member !== 'supplied');
    const name = random.pick(members);
    const value = world.job[name];
    world.job = { ...world.job, [name]: changed(value, random.pick(paths(value)), random) };
    await judge(world, decisionOf(world, ADA));
  },
];

async function approved(): Promise<World> {
  const world = worldOf([HELEN, ADA], HELEN);
  await judge(world, decisionOf(world, ADA));
  if (world.job.state !== 'queued')
    throw new Error(`the model approved nothing: ${JSON.stringify(world.events.at(-1))}`);
  return world;
}

/**
 * Forged, mutated and replayed rows and grants against the judge of a decision and the claim of a job: what was changed in no more than
 * one place must be refused, and the refusal must be an event.
 */
export async function forged({ count, seed }: Amount): Promise<Figure> {
  const told = tally('forged grants, rows and decisions');
  let unaudited = 0;
  const fine = await approved();
  if (!(await claim(fine))) told.add('an honest approval is not claimed: the model has lost its way');
  for (let n = 0; n < count; n++) {
    const random = randomOf(seed, n);
    const [name, kind] = random.pick([
      ['grant', GRANTS],
      ['row', ROWS],
      ['decision', DECISIONS],
    ] as const);
    const world = kind === DECISIONS ? worldOf([HELEN, ADA], HELEN) : await approved();
    const before = canonicalJson(snapshot(world));
    const which = random.int(kind.length - 1);
    const events = world.events.length;
    await kind[which]?.(world, random);
    const ran = kind === DECISIONS ? world.job.grantJti !== undefined : await claim(world);
    const said = world.events.slice(events).some(({ outcome }) => outcome === 'denied');
    if (!said) unaudited += 1;
    const what = `seed ${seed}, case ${n} (${name} ${which})`;
    const same = kind !== DECISIONS && canonicalJson(snapshot(world)) === before;
    told.add(
      ran ? `${what} was executed${same ? ': it changed nothing' : ''}` : said ? undefined : `${what} is in no event`,
    );
  }
  return told.figure({ unaudited });
}

const snapshot = ({ job, grants, target, scope }: World) =>
  JSON.parse(JSON.stringify({ job, grants: [...grants], target, scope })) as object;
