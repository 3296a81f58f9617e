import type { Claimed } from './claim-job.js';
import type { Held } from './with-claim.js';

/** What one execution of a claimed job carries along. */
export interface Execution extends Claimed, Held {}
