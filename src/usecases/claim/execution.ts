import type { Claimed } from './claim-job.js';
import type { Hold } from './lease.js';
import type { Story } from '../phases/job-output.js';

/** What one execution of a claimed job carries along. */
export interface Execution extends Claimed {
  readonly hold: Hold;
  readonly story: Story;
}
