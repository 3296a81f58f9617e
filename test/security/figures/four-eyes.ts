import type { Job } from '../../../src/domain/job.js';
import type { Grant } from '../../../src/domain/grant.js';
import type { Person, Role } from '../../../src/domain/people.js';
import { approvalsRequired } from '../../../src/domain/plan.js';
import { randomOf, type Random } from '../../generative/random.js';
import { makePlanOf } from '../../support/job-views.js';
import { tally, type Amount, type Figure } from './figure.js';
import { claim, decisionOf, judge, worldOf, type World } from './world.js';

const person = (id: string, ...roles: Role[]): Person => ({ id, name: id.toUpperCase(), roles });
/** `both` may ask and approve: what they ask for, others approve. */
const CREW = [
  person('hel', 'helpdesk'),
  person('both', 'helpdesk', 'approver'),
  person('chief', 'admin', 'operator', 'approver'),
  person('ada', 'approver'),
  person('bob', 'approver'),
  person('eve', 'auditor'),
];
const REQUESTERS = CREW.filter(({ roles }) => roles.includes('helpdesk') || roles.includes('admin'));

/** Who really decided what: what people did, not what stands in the record. */
interface Truth {
  readonly requester: string;
  readonly approved: Map<string, Set<string>>;
}

/** One step. People do what they can do; whoever holds a database role changes rows. */
type Command = (world: World, truth: Truth, random: Random) => Promise<unknown> | void;

const approveAs = (who: (world: World, random: Random) => Person): Command => {
  return async (world, truth, random) => {
    const by = who(world, random);
    const digest = world.job.plan?.digest ?? '';
    truth.approved.set(digest, (truth.approved.get(digest) ?? new Set()).add(by.id));
    await judge(world, decisionOf(world, by));
  };
};

const COMMANDS: readonly Command[] = [
  approveAs((_, random) => random.pick(CREW)),
  approveAs((_, random) => random.pick(CREW)),
  approveAs((world) => CREW.find(({ id }) => id === world.job.requester.id) ?? (CREW[0] as Person)),
  // A decision in the name of another person, without a token of theirs.
  async (world, _, random) => {
    const tokenId = random.pick(['none', `t-${random.pick(CREW).id}`]);
    const of = random.pick(CREW.filter(({ id }) => `t-${id}` !== tokenId));
    await judge(world, decisionOf(world, of, { proof: { kind: 'token', tokenId } }));
  },
  // The requester's own approval under another name in the row, and the other way round.
  (world, _, random) =>
    judge(world, {
      ...decisionOf(world, random.pick(CREW)),
      proof: { kind: 'token', tokenId: `t-${world.job.requester.id}` },
    }),
  (world, _, random) => judge(world, decisionOf(world, random.pick(CREW), { decision: 'reject' })),
  (world, _, random) => judge(world, decisionOf(world, random.pick(CREW), { planDigest: 'b'.repeat(64) })),
  // Rows that only the owner of the database can write.
  (world, _, random) => {
    world.job = { ...world.job, requester: random.pick(CREW) };
  },
  (world) => {
    world.job = { ...world.job, state: 'queued' };
  },
  (world) => {
    world.job = { ...world.job, state: 'awaiting-approval' };
  },
  // No process can write that a decision was accepted but authority (its rights: figures/rights.ts).
  (world, _, random) => {
    const row = decisionOf(world, random.pick(CREW), { status: random.pick(['pending', 'refused']) });
    world.decisions = [...world.decisions, row];
  },
  (world, _, random) => {
    const [jti, grant] = random.pick([...world.grants, ['none', undefined] as const]);
    const other = random.pick(CREW).id;
    if (grant) world.grants.set(jti, { ...grant, bytes: grant.bytes.replace(/"id":"[a-z]+"/, `"id":"${other}"`) });
  },
  (world) => {
    world.job = { ...world.job, plan: makePlanOf(world.job, 'set', 'send') };
  },
  // Time, rights and tokens.
  (world, _, random) => {
    world.now = new Date(world.now.getTime() + random.pick([1000, 3_600_000, 86_400_000]));
  },
  (world, _, random) => {
    const { id, name } = random.pick(CREW);
    world.people.set(id, { id, name, roles: random.pick<Role[]>([[], ['approver'], ['helpdesk'], ['admin']]) });
  },
  (world, _, random) => {
    const token = random.pick([...world.tokens.values()]);
    token.revokedAt = world.now;
  },
  (world) => claim(world),
  (world) => claim(world),
];

/**
 * Random sequences of what people and holders of database roles do. After each step that claims the job: was this plan really
 * approved, by enough people who did not ask for it? A forged row that happens to say what a person really decided counts as theirs.
 */
export async function fourEyes({ count, seed }: Amount): Promise<Figure> {
  const told = tally('four eyes');
  let [runs, refusals] = [0, 0];
  for (let n = 0; n < count; n++) {
    const random = randomOf(seed, n);
    const requester = random.pick(REQUESTERS);
    const world = worldOf(CREW, requester, random.pick(['set', 'send']));
    const truth: Truth = { requester: requester.id, approved: new Map() };
    let problem: string | undefined;
    // Half of them begin as the product is used; what follows is chance.
    const usual = random.chance(0.5) ? [COMMANDS[0], COMMANDS[0]] : [];
    const steps: readonly (Command | undefined)[] = [
      ...usual,
      ...Array.from({ length: 3 + random.int(9) }, () => random.pick(COMMANDS)),
      (of) => claim(of),
    ];
    for (const step of steps) {
      const before = world.claims;
      const granted = world.job.grantJti;
      await step?.(world, truth, random);
      if (world.claims > before) problem ??= violation(world, truth, granted);
    }
    runs += world.claims;
    refusals += world.events.filter(({ outcome }) => outcome === 'denied').length;
    told.add(problem && `seed ${seed}, sequence ${n}: ${problem}`);
  }
  // A model in which nothing ever runs would show nothing.
  if (count >= 1000 && (runs < count / 50 || refusals < count))
    told.add(`only ${runs} runs and ${refusals} refusals: the model has lost its way`);
  return told.figure({ runs, refusals });
}

function violation(world: World, truth: Truth, jti: string | undefined): string | undefined {
  const { bytes } = world.grants.get(jti ?? '') ?? { bytes: '{}' };
  const grant = JSON.parse(bytes) as Grant;
  const plan = world.job.plan as NonNullable<Job['plan']>;
  const really = [...(truth.approved.get(plan.digest) ?? [])].filter((id) => id !== truth.requester);
  const needed = approvalsRequired(plan.plan.changes, world.bundle.manifest);
  const named = new Set(grant.approvals.map((approval) => approval.person.id));
  if (named.has(truth.requester)) return 'the requester approved their own request';
  if (named.size < needed || really.length < needed) return `${really.length} of ${needed} people approved it`;
  const invented = [...named].find((id) => !really.includes(id));
  return invented === undefined ? undefined : `${invented} approved nothing`;
}
