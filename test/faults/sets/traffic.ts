import type pg from 'pg';
import { createPostgresQueue } from '../../../src/adapters/queue/index.js';
import { ENDS } from '../checker/lost.js';
import { decide, newName, request, seeThrough, submit } from '../drive/jobs.js';
import { asAdmin, play, type FaultSet } from './common.js';
import { sleep } from '../rig/folders.js';
import { createPatience, until } from '../../support/patience.js';
import type { Rig } from '../rig/rig.js';

export async function actionsOf(rig: Rig, job: string): Promise<readonly string[]> {
  const { rows } = await asAdmin(rig, (client) =>
    client.query<{ action: string }>('SELECT action FROM audit_events WHERE job_id = $1 ORDER BY n', [job]),
  );
  return rows.map(({ action }) => action);
}

/** From now on each message is five, each with an id of its own. */
export async function deliverFiveTimes(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE FUNCTION five_times() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF pg_trigger_depth() = 1 THEN
        INSERT INTO outbox (id, job_id, pool, priority)
        SELECT gen_random_uuid(), NEW.job_id, NEW.pool, NEW.priority FROM generate_series(1, 4);
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER five_times AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION five_times()`);
}

const count = (list: readonly string[], ...words: readonly string[]) =>
  list.filter((one) => words.includes(one)).length;

/** No process is killed in these sets: a lease that a slow machine lets pass would make work twice that nobody asked for twice. */
const NO_KILLS = { FIXPOINT_LEASE_MS: '300000' };

/** Each Idempotency-Key sent twenty times at once: one job a key. */
export const keys: FaultSet = (options) => {
  const keyCount = options.rounds ?? 200;
  return play(options, {
    set: 'keys',
    executor: 'stand-in',
    rig: { workers: 1, slots: 2, env: NO_KILLS },
    faults: keyCount,
    async work({ rig, world }) {
      const problems: string[] = [];
      const one = async (key: string) => {
        const wish = request(world, { action: 'set', objects: [newName(world, 'k')] });
        const twins = await Promise.all(
          Array.from({ length: 20 }, () => world.client.insist('helpdesk', 'POST', '/v1/jobs', wish, key)),
        );
        const ids = new Set(twins.filter(({ status }) => status === 201).map(({ body }) => body.id as string));
        if (ids.size !== 1 || twins.some(({ status }) => status !== 201)) {
          problems.push(`key ${key}: ${ids.size} jobs, answers ${twins.map(({ status }) => status).join(' ')}`);
        }
        return [...ids];
      };
      const ids: string[] = [];
      for (let i = 0; i < keyCount; i += 4) {
        const keys = Array.from({ length: Math.min(4, keyCount - i) }, (_, k) => `key-${i + k}`);
        ids.push(...(await Promise.all(keys.map(one))).flat());
      }
      const { rows } = await asAdmin(rig, (client) => client.query<{ n: string }>('SELECT count(*) AS n FROM jobs'));
      if (rows[0]?.n !== String(keyCount)) problems.push(`${keyCount} keys made ${rows[0]?.n ?? 'no'} jobs`);
      for (const id of ids) await world.watch.until(id, ['awaiting-approval', ...ENDS]);
      return problems;
    },
  });
};

/** Fifty people decide about one plan at once, for and against: one decision counts. */
export const deciders: FaultSet = (options) => {
  const jobs = options.rounds ?? 10;
  return play(options, {
    set: 'deciders',
    executor: 'stand-in',
    rig: { workers: 1, slots: 2, env: NO_KILLS },
    faults: jobs,
    async work({ rig, world }) {
      const problems: string[] = [];
      for (let i = 0; i < jobs; i++) {
        const id = await submit(world, { action: 'set', objects: [newName(world, 'd')] });
        if (id === undefined || (await world.watch.until(id, ['awaiting-approval'])) === undefined) {
          problems.push('a job was not planned');
          continue;
        }
        const people = Array.from({ length: 50 }, (_, k) => `decider${k}`);
        await Promise.all(people.map((who, k) => decide(world, id, who, {}, k % 2 === 0 ? 'approve' : 'reject')));
        await world.watch.until(id, ENDS);
        const said = await actionsOf(rig, id);
        const decisions = count(said, 'job.approved', 'job.rejected');
        if (decisions !== 1) problems.push(`job ${id}: ${decisions} decisions counted`);
      }
      return problems;
    },
  });
};

/** Five messages for each wish to wake a job, to eight workers: each job is planned once and run once. */
export const doubles: FaultSet = (options) => {
  const jobs = options.rounds ?? 30;
  return play(options, {
    set: 'doubles',
    executor: 'stand-in',
    rig: { workers: 8, env: NO_KILLS },
    faults: jobs,
    async work({ rig, world }) {
      await asAdmin(rig, deliverFiveTimes);
      const problems: string[] = [];
      const one = async () => {
        const id = await submit(world, { action: 'send', objects: [newName(world, 'm')], holdMs: 50 });
        if (id === undefined) return void problems.push('a job was not accepted');
        const end = await seeThrough(world, id);
        const said = await actionsOf(rig, id);
        const runs = [count(said, 'job.planning-started'), count(said, 'job.claimed'), count(said, 'change.intent')];
        if (end !== 'succeeded' || runs.some((n) => n !== 1))
          problems.push(`job ${id} ${end}: planned, claimed, applied ${runs.join(', ')} times`);
      };
      for (let i = 0; i < jobs; i += 10) await Promise.all(Array.from({ length: Math.min(10, jobs - i) }, one));
      return problems;
    },
  });
};

/** Messages that nobody of ours sent: unknown, malformed, for jobs in every state, with the id of one that was taken. */
export const forged: FaultSet = (options) => {
  const times = options.rounds ?? 10;
  return play(options, {
    set: 'forged',
    executor: 'stand-in',
    rig: { workers: 2, env: NO_KILLS },
    faults: times * 7,
    async work({ rig, world }) {
      const planned = await submit(world, { action: 'send', objects: [newName(world, 'f')] });
      const ended = await submit(world, { action: 'send', objects: [newName(world, 'f')] });
      if (planned === undefined || ended === undefined) return ['no jobs to forge messages for'];
      await seeThrough(world, ended);
      await world.watch.until(planned, ['awaiting-approval']);
      const { rows } = await asAdmin(rig, (client) =>
        client.query<{ id: string }>('SELECT id FROM outbox WHERE job_id = $1 AND taken_at IS NOT NULL LIMIT 1', [
          ended,
        ]),
      );
      const url = rig.queueUrl;
      const queue = createPostgresQueue({ url, log: () => undefined });
      const id = () => `m-${crypto.randomUUID()}`;
      for (let i = 0; i < times; i++) {
        const messages = [
          { id: id(), jobId: crypto.randomUUID(), priority: 1 },
          { id: id(), jobId: planned, priority: 1 },
          { id: id(), jobId: ended, priority: 1 },
          { id: id(), jobId: "'; DROP TABLE jobs", priority: 1 },
          { id: id(), jobId: 'x'.repeat(100_000), priority: 1 },
          { id: id(), jobId: undefined as unknown as string, priority: 1 },
          // Taken before: doubled where the queue has forgotten the first.
          { id: i === 0 ? `m-${rows[0]?.id ?? ''}` : id(), jobId: ended, priority: 1 },
        ];
        // A busy machine does not connect in time; the same ids again are the same messages.
        await until('the messages are sent', () =>
          queue.send('default', messages).then(
            () => true,
            () => false,
          ),
        );
      }
      const dropped = () =>
        asAdmin(rig, async (client) => {
          const found = await client.query<{ n: string }>(
            "SELECT count(*) AS n FROM audit_events WHERE action = 'job.message-dropped'",
          );
          return Number(found.rows[0]?.n);
        });
      // A flood is said in full for its first twenty messages a minute, then counted. The doubled one may not be delivered again.
      const expected = Math.min(20, times * 7 - 1);
      const patience = createPatience('forged messages are taken');
      for (;;) {
        const left = (await queue.live('default')).size;
        const said = await dropped();
        if ((said >= expected && left === 0) || patience.isOver(`${said} ${left}`)) break;
        await sleep(100);
      }
      await queue.close();
      const problems = (await dropped()) < expected ? [`${await dropped()} forged messages are in the audit log`] : [];
      const before = world.watch.seen(planned)?.state;
      if (before !== 'awaiting-approval') problems.push(`a forged message moved a job to ${before}`);
      if ((await seeThrough(world, planned)) !== 'succeeded') problems.push('the product did not go on afterwards');
      return problems;
    },
  });
};
