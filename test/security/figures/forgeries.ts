import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../../src/domain/canonical.js';
import type { Random } from '../../generative/random.js';
import { PEOPLE, type Who } from '../../support/people.js';
import { changed, paths } from './mutate.js';
import type { Asked, RealWorld } from './real-world.js';
import { signedByAnother } from './world.js';

export interface Scene {
  readonly world: RealWorld;
  readonly job: any;
  readonly asked: Asked;
  readonly random: Random;
}
export type Forgery = (scene: Scene) => Promise<unknown>;

const row = async ({ world, job }: Scene, table: string, key = 'job_id') =>
  (await world.owner.query(`SELECT * FROM ${table} WHERE ${key} = $1`, [job.id])).rows[0] as Record<string, any>;

/** One place of a JSON text changed, in canonical form. The id of a target is read from its column. */
function otherText(text: string, random: Random): string {
  const value = JSON.parse(text) as unknown;
  const isTarget = typeof value === 'object' && value !== null && 'transport' in value;
  return canonicalJson(
    changed(
      value,
      random.pick(paths(value).filter(([first]) => first !== undefined && !(isTarget && first === 'id'))),
      random,
    ),
  );
}

const setJob = ({ world, job }: Scene, column: string, value: unknown) =>
  world.owner.query(`UPDATE jobs SET ${column} = $2 WHERE id = $1`, [job.id, value]);
const setGrant = ({ world, job }: Scene, column: string, value: unknown) =>
  world.owner.query(`UPDATE grants SET ${column} = $2 WHERE job_id = $1`, [job.id, value]);

/** Of an approved job that has not run, by the owner of the database. */
export const ROWS: readonly Forgery[] = [
  // Columns of JSON, of text, of ids, of times: what the grant binds.
  async (scene) => {
    const column = scene.random.pick(['target', 'parameters', 'supplied', 'requester']);
    await setJob(scene, column, otherText((await row(scene, 'jobs', 'id'))[column] as string, scene.random));
  },
  async (scene) => {
    const column = scene.random.pick(['runbook_id', 'runbook_version', 'target_digest', 'salt', 'reason']);
    await setJob(scene, column, `${(await row(scene, 'jobs', 'id'))[column]}${scene.random.pick(['x', ' ', '0'])}`);
  },
  (scene) => setJob(scene, scene.random.pick(['supersedes', 'follows', 'target_id']), randomUUID()),
  (scene) => setJob(scene, 'ticket', 'x'),
  (scene) => setJob(scene, 'kind', 'rollback-of'),
  (scene) => setJob(scene, 'on_failure', 'rollback'),
  (scene) =>
    scene.world.owner.query("UPDATE jobs SET execute_by = execute_by + interval '1 day' WHERE id = $1", [scene.job.id]),
  (scene) =>
    scene.world.owner.query(
      'UPDATE jobs SET content_digest = (SELECT min(content_digest) FROM runbook_bundles WHERE content_digest <> jobs.content_digest) WHERE id = $1',
      [scene.job.id],
    ),
  async (scene) => {
    const { bytes } = await row(scene, 'plans');
    await scene.world.owner.query('UPDATE plans SET bytes = $2 WHERE job_id = $1', [
      scene.job.id,
      otherText(bytes as string, scene.random),
    ]);
  },
  // Its grant: each bit of the signature, each member, each byte, another key, revoked, that of another job.
  async (scene) => {
    const bytes = Buffer.from((await row(scene, 'grants')).signature as string, 'base64');
    const bit = scene.random.int(511);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await setGrant(scene, 'signature', bytes.toString('base64'));
  },
  async (scene) => {
    const bytes = otherText((await row(scene, 'grants')).bytes as string, scene.random);
    await setGrant(scene, 'bytes', bytes);
    if (scene.random.chance(0.5)) await setGrant(scene, 'signature', signedByAnother(bytes));
  },
  async (scene) => {
    const { bytes } = (await row(scene, 'grants')) as { bytes: string };
    const at = scene.random.int(bytes.length - 1);
    const other = scene.random.pick([...'x0"{} '].filter((character) => character !== bytes[at]));
    await setGrant(scene, 'bytes', bytes.slice(0, at) + other + bytes.slice(at + 1));
  },
  (scene) => setGrant(scene, 'kid', scene.random.pick(['', 'k2', 'K'])),
  (scene) => setGrant(scene, 'revoked_at', new Date()),
  async (scene) => {
    const donor = await approved(scene.world);
    await setJob(scene, 'grant_jti', (await row({ ...scene, job: donor.job }, 'grants')).jti);
  },
  // The grant of another job, written over as if it were this one's.
  async (scene) => {
    const donor = await row({ ...scene, job: (await approved(scene.world)).job }, 'grants');
    await setGrant(scene, 'bytes', donor.bytes);
    await setGrant(scene, 'signature', donor.signature);
  },
  // What the inventory says now.
  (scene) =>
    scene.world.owner.query(
      'UPDATE targets SET body = replace(body, \'"site":"test"\', \'"site":"tost"\') WHERE name = $1',
      [scene.asked.target],
    ),
];

