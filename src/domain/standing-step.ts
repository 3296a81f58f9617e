import { labelledDigest } from './digest.js';

/**
 * What people sign about a standing approval: that for this schedule one envelope, by its digest, takes the place of another. null: none.
 * From digests alone, as the audit log has them.
 */
export const standingStepDigest = (schedule: string, before: string | null, after: string | null): string =>
  labelledDigest('fixpoint-standing-v1', { schedule, before, after });
