import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jobCommands } from '../../src/cli/commands/job.js';
import { createProgram } from '../../src/cli/program.js';
import { findingsDigest } from '../../src/domain/digest.js';
import { changeId, planBytes, planDigest, type Plan } from '../../src/domain/plan.js';

const change = (after: string) => {
  const planned = { resource: 'file:/tmp/a', property: 'text', before: null, after, action: 'write-file' };
  return { id: changeId(planned, undefined), ...planned, label: `the file (${after})` };
};
const plan: Plan = {
  job: '01890000-0000-7000-8000-000000000001',
  runbook: 'r',
  parameters: 'p',
  target: 't',
  locks: [],
  findings: findingsDigest({ finding: 'present', owner: 'root' }, undefined),
  changes: [change('harmful')],
};
/** The job as a server shows it that would hide what the plan does. */
const job = {
  id: '01890000-0000-7000-8000-000000000001',
  kind: 'remediation',
  state: 'awaiting-approval',
  runbook: { id: 'set-file-text', version: '1.0.0', contentDigest: 'a'.repeat(64) },
  target: { id: 'b', name: 'box' },
  requester: { id: 'h', name: 'Helpdesk' },
  reason: 'r',
  parameters: {},
  partial: false,
  proofs: [],
  problem: null,
  drifts: 0,
  submittedAt: 'earlier',
  stateSince: 'earlier',
  findings: { finding: 'present', owner: 'root' } as object,
  claims: [],
  approvals: [],
  progress: { done: 0, of: 1 },
  timeline: [],
  plan: {
    digest: planDigest({ ...plan, changes: [change('harmless')] }),
    risk: 'R1',
    approvalsRequired: 1,
    expiresAt: 'later',
    changes: [change('harmless')],
  },
  changes: [{ ...change('harmless'), result: 'open' }],
};

let server: Server;
let posted: { decision: string; planDigest: string }[];
let bytes: string;
let me: object;
let printed: string;
beforeEach(async () => {
  [posted, printed, bytes] = [[], '', planBytes(plan)];
  job.findings = { finding: 'present', owner: 'root' };
  Object.assign(job, { state: 'awaiting-approval', requester: { id: 'h', name: 'Helpdesk' } });
  me = { id: 'a', name: 'Approver', roles: ['approver'], may: ['decide'], token: { id: 't', kind: 'personal' } };
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') posted.push(JSON.parse(text));
      response.setHeader('content-type', 'application/json');
      response.end(request.url?.endsWith('/plan') ? bytes : JSON.stringify(request.url?.endsWith('/me') ? me : job));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.FIXPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.FIXPOINT_TOKEN = 'fxp_x';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += posted.length === 0 ? String(text) : '';
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const run = (...args: string[]) =>
  createProgram([jobCommands]).program.parseAsync(
    ['job', ...args, '01890000-0000-7000-8000-000000000001', '--reason', 'seen'],
    { from: 'user' },
  );

it('approves exactly the plan that it shows, whatever other responses say', async () => {
  await run('approve', '--plan', planDigest(plan));
  expect(printed).toContain('after   harmful');
  expect(printed).not.toContain('harmless');
  expect(printed).toContain(planDigest(plan));
  expect(printed).toContain('text of file:/tmp/a ("the file (harmful)")');
  expect(printed).toMatch(/ {4}owner +root\n/);
  expect(posted).toEqual([{ decision: 'approve', planDigest: planDigest(plan), reason: 'seen' }]);
});

it('approves nothing without a terminal, and names the digest that a script would have to give', async () => {
  const message = expect.stringContaining(`Add --plan ${planDigest(plan)} once you have read the plan.`);
  await expect(run('approve')).rejects.toMatchObject({ exitCode: 2, message });
  expect(posted).toEqual([]);
});

it('approves no other plan than the one that was named, not even the one that the job shows', async () => {
  for (const digest of [job.plan.digest, planDigest(plan).slice(0, 12)])
    await expect(run('approve', '--plan', digest)).rejects.toMatchObject({ code: 'plan-changed' });
  await expect(run('approve', '--plan', '')).rejects.toMatchObject({ exitCode: 2 });
  expect(posted).toEqual([]);
});

it('approves no plan of another job', async () => {
  bytes = planBytes({ ...plan, job: '01890000-0000-7000-8000-000000000002' });
  await expect(run('approve', '--plan', planDigest(plan))).rejects.toMatchObject({ code: 'plan-changed' });
  expect(posted).toEqual([]);
});

it('approves nothing when the findings are not those of the plan', async () => {
  job.findings = { finding: 'present', owner: 'nobody' };
  await expect(run('approve', '--plan', planDigest(plan))).rejects.toMatchObject({ code: 'plan-changed' });
  expect(posted).toEqual([]);
});

it('shows no findings that the plan does not cover', async () => {
  const { findings: _, ...uncovered } = plan;
  bytes = planBytes(uncovered);
  await run('approve', '--plan', planDigest(uncovered));
  expect(printed).not.toContain('root');
});

it('rejects without a question', async () => {
  await run('reject');
  expect(posted).toMatchObject([{ decision: 'reject', planDigest: planDigest(plan) }]);
});

it.each(['succeeded', 'rejected', 'expired', 'queued'])(
  'says that a job that is %s awaits no decision, whatever was found since, and asks for no digest',
  async (state) => {
    Object.assign(job, { state, findings: { finding: 'none' } });
    for (const decision of ['approve', 'reject'])
      await expect(run(decision)).rejects.toMatchObject({
        code: 'not-awaiting-approval',
        problem: { title: 'The job is not awaiting approval.', detail: `It is ${state}.` },
      });
    expect([printed, posted]).toEqual(['', []]);
  },
);

it.each([
  ['own-request', { id: 'h', name: 'H', roles: ['approver'], may: ['decide'], token: { id: 't', kind: 'personal' } }],
  [
    'not-an-approver',
    { id: 'o', name: 'O', roles: ['operator'], may: ['submit'], token: { id: 't', kind: 'personal' } },
  ],
  ['service-token', { id: 'a', name: 'A', roles: ['approver'], may: ['decide'], token: { id: 't', kind: 'service' } }],
])('refuses (%s) before it shows a plan and asks', async (code, who) => {
  me = who;
  await expect(run('approve')).rejects.toMatchObject({ code });
  expect([printed, posted]).toEqual(['', []]);
});
