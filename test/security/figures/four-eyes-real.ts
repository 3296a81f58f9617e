import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../src/domain/canonical.js';
import { randomOf, type Random } from '../../generative/random.js';
import { PEOPLE, type Who } from '../../support/people.js';
import { tally, type Amount, type Figure } from './figure.js';
import { realWorld, type RealWorld } from './real-world.js';

const WHO = Object.keys(PEOPLE) as Who[];
/** `both` may ask and approve: what they ask for, others approve. */
const REQUESTERS: readonly Who[] = ['helpdesk', 'both', 'operator'];

interface Scene {
  readonly world: RealWorld;
  readonly id: string;
  readonly random: Random;
  readonly requester: Who;
}
type Command = (scene: Scene) => Promise<unknown>;

const approveAs =
  (who: (scene: Scene) => Who): Command =>
  async (scene) =>
    scene.world.decide(await scene.world.show(scene.id), who(scene));

/** A decision that the role of the API inserts in the name of a person, with a token that is not theirs. */
async function insertDecision({ world, id, random }: Scene, more: { readonly planDigest?: string } = {}) {
  const job = await world.show(id);
  const who = random.pick(WHO);
  const tokenOf = random.pick(WHO.filter((other) => other !== who));
  const tokenId = random.pick(['none', world.product.tokens[tokenOf].split('_')[1] ?? '']);
  await world.roles.get('api')?.query(
    `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at)
     VALUES ($1, $2, $3, 'approve', $4, $5, 'x', $6, clock_timestamp())`,
    [
      ...[randomUUID(), id, more.planDigest ?? job.plan?.digest ?? '', who],
      canonicalJson({ id: who, name: `The ${who}`, roles: PEOPLE[who] }),
      canonicalJson({ kind: 'token', tokenId }),
    ],
  );
  await world.judged(id);
}

const byOwner =
  (sql: string, ...values: readonly ((scene: Scene) => unknown)[]): Command =>
  (scene) =>
    scene.world.owner.query(sql, [scene.id, ...values.map((value) => value(scene))]);

const person = ({ random }: Scene) => {
  const id = random.pick(WHO);
  return canonicalJson({ id, name: `The ${id}`, roles: PEOPLE[id] });
};

const step: Command = ({ world, id }) => world.step(id);

const COMMANDS: readonly Command[] = [
  approveAs(({ random }) => random.pick(WHO)),
  approveAs(({ random }) => random.pick(WHO)),
  approveAs(({ random }) => random.pick(['approver', 'approver2', 'both'])),
  approveAs(({ requester }) => requester),
  async ({ world, id }) => world.decide(await world.show(id), 'approver', { planDigest: 'b'.repeat(64) }),
  async ({ world, id, random }) => world.decide(await world.show(id), random.pick(WHO), { decision: 'reject' }),
  async ({ world, id, random }) =>
    world.product.call(random.pick(WHO), 'POST', `/v1/jobs/${id}/cancel`, { reason: 'x' }),
  (scene) => insertDecision(scene),
  (scene) => insertDecision(scene, { planDigest: 'c'.repeat(64) }),
  // Rows that only the owner of the database can write.
  byOwner(`UPDATE jobs SET requester = $2, requester_id = $2::jsonb->>'id' WHERE id = $1`, person),
  byOwner('UPDATE jobs SET requester_id = $2 WHERE id = $1', ({ random }) => random.pick(WHO)),
  byOwner("UPDATE jobs SET state = 'awaiting-approval' WHERE id = $1"),
  byOwner("UPDATE jobs SET state = 'queued' WHERE id = $1"),
  byOwner(
    "UPDATE jobs SET state = 'queued', grant_jti = (SELECT jti FROM grants ORDER BY jti = $2 LIMIT 1) WHERE id = $1",
    () => randomUUID(),
  ),
  byOwner(
    `UPDATE grants SET bytes = replace(bytes, '"id":"helpdesk"', $2) WHERE job_id = $1`,
    ({ random }) => `"id":"${random.pick(WHO)}"`,
  ),
  byOwner(
    'UPDATE plans SET bytes = replace(bytes, \'"after":"plain\', $2) WHERE job_id = $1',
    ({ random }) => `"after":"other${random.int(9)}`,
  ),
  byOwner(
    `UPDATE decisions SET person_id = $2, person = replace(person, person_id, $2) WHERE job_id = $1 AND status <> 'accepted'`,
    ({ random }) => random.pick(WHO),
  ),
  ({ world, random }) => withoutRoles(world, random.pick(WHO), () => Promise.resolve()),
  (scene) => withoutRoles(scene.world, scene.requester, () => step(scene)),
  (scene) => withoutRoles(scene.world, 'approver', () => step(scene)),
  step,
  step,
  step,
];

/** A step while the people file gives a person no role. */
async function withoutRoles(world: RealWorld, who: Who, work: () => Promise<unknown>): Promise<void> {
  const path = join(world.product.home, 'people.json');
  const before = readFileSync(path, 'utf8');
  const { people } = JSON.parse(before) as { people: { id: string; roles: string[] }[] };
  writeFileSync(path, JSON.stringify({ people: people.map((one) => (one.id === who ? { ...one, roles: [] } : one)) }));
  try {
    await work();
  } finally {
    writeFileSync(path, before);
  }
}

/**
 * The sequences of the four-eyes figure through the real API, authority, worker and database: after each step, was every change that
 * reached the target in a plan that enough people really approved who did not ask for it?
 */
export async function fourEyesReal({ count, seed }: Amount): Promise<Figure> {
  const told = tally('four eyes, real database');
  const world = await realWorld();
  let refusedStatements = 0;
  try {
    for (let n = 0; n < count; n++) {
      const random = randomOf(seed, n);
      const requester = random.pick(REQUESTERS);
      const { id } = await world.planned({
        who: requester,
        runbook: random.pick(['set-file-text', 'irreversible']),
        text: `plain ${n}`,
      });
      const scene: Scene = { world, id, random, requester };
      // Half of them begin as the product is used; what follows is chance.
      const usual = random.chance(0.5) ? [COMMANDS[2], COMMANDS[2]] : [];
      const steps = [...usual, ...Array.from({ length: 3 + random.int(6) }, () => random.pick(COMMANDS)), step];
      let problem: string | undefined;
      for (const command of steps) {
        // A statement that the database refuses is a command that came to nothing.
        await command?.(scene).catch(() => (refusedStatements += 1));
        problem ??= world.truth.violation();
      }
      told.add(problem && `seed ${seed}, sequence ${n}: ${problem}`);
    }
    const effects = world.truth.effects();
    // A world in which nothing ever runs would show nothing.
    if (count >= 50 && effects < count / 20) told.add(`only ${effects} changes: the world has lost its way`);
    const { rows } = await world.owner.query(
      "SELECT count(*)::int AS n FROM audit_events WHERE action IN ('job.decision-refused', 'job.blocked')",
    );
    return told.figure({ effects, refusals: rows[0].n as number, refusedStatements });
  } finally {
    await world.stop();
  }
}