/** Of a job that was approved and has run, as if it had not: its target has forgotten the change. */
export const REPLAYS: readonly Forgery[] = [
  (scene) => setJob(scene, 'state', 'queued'),
  (scene) =>
    scene.world.owner.query(
      "UPDATE jobs SET state = 'queued', outcome = NULL, epoch = 0, wake_at = now() WHERE id = $1",
      [scene.job.id],
    ),
  (scene) =>
    scene.world.owner.query("UPDATE jobs SET state = 'deferred', next_try_at = NULL WHERE id = $1", [scene.job.id]),
];

/** Of a job that awaits its approval, with the rights of the API. */
export const DECISIONS: readonly Forgery[] = [
  (scene) => insert(scene, 'approver', { planDigest: `${scene.random.int(9)}`.repeat(64) }),
  (scene) =>
    insert(scene, 'approver', { tokenId: scene.random.pick(['none', '', scene.world.product.tokens.helpdesk]) }),
  (scene) => insert(scene, 'approver', { tokenId: tokenOf(scene, 'approver2') }),
  (scene) => insert(scene, 'auditor', {}),
  (scene) => insert(scene, 'helpdesk2', {}),
  (scene) => insert(scene, 'approver', { person: 'nobody' }),
  async (scene) => {
    const column = scene.random.pick(['target', 'parameters', 'requester']);
    await setJob(scene, column, otherText((await row(scene, 'jobs', 'id'))[column] as string, scene.random));
    await insert(scene, 'approver', {});
  },
];

const tokenOf = ({ world }: Pick<Scene, 'world'>, who: Who) => world.product.tokens[who].split('_')[1] ?? '';

/** Inserts an approval with the rights of the API, and lets authority judge it. */
export async function insert(
  scene: Pick<Scene, 'world' | 'job'>,
  who: Who,
  more: { readonly planDigest?: string; readonly tokenId?: string; readonly person?: string },
): Promise<void> {
  const { world, job } = scene;
  const person = more.person ?? who;
  await world.roles.get('api')?.query(
    `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at)
     VALUES ($1, $2, $3, 'approve', $4, $5, 'x', $6, clock_timestamp())`,
    [
      ...[randomUUID(), job.id, more.planDigest ?? job.plan.digest, person],
      canonicalJson({ id: person, name: `The ${person}`, roles: PEOPLE[who] }),
      canonicalJson({ kind: 'token', tokenId: more.tokenId ?? tokenOf(scene, who) }),
    ],
  );
  await world.judged(job.id as string);
}

export async function approved(world: RealWorld): Promise<{ readonly asked: Asked; readonly job: any }> {
  const { job, ...asked } = await world.planned();
  const { status, body } = await world.decide(job, 'approver');
  if (status !== 200 || body.state !== 'queued') throw new Error(`not approved: ${JSON.stringify(body)}`);
  return { asked, job: body };
}
