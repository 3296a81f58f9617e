import { planDigest } from '../domain/plan.js';
import type { Client } from './api/client.js';
import { Refusal } from './api/refusal.js';
import { jobLines } from './print.js';

export interface PlanToDecide {
  /** What the person sees: its changes come from the plan bytes, never from another answer of the server. */
  readonly text: string;
  /** Computed from the bytes that `text` shows. */
  readonly digest: string;
}

/** The plan of a job as it is to be decided. @throws Refusal when there is none, or when the bytes are another job's plan. */
export async function planToDecide(client: Client, id: string): Promise<PlanToDecide> {
  const of = { path: { id } };
  const { plan: summary, ...job } = await client.get('/v1/jobs/{id}', of);
  if (!summary)
    throw new Refusal({
      code: 'not-awaiting-approval',
      title: 'The job has no plan yet.',
      detail: `It is ${job.state}.`,
    });
  const plan = await client.get('/v1/jobs/{id}/plan', of);
  if (plan.job !== id)
    throw new Refusal({ code: 'plan-changed', title: 'The server sent the plan of another job. Nothing was decided.' });
  const digest = planDigest(plan);
  return { digest, text: jobLines({ ...job, plan: { ...summary, digest, changes: plan.changes }, changes: [] }) };
}

/** Somebody names another plan than the one that would be approved. */
export const planChanged = (digest: string): Refusal =>
  new Refusal({
    code: 'plan-changed',
    title: 'The plan does not have the digest that you gave. Nothing was decided.',
    detail: `Read the plan with the digest ${digest}, then decide again.`,
  });
