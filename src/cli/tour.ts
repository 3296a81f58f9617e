import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeDirectory } from '../../lab/index.js';
import { Refusal, type Client } from './client.js';
import { verifyAudit } from './audit.js';
import type { DemoPerson } from './demo.js';
import { changeLine, type ShownJob } from './print.js';

export interface TourParts {
  readonly home: string;
  readonly people: Readonly<Record<DemoPerson, Client>>;
  readonly say: (line: string) => void;
}

/** Something was not as the tour expects. */
export class TourFailed extends Error {}

const SETTLED = [
  'awaiting-approval',
  'compliant',
  'blocked',
  'deferred',
  'succeeded',
  'failed',
  'unknown',
  'needs-attention',
  'rejected',
  'waiting',
];

/** Plays both runbooks through the public API as three people, with their refusals, one rollback, and the audit log verified. */
export async function playTour({ home, people, say }: TourParts): Promise<void> {
  const started = Date.now();
  const { helpdesk, approver, auditor } = people;
  const seen: string[] = [];
  const expect = (what: string, holds: boolean) => {
    if (!holds) throw new TourFailed(`Not as expected: ${what}`);
    seen.push(what);
  };
  const heading = (text: string) => say(`\n== ${text}`);

  heading('1. A user cannot sign in: remove the stored credentials on PC-1');
  const vault = await planned(
    helpdesk,
    say,
    'clear-credential-vault',
    'PC-1',
    { userSid: 'S-1-5-21-0-0-0-1000', sipAddress: 'bobk@contoso.test' },
    'Sign-in fails since the password was changed',
  );
  if (vault.state === 'compliant') say('  The vault is clean already: nothing to do, nothing to approve.');
  else {
    expect(
      'the plan names only entries of that user',
      vault.plan?.changes.every(({ resource }) => /bobk@contoso\.test:specific:(OCS|EWS):/.test(resource)) === true,
    );
    say('  The helpdesk tries to approve its own request …');
    const own = await refused(() => decide(helpdesk, vault, 'approve', 'It is fine'));
    say(`  … refused: ${own.code}. ${own.message}`);
    expect('a self-approval is refused', own.code === 'own-request');
    say('  Another person looks at the same plan and approves it.');
    await decide(approver, vault, 'approve', 'Only the two entries of this user');
    const done = await settled(helpdesk, vault.id, ['awaiting-approval', 'queued', 'running']);
    report(say, done);
    expect(
      'the stored credentials are gone, proved by an empty plan',
      done.state === 'succeeded' && done.proofs.length > 0,
    );
    const again = await planned(
      helpdesk,
      say,
      'clear-credential-vault',
      'PC-1',
      { userSid: 'S-1-5-21-0-0-0-1000', sipAddress: 'bobk@contoso.test' },
      'Once more',
    );
    expect('asking again finds nothing to do', again.state === 'compliant');
  }

  heading("2. A wrong entry in the directory: Pat O'Brien's title");
  const value = `Chief Writer ${new Date().toISOString().slice(11, 19)}`;
  const title = await planned(
    helpdesk,
    say,
    'update-ad-attribute',
    'contoso',
    { identity: "o'brien", attribute: 'title', operation: 'set', value },
    'New role since Monday',
  );
  expect('one change, before and after', title.plan?.changes.length === 1 && title.plan.changes[0]?.after === value);
  await decide(approver, title, 'approve', 'Confirmed with the manager');
  const fixed = await settled(helpdesk, title.id, ['awaiting-approval', 'queued', 'running']);
  report(say, fixed);
  expect('the directory was changed and read again', fixed.state === 'succeeded' && fixed.outcome === 'fixed');

  heading('3. Put it back: a rollback is a job of its own');
  const undo = await helpdesk.send<ShownJob>('POST', `/v1/jobs/${title.id}/rollback`, {
    reason: 'It was the other colleague',
  });
  const undoPlan = await settled(helpdesk, undo.id, ['planning']);
  show(say, undoPlan);
  await decide(approver, undoPlan, 'approve', 'Back to what it was');
  const undone = await settled(helpdesk, undo.id, ['awaiting-approval', 'queued', 'running']);
  report(say, undone);
  expect(
    'the rollback restored what was before',
    undone.state === 'succeeded' && undoPlan.plan?.changes[0]?.after === title.plan?.changes[0]?.before,
  );

  heading('4. The world changes between approval and run: a stale plan is not carried out');
  const base = await planned(
    helpdesk,
    say,
    'update-ad-attribute',
    'contoso',
    { identity: 'alice', attribute: 'title', operation: 'set', value: `Principal ${Date.now()}` },
    'Promotion',
  );
  await changeDirectory(
    { directory: join(home, 'lab', 'domain') },
    `dn: CN=Alice Young,OU=Staff,DC=contoso,DC=test\nchangetype: modify\nreplace: title\ntitle: Changed by somebody else ${Date.now()}\n-\n`,
  );
  say('  Meanwhile somebody else changes the title in the directory itself. The approval comes for the old plan …');
  await decide(approver, base, 'approve', 'Fine');
  const drifted = await until(
    helpdesk,
    base.id,
    ({ plan, state, code }) =>
      state !== 'queued' && state !== 'running' && (code === 'state-drift' || plan?.digest !== base.plan?.digest),
  );
  report(say, drifted);
  expect(
    'a stale plan is refused and the new one waits for approval',
    drifted.state === 'awaiting-approval' && drifted.code === 'state-drift',
  );
  const rejected = await decide(approver, drifted, 'reject', 'Talk to the other team first');
  expect('the new plan is rejected', rejected.state === 'rejected');
  say('  The approver rejects the new plan.');

  heading('5. A request that does not fit is refused before anything is stored');
  const unknown = await refused(() =>
    submit(
      helpdesk,
      'update-ad-attribute',
      'contoso',
      { identity: 'alice', attribute: 'memberOf', operation: 'set', value: 'x', force: true },
      'Try',
    ),
  );
  const errors = unknown.problem.errors as readonly { path: string; message: string }[];
  for (const { path, message } of errors)
    say(`  ${path} ${message.length > 70 ? `${message.slice(0, 70)}…` : message}`);
  expect(
    'an unknown parameter is refused by name',
    unknown.code === 'invalid-parameters' && errors.some(({ path }) => path === '/parameters/force'),
  );
  const two = await planned(
    helpdesk,
    say,
    'update-ad-attribute',
    'contoso',
    { identity: 'Kim Lee', attribute: 'title', operation: 'set', value: 'x' },
    'Which one?',
  );
  expect('a name that two people have is refused', two.state === 'blocked' && two.code === 'target-ambiguous');

  heading('6. The audit log');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const path = join(home, 'tour-audit.jsonl');
  writeFileSync(path, await auditor.text('/v1/audit/export'));
  const verdict = await verifyAudit({ file: path, keys: join(home, 'keys', 'grant-public.json') });
  for (const { seq, reason } of verdict.problems.slice(0, 5)) say(`  event ${seq} ${reason}`);
  expect(
    `the audit log verifies: ${verdict.events} events, each approval with its signed grant, each change with its grant's use`,
    verdict.ok,
  );

  say(`\nVerified in ${Math.round((Date.now() - started) / 1000)} s:`);
  for (const what of seen) say(`  ✓ ${what}`);
}

