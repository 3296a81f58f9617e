import type { State } from '../domain/job.js';
import type { Job } from './api/types.js';
import { visible } from './print.js';

/** Where a job ended without what it was for. */
const BAD: readonly State[] = [
  'blocked',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'superseded',
  'rollback-failed',
];

export const endedBadly = (state: State | 'gone'): boolean => state === 'gone' || BAD.includes(state);

/** Why a job is as it is: its code, what that means with the next step, and what was seen. */
export function whyLines({ code, meaning, detail }: Pick<Job, 'code' | 'meaning' | 'detail'>): readonly string[] {
  return [
    ...(code === undefined ? [] : [`  why        ${code}: ${visible(meaning ?? detail ?? '')}`]),
    ...(detail !== undefined && detail !== code ? [`  detail     ${visible(detail).slice(0, 400)}`] : []),
  ];
}
