import { CODES, type Code } from '../domain/codes/index.js';
import { findingsDigest, type Salt } from '../domain/digest.js';
import { planDigest } from '../domain/plan.js';
import type { Client } from './api/client.js';
import { Refusal } from './api/refusal.js';
import { jobLines } from './job-text.js';

export interface PlanToDecide {
  /** What the person sees: its changes, with the names of their objects, are the plan's; its findings are those that the plan was made from. */
  readonly text: string;
  /** Computed from the bytes that `text` shows. */
  readonly digest: string;
  /** Of the job; part of the digest of the reason. Undefined for a job of a version before salts. */
  readonly salt: Salt;
}

export type Decision = 'approve' | 'reject';

/**
 * The plan of a job as it is to be decided. What the server would refuse anyway is refused before anybody reads a plan for nothing.
 * @throws Refusal when the job awaits no decision, when this person may not decide, or when the bytes are another job's plan
 */
export async function planToDecide(client: Client, id: string, decision: Decision): Promise<PlanToDecide> {
  const of = { path: { id } };
  const { plan: summary, findings, ...job } = await client.get('/v1/jobs/{id}', of);
  if (!summary || job.state !== 'awaiting-approval') throw refused('not-awaiting-approval', `It is ${job.state}.`);
  const me = await client.get('/v1/me');
  if (me.token.kind === 'service') throw refused('service-token');
  if (!me.may.includes('decide')) throw refused('not-an-approver');
  if (decision === 'approve' && me.id === job.requester.id) throw refused('own-request');
  const plan = await client.get('/v1/jobs/{id}/plan', of);
  if (plan.job !== id)
    throw new Refusal({ code: 'plan-changed', title: 'The server sent the plan of another job. Nothing was decided.' });
  // Findings that no digest covers are not shown: somebody would decide by them.
  const seen = plan.findings === undefined || findings === undefined ? undefined : findings;
  if (seen !== undefined && findingsDigest(seen, plan.salt) !== plan.findings)
    throw new Refusal({
      code: 'plan-changed',
      title: 'The server sent other findings than the plan was made from. Nothing was decided.',
      detail: 'Run the command again: the target may have been read anew meanwhile.',
    });
  const digest = planDigest(plan);
  const shown = { ...job, ...(seen === undefined ? {} : { findings: seen }), changes: [] };
  const { admission: _, ...about } = summary;
  const said = plan.admission === undefined ? {} : { admission: plan.admission };
  return {
    digest,
    salt: plan.salt,
    text: jobLines({ ...shown, plan: { ...about, ...said, digest, changes: plan.changes } }),
  };
}

/** In the words of the code. */
const refused = (code: Code, detail: string = CODES[code].next.en): Refusal =>
  new Refusal({ code, title: CODES[code].en, detail });

/** Somebody names another plan than the one that would be approved. */
export const planChanged = (digest: string): Refusal =>
  new Refusal({
    code: 'plan-changed',
    title: 'The plan does not have the digest that you gave. Nothing was decided.',
    detail: `Read the plan with the digest ${digest}, then decide again.`,
  });