async function submit(
  client: Client,
  runbook: string,
  target: string,
  parameters: object,
  reason: string,
): Promise<ShownJob> {
  return client.send<ShownJob>('POST', '/v1/jobs', { runbook, target, parameters, reason });
}

async function planned(
  client: Client,
  say: (line: string) => void,
  runbook: string,
  target: string,
  parameters: object,
  reason: string,
): Promise<ShownJob> {
  say(`  The helpdesk asks for ${runbook} on ${target}: "${reason}"`);
  const job = await settled(client, (await submit(client, runbook, target, parameters, reason)).id, ['planning']);
  show(say, job);
  return job;
}

function show(say: (line: string) => void, job: ShownJob): void {
  if (!job.plan) return say(`  ${job.state}${job.code ? `: ${job.code}. ${job.meaning ?? ''}` : ''}`);
  say(`  Planned, nothing done yet (risk ${job.plan.risk}, ${job.plan.approvalsRequired} approval):`);
  for (const change of job.plan.changes) say(changeLine(change));
}

function report(say: (line: string) => void, job: ShownJob): void {
  say(
    `  ${job.state}${job.outcome ? ` (${job.outcome})` : ''}${job.code ? `: ${job.code}. ${job.meaning ?? ''}` : ''}`,
  );
  for (const { source, what } of job.proofs) say(`    proof, ${source}: ${what}`);
}

function decide(client: Client, job: ShownJob, decision: 'approve' | 'reject', reason: string): Promise<ShownJob> {
  return client.send('POST', `/v1/jobs/${job.id}/decision`, { decision, planDigest: job.plan?.digest ?? '', reason });
}

async function refused(work: () => Promise<unknown>): Promise<Refusal> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new TourFailed('Not as expected: something was accepted that had to be refused');
}

function settled(client: Client, id: string, not: readonly string[]): Promise<ShownJob> {
  return until(client, id, ({ state }) => SETTLED.includes(state) && !not.includes(state));
}

async function until(client: Client, id: string, holds: (job: ShownJob) => boolean): Promise<ShownJob> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const job = await client.get<ShownJob>(`/v1/jobs/${id}`);
    if (holds(job)) return job;
    if (Date.now() > deadline)
      throw new TourFailed(`Not as expected: the job is still ${job.state} (${job.code ?? 'no code'}) after 90 s`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
