import type { Job, MadePlan } from './job.js';

/** Longest window of a rollout (milliseconds): 72 hours. */
export const MOST_WINDOW_MS = 72 * 60 * 60_000;

/** How much longer than for a decision the plan of a job is kept: that of a rollout waits for its wave. */
export const keptForWave = ({ rollout }: Pick<Job, 'rollout'>): number => (rollout === undefined ? 0 : MOST_WINDOW_MS);

/** Until when the plan of a job of a rollout may be approved. */
export const decidableUntil = (job: Pick<Job, 'rollout'>, { expiresAt }: Pick<MadePlan, 'expiresAt'>): Date =>
  new Date(expiresAt.getTime() - keptForWave(job));
