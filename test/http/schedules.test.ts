import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { utcText } from '../../src/domain/time.js';
import { fireDue } from '../../src/usecases/schedules/fire-due.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { actions, admin, decide, newFolder, product, withProduct } from '../support/jobs.js';

let database: DatabaseClients;
// Before the product ends, which is the order in which they are named.
afterAll(() => database?.end());
withProduct();
beforeAll(async () => {
  database = await connectEachRole(product);
});

const MINUTE = 60_000;
const timing = {
  when: { kind: 'cron', expression: '*/5 * * * *', zone: 'Europe/Berlin' },
  ...{ jitter: '0s', misfire: { policy: 'skip' }, window: '1h', calendars: [] as string[] },
  approval: { kind: 'standing' } as object,
};
let made = 0;
const wish = (more: object = {}) => ({
  ...{ name: `schedule-${(made += 1)}`, ...timing },
  action: {
    ...{ kind: 'job', runbook: 'set-file-text', target: 'box', reason: 'keep it so' },
    parameters: { directory: newFolder(), names: ['a'], text: 'x' },
  },
  ...more,
});
const add = async (more: object = {}) => {
  const { status, body } = await product.call('operator', 'POST', '/v1/schedules', wish(more));
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
};
const show = async (id: string) => (await product.call('operator', 'GET', `/v1/schedules/${id}`)).body;
/** Makes an instant due now: the owner of the database may. By default it is the last one of `timing`. */
async function makeDue(id: string, instant = new Date(Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE)) {
  await admin.query('UPDATE schedules SET next_instant = $2, due_at = now() WHERE id = $1', [id, instant]);
  return utcText(instant);
}
const failures: unknown[] = [];
const fire = () => fireDue(product.api.context, (_, error) => failures.push(error));
const jobsOf = async (id: string) =>
  (await admin.query<{ id: string }>('SELECT id FROM jobs WHERE schedule_id = $1', [id])).rows;

/** `run-once`, so that no test depends on how far into its five minutes it runs. */
const patient = { misfire: { policy: 'run-once', within: '1h' } };

describe('a schedule', () => {
  it('shows its next runs before it is saved, and is kept by the ids of what it names', async () => {
    const { status, body } = await product.call('operator', 'POST', '/v1/schedules:preview', { ...timing, count: 3 });
    expect([status, body.items.length]).toEqual([200, 3]);
    expect(body.items[0].local).toMatch(/\+0[12]:00$/);
    const schedule = await add();
    expect(schedule.action.target).toBe((await product.call('admin', 'GET', '/v1/targets/box')).body.id);
    expect((await show(schedule.name)).id).toBe(schedule.id);
    expect((await product.call('operator', 'POST', '/v1/schedules', wish({ name: schedule.name }))).body.code).toBe(
      'schedule-name-taken',
    );
  });

  it.each<[string, object, string]>([
    ['that never comes', { when: { ...timing.when, expression: '0 0 30 2 *' } }, '/when/expression'],
    ['that comes every minute', { when: { ...timing.when, expression: '* * * * *' } }, '/when/expression'],
    ['in a zone that is none', { when: { ...timing.when, zone: 'Mars/Phobos' } }, '/when/zone'],
    ['with a window of a minute', { window: '1m' }, '/window'],
  ])('%s is refused with the member that is wrong', async (_, more, path) => {
    const { status, body } = await product.call('operator', 'POST', '/v1/schedules', wish(more));
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'schedule-refused', path]);
  });

  it('is not for the helpdesk', async () => {
    expect((await product.call('helpdesk', 'POST', '/v1/schedules', wish())).status).toBe(403);
  });

  it('fires an instant once, however many look at it at the same time', async () => {
    const { id, name } = await add(patient);
    const instant = await makeDue(id);
    await Promise.all(Array.from({ length: 8 }, fire));
    expect(failures).toEqual([]);
    const [job, ...others] = await jobsOf(id);
    expect(others).toEqual([]);
    expect((await show(name)).firings).toMatchObject([{ instant, outcome: 'submitted', job: job?.id }]);
    const shown = await product.until(job?.id ?? '', ['awaiting-approval']);
    expect(shown).toMatchObject({ requester: { id: 'operator' }, schedule: { id, instant } });
    // The database itself refuses the same instant again.
    await admin.query('UPDATE schedules SET next_instant = $2, due_at = now() WHERE id = $1', [id, instant]);
    await fire();
    expect(await jobsOf(id)).toHaveLength(1);
    failures.length = 0;
    await product.call('operator', 'DELETE', `/v1/schedules/${id}`);
    // The job is one of its own by now, and is approved like any other.
    expect((await decide(shown)).status).toBe(200);
    expect((await product.until(shown.id, ['succeeded'])).outcome).toBe('fixed');
    expect(await actions(shown.id)).toContain('job.approved');
  });

  it('leaves out what would overtake its own last job, and says so', async () => {
    // No instant of its own is between the two.
    const { id } = await add({ when: { ...timing.when, expression: '0 0 29 2 *' } });
    for (const agoMs of [1000, 0]) {
      await makeDue(id, new Date(Date.now() - agoMs));
      await fire();
    }
    expect((await show(id)).firings.map(({ cause }: any) => cause)).toEqual(['previous-open', undefined]);
    expect(await jobsOf(id)).toHaveLength(1);
    await product.call('operator', 'DELETE', `/v1/schedules/${id}`);
  });

  it('submits nothing while it is paused, all work is frozen, or after it was removed', async () => {
    const { id } = await add(patient);
    expect((await product.call('operator', 'POST', `/v1/schedules/${id}/pause`)).body.status).toBe('paused');
    await makeDue(id);
    await fire();
    expect((await product.call('operator', 'POST', `/v1/schedules/${id}/resume`)).body.status).toBe('active');
    await makeDue(id);
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'test' });
    await fire();
    expect([await jobsOf(id), (await show(id)).firings]).toEqual([[], []]);
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect((await product.call('operator', 'DELETE', `/v1/schedules/${id}`)).status).toBe(204);
    await fire();
    expect(await jobsOf(id)).toEqual([]);
    expect((await product.call('operator', 'POST', `/v1/schedules/${id}/resume`)).body.code).toBe('schedule-ended');
  });

  it('keeps to its calendars, and says which one was in the way', async () => {
    const windows = [{ kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }];
    const body = { name: 'freeze', kind: 'blackout', zone: 'UTC', windows };
    const { body: calendar } = await product.call('operator', 'POST', '/v1/calendars', body);
    const { id } = await add({ calendars: ['freeze'] });
    await makeDue(id);
    await fire();
    expect((await show(id)).firings).toMatchObject([{ outcome: 'missed', cause: 'closed', detail: 'freeze' }]);
    const remove = () => product.call('operator', 'DELETE', `/v1/calendars/${calendar.id}`);
    expect((await remove()).body.code).toBe('calendar-in-use');
    await product.call('operator', 'DELETE', `/v1/schedules/${id}`);
    expect((await remove()).status).toBe(204);
  });
});

