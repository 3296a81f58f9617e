import type pg from 'pg';
import type { RecordRole } from '../../../src/adapters/postgres/install/roles.js';
import { advanceJob } from '../../../src/usecases/advance-job.js';
import type { WorkerContext } from '../../../src/usecases/worker-context.js';
import { standInHost, type Effect } from '../../generative/host.js';
import { connectEachRole } from '../../support/database-roles.js';
import { addLocalTarget, startTestProduct, type Answer, type TestProduct } from '../../support/product.js';
import { PEOPLE, type Who } from '../../support/people.js';
import { createTruth, type Truth } from './truth.js';

/** A request for one file, on a target of its own: jobs on one target wait for one another. */
export interface Request {
  readonly runbook?: 'set-file-text' | 'irreversible' | 'once';
  readonly who?: Who;
  /** How the stand-in lets it go (`FATES`), and what the file holds then. */
  readonly text?: string;
}

/** A job as the API shows it, and what it was asked for. */
export interface Asked {
  readonly id: string;
  readonly directory: string;
  readonly target: string;
}

/**
 * The real API, authority and worker on a real PostgreSQL, and who really approved what. The worker takes no messages by itself: `step`
 * is a message about a job. The engine is a stand-in that notes each change as it reaches the target.
 */
export interface RealWorld {
  readonly product: TestProduct;
  readonly owner: pg.Client;
  readonly roles: ReadonlyMap<RecordRole, pg.Client>;
  readonly truth: Truth;
  /** The worker, as the first slot of it sees the world. */
  readonly worker: WorkerContext;
  /** What the target holds, by resource. */
  readonly files: Map<string, string>;
  /** What authority failed at since this was last called: it says nothing about it in the audit log. */
  failures(): readonly unknown[];
  submit(request?: Request): Promise<Asked>;
  /** The same, planned. */
  planned(request?: Request): Promise<Asked & { readonly job: any }>;
  /** Decides through the API as a person. An approval by somebody with that role counts as theirs, before it is judged. */
  decide(job: any, who: Who, more?: object): Promise<Answer>;
  show(id: string): Promise<any>;
  /** What a worker does at a message about the job. A failure is as if the worker had logged it: it is returned. */
  step(id: string): Promise<unknown>;
  /** Waits until authority has judged every decision of the job that it can judge. */
  judged(id: string): Promise<void>;
  /** The audit events of a job since event `n`: action and outcome. */
  eventsSince(id: string, n: string): Promise<readonly { readonly action: string; readonly outcome: string }[]>;
  newest(): Promise<string>;
  stop(): Promise<void>;
}

/** How long authority may take for a decision that it fails at: it is tried again for ever, and the figure goes on (milliseconds). */
const JUDGED_MS = 2000;

export async function realWorld(): Promise<RealWorld> {
  const truth = createTruth();
  const files = new Map<string, string>();
  const host = standInHost({ files, onEffect: (effect: Effect) => truth.happened(effect) });
  const env = { FIXPOINT_RECONCILE_AFTER_MS: '1000' };
  const failed: unknown[] = [];
  const product = await startTestProduct({ host, env, authorityFailed: (error) => void failed.push(error) });
  await product.stopWorker();
  const { owner, roles, end } = await connectEachRole(product);
  const worker = { ...(product.worker as NonNullable<TestProduct['worker']>).contextOf(0), host };
  const never = new AbortController().signal;
  let count = 0;

  const world: RealWorld = {
    ...{ product, owner, roles, truth, worker, files },
    failures: () => failed.splice(0),
    async submit({ runbook = 'set-file-text', who = 'helpdesk', text = 'plain' } = {}) {
      const name = `box-${(count += 1)}`;
      const directory = `/stand-in/${name}`;
      await addLocalTarget(product, name);
      const body = { runbook, target: name, parameters: { directory, names: ['a'], text }, reason: 'a figure' };
      const answer = await product.call(who, 'POST', '/v1/jobs', body);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      truth.asked(directory, runbook, who);
      return { id: answer.body.id as string, directory, target: name };
    },
    async planned(request) {
      const asked = await world.submit(request);
      const failure = await world.step(asked.id);
      const job = await world.show(asked.id);
      if (failure !== undefined || job.state === 'planning') throw new Error(`not planned: ${String(failure)}`);
      return { ...asked, job };
    },
    async decide(job, who, more = {}) {
      const body = { decision: 'approve', planDigest: job.plan?.digest ?? '', reason: 'ok', ...more };
      const mayApprove = PEOPLE[who].some((role) => role === 'approver');
      if (mayApprove && body.decision === 'approve')
        truth.approved(job.parameters.directory as string, who, job.plan, body);
      return product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, body);
    },
    show: async (id) => (await product.call('admin', 'GET', `/v1/jobs/${id}`)).body,
    async step(id) {
      try {
        const job = await worker.jobs.get(id);
        if (job) await advanceJob(worker, job, { draining: never, now: never });
        return undefined;
      } catch (error) {
        return error;
      }
    },
    async judged(id) {
      const pending = "SELECT 1 FROM decisions WHERE job_id = $1 AND status = 'pending'";
      for (const since = performance.now(); performance.now() - since < JUDGED_MS;) {
        if ((await owner.query(pending, [id])).rowCount === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async eventsSince(id, n) {
      const { rows } = await owner.query(
        "SELECT action, bytes::jsonb->>'outcome' AS outcome FROM audit_events WHERE job_id = $1 AND n > $2 ORDER BY n",
        [id, n],
      );
      return rows;
    },
    newest: async () => (await owner.query('SELECT coalesce(max(n), 0) AS n FROM audit_events')).rows[0].n as string,
    async stop() {
      await end();
      await product.stop();
    },
  };
  return world;
}
