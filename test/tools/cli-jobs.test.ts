import { afterEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../../src/cli/api/client.js';
import type { Job } from '../../src/cli/api/types.js';
import { sinceTime } from '../../src/cli/io.js';
import { findJob } from '../../src/cli/job-id.js';
import { jobList, shortestPrefix } from '../../src/cli/job-list.js';
import { idsFrom } from '../../src/domain/uuid.js';

const A = '01890000-0000-7000-8000-000000000001';
const B = '01890000-0000-7000-8000-000000000002';

/** A client whose list holds these ids. */
const listing = (...ids: string[]) =>
  ({ get: () => Promise.resolve({ items: ids.map((id) => ({ id })), next: null }) }) as unknown as Client;

describe('the id of a job', () => {
  it('may be given whole or by its beginning', async () => {
    expect(await findJob(listing(), A.toUpperCase())).toBe(A);
    expect(await findJob(listing(A), '0189')).toBe(A);
  });

  it('is refused where it is none, begins no job, or begins several', async () => {
    await expect(findJob(listing(A), 'xyz')).rejects.toThrow('Not the id of a job: xyz');
    await expect(findJob(listing(), '0189')).rejects.toThrow('No job of yours begins with 0189');
    await expect(findJob(listing(A, B), '0189')).rejects.toThrow(`${A} and ${B}`);
  });

  it('begins between the least and the greatest id', () => {
    expect(idsFrom('0189-')).toBeUndefined();
    expect(idsFrom('01890000-0')).toEqual([
      '01890000-0000-0000-0000-000000000000',
      '01890000-0fff-ffff-ffff-ffffffffffff',
    ]);
    expect(idsFrom(A)).toEqual([A, A]);
  });
});

describe('a list of jobs', () => {
  const job = (id: string, more: object = {}) =>
    ({
      id,
      state: 'awaiting-approval',
      runbook: { id: 'renew-user-certificate' },
      target: { name: 'pc-17' },
      parameters: { userSid: 'S-1-5-21-1-2-3-1104' },
      requester: { id: 'helen', name: 'Helen Park' },
      reason: 'cannot sign in since the certificate was renewed on another computer last week',
      submittedAt: '2026-11-29T01:02:03.000Z',
      ...more,
    }) as unknown as Job;

  it('fits 80 columns and shows the time, the subject and the reason', () => {
    const text = jobList([job(A), job(B, { code: 'plan-changed-a-very-long-code' })]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain(`${A}  2026-11-29 01:02  `);
    expect(text).toContain('S-1-5-21-1-2-3-1104 on pc-17, Helen Park (helen): cannot sign');
    expect(jobList([])).toBe('No jobs.');
  });

  it('shows the name that the plan gives an objectGUID', () => {
    const guid = '0063e2f7-3d09-4722-be44-6d7ac3805c13';
    const label = 'Kim Lee, kim2@contoso.test, CN=Kim Lee,OU=Staff,DC=contoso,DC=test';
    const about = { parameters: { identity: guid.toUpperCase() }, target: { name: 'contoso' }, reason: 'new role' };
    const change = { resource: `user:${guid}`, label };
    expect(jobList([job(A, { ...about, plan: { changes: [change] } })])).toContain(
      '    Kim Lee, kim2@contoso.test,… (0063e2f7) on contoso, Helen Park (helen): ',
    );
    expect(jobList([job(A, about)])).toContain(`    ${guid.toUpperCase()} on contoso`);
  });

  it('shows as much of the ids as tells them apart', () => {
    expect(shortestPrefix([A])).toBe(13);
    expect(shortestPrefix([A, B])).toBe(36);
    expect(shortestPrefix([A, B.replace('8000', '9000')])).toBe(20);
  });
});

it('a time may be given as how long ago', () => {
  const ago = Date.now() - Date.parse(sinceTime('2h'));
  expect(Math.abs(ago - 7_200_000)).toBeLessThan(60_000);
  expect(sinceTime('2026-01-31T08:00:00Z')).toBe('2026-01-31T08:00:00.000Z');
  for (const text of ['2', '0h', 'soon', '2026-13-01', '-1d']) expect(() => sinceTime(text)).toThrow('Not a time');
});

describe('a time on the command line', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T08:00', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31 08:00:05', '2026-01-31T08:00:05.000Z'],
    ['2026-01-31T08:00:00+08:00', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31t08:00:00z', '2026-01-31T08:00:00.000Z'],
  ])('%s is UTC where it names no zone, whatever the zone of the computer', (text, at) => {
    process.env.TZ = 'Asia/Taipei';
    expect(sinceTime(text)).toBe(at);
  });

  it.each([
    '2026-02-30',
    '2026-02-30T08:00:00Z',
    '2026-04-31T08:00',
    '2026-01-31T25:00',
    '2026-01-31x',
    '2026-01-31T8',
  ])('%s is refused', (text) => {
    expect(() => sinceTime(text)).toThrow('Not a time');
  });
});