describe('the database', () => {
  const api = () => database.roles.get('api');
  it.each(['authority', 'relay', 'worker'] as const)('lets %s neither make a schedule nor fire one', async (role) => {
    const client = database.roles.get(role);
    await expect(client?.query('UPDATE schedules SET status = status')).rejects.toThrow('permission denied');
    await expect(client?.query('INSERT INTO schedules (id) VALUES (gen_random_uuid())')).rejects.toThrow('denied');
    await expect(
      client?.query('INSERT INTO schedule_firings (schedule_id) VALUES (gen_random_uuid())'),
    ).rejects.toThrow('denied');
  });

  it('lets nobody change what a schedule says, bring it back, turn its instants back, or unsay a firing', async () => {
    const { id } = await add(patient);
    await makeDue(id);
    await fire();
    const of = 'WHERE id = $1';
    for (const set of ["spec = '{}'", "owner_id = 'x'", "owner = '{}'", "name = 'x'", 'created_at = now()'])
      await expect(api()?.query(`UPDATE schedules SET ${set} ${of}`, [id])).rejects.toThrow('permission denied');
    await expect(
      api()?.query(`UPDATE schedules SET next_instant = next_instant - interval '1 day' ${of}`, [id]),
    ).rejects.toThrow('go forward');
    await expect(api()?.query('DELETE FROM schedule_firings')).rejects.toThrow('permission denied');
    await expect(admin.query('DELETE FROM schedule_firings')).rejects.toThrow('append-only');
    await product.call('operator', 'DELETE', `/v1/schedules/${id}`);
    await expect(api()?.query(`UPDATE schedules SET status = 'active' ${of}`, [id])).rejects.toThrow('was removed');
  });

  it('takes no second job for a firing', async () => {
    const { id } = await add(patient);
    await makeDue(id);
    await fire();
    const [job] = await jobsOf(id);
    const columns = (
      await admin.query<{ column_name: string }>(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'jobs' AND column_name <> 'id'",
      )
    ).rows.map(({ column_name: name }) => name);
    await expect(
      admin.query(
        `INSERT INTO jobs (id, ${columns.join(', ')}) SELECT gen_random_uuid(), ${columns.join(', ')} FROM jobs WHERE id = $1`,
        [job?.id],
      ),
    ).rejects.toThrow('names another job');
  });
});

describe('a request with a window', () => {
  it('is planned at once and begins in its window alone', async () => {
    const from = utcText(new Date(Date.now() + 3_600_000));
    const to = utcText(new Date(Date.now() + 7_200_000));
    const { action } = wish();
    const { kind: _, ...request } = action;
    const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', { ...request, window: { from, to } });
    expect([status, body.window]).toEqual([201, { from, to }]);
    const shown = await product.until(body.id, ['awaiting-approval']);
    expect((await decide(shown)).body.state).toBe('queued');
    const { rows } = await admin.query<{ bytes: string }>('SELECT bytes FROM grants WHERE job_id = $1', [body.id]);
    expect(JSON.parse(rows[0]?.bytes ?? '{}')).toMatchObject({ notBefore: from, executeBy: to });
    await admin.query('UPDATE jobs SET wake_at = now() WHERE id = $1', [body.id]);
    const early = await product.call('helpdesk', 'GET', `/v1/jobs/${body.id}`);
    expect(early.body.state).toBe('queued');
  });

  it('is refused where the window is over', async () => {
    const { action } = wish();
    const { kind: _, ...request } = action;
    const window = { from: utcText(new Date(0)), to: utcText(new Date(1000)) };
    const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', { ...request, window });
    expect([status, body.code]).toEqual([400, 'window-refused']);
  });
});
