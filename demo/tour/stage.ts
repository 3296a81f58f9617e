import type { Client } from '../../src/cli/api/client.js';
import { Refusal } from '../../src/cli/api/refusal.js';
import type { Job } from '../../src/cli/api/types.js';
import { changeLine } from '../../src/cli/job-text.js';
import type { DemoPerson } from '../demo.js';

export interface TourParts {
  readonly home: string;
  readonly people: Readonly<Record<DemoPerson, Client>>;
  readonly say: (line: string) => void;
}

/** Something was not as the tour expects. */
export class TourFailed extends Error {}

/** What the helpdesk asks for. */
export interface Request {
  readonly runbook: string;
  readonly target: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** The job that this one carries on from. */
  readonly follows?: string;
}

/** States in which nothing happens by itself. */
const AT_REST = [
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
  'rolled-back',
  'rollback-failed',
];

/** The people, what they do through the public API, and what was seen so far. */
export interface Stage extends TourParts {
  /** What was expected and seen, in order. */
  readonly seen: readonly string[];
  heading(text: string): void;
  /** @throws TourFailed when it does not hold. */
  expect(what: string, holds: boolean): void;
  submit(request: Request): Promise<Job>;
  /** Submits, waits for the plan and shows it. */
  planned(request: Request): Promise<Job>;
  decide(by: DemoPerson, job: Job, decision: 'approve' | 'reject', reason: string): Promise<Job>;
  /** Approves as each of these in turn and waits for the end, which is shown. */
  carriedOut(job: Job, reason: string, by?: readonly DemoPerson[]): Promise<Job>;
  /** A rollback of that job, planned and shown. */
  rollback(job: Job, reason: string): Promise<Job>;
  /** The refusal that this work must meet. @throws TourFailed when it is accepted. */
  refused(work: () => Promise<unknown>): Promise<Refusal>;
  until(id: string, holds: (job: Job) => boolean): Promise<Job>;
  report(job: Job): void;
}

export function openStage(parts: TourParts): Stage {
  const { people, say } = parts;
  const seen: string[] = [];
  const report = (job: Job) => {
    say(
      `  ${job.state}${job.outcome ? ` (${job.outcome})` : ''}${job.code ? `: ${job.code}. ${job.meaning ?? ''}` : ''}`,
    );
    for (const { source, what } of job.proofs) say(`    proof, ${source}: ${what}`);
  };
  const settled = (id: string, not: readonly string[]) =>
    until(people.helpdesk, id, ({ state }) => AT_REST.includes(state) && !not.includes(state));
  const submit = (request: Request) => people.helpdesk.post('/v1/jobs', { body: request });
  const decide: Stage['decide'] = (by, job, decision, reason) =>
    people[by].post('/v1/jobs/{id}/decision', {
      path: { id: job.id },
      body: { decision, planDigest: job.plan?.digest ?? '', reason },
    });
  return {
    ...parts,
    seen,
    report,
    submit,
    decide,
    refused,
    heading: (text) => say(`\n== ${text}`),
    expect(what, holds) {
      if (!holds) throw new TourFailed(`Not as expected: ${what}`);
      seen.push(what);
    },
    async planned(request) {
      say(`  The helpdesk requests ${request.runbook} on ${request.target}:`);
      say(`    "${request.reason}"`);
      const job = await settled((await submit(request)).id, ['planning']);
      show(say, job);
      return job;
    },
    async carriedOut(job, reason, by = ['approver']) {
      for (const person of by) await decide(person, job, 'approve', reason);
      const done = await settled(job.id, ['awaiting-approval', 'queued', 'running']);
      report(done);
      return done;
    },
    async rollback(job, reason) {
      const undo = await people.helpdesk.post('/v1/jobs/{id}/rollback', { path: { id: job.id }, body: { reason } });
      const plan = await settled(undo.id, ['planning']);
      show(say, plan);
      return plan;
    },
    until: (id, holds) => until(people.helpdesk, id, holds),
  };
}

function show(say: (line: string) => void, job: Job): void {
  if (!job.plan) return say(`  ${job.state}${job.code ? `: ${job.code}. ${job.meaning ?? ''}` : ''}`);
  const { risk, approvalsRequired, changes } = job.plan;
  const approvals = approvalsRequired === 1 ? 'one approval' : `${approvalsRequired} approvals`;
  say(`  The plan; nothing is changed yet (risk ${risk}, ${approvals}):`);
  for (const change of changes.slice(0, 6)) say(changeLine(change));
  if (changes.length > 6) say(`    … and ${changes.length - 6} more`);
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

async function until(client: Client, id: string, holds: (job: Job) => boolean): Promise<Job> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const job = await client.get('/v1/jobs/{id}', { path: { id } });
    if (holds(job)) return job;
    if (Date.now() > deadline)
      throw new TourFailed(`Not as expected: the job is still ${job.state} (${job.code ?? 'no code'}) after 90 s`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
