import type { ApiContext } from '../api-context.js';
import { serviceEvent } from '../facts.js';

/** Scans that are ended at one look. */
const MOST = 50;

/**
 * Ends the scans of which every item has ended. The counts in the event are those of the jobs' own events, which workers wrote; whoever
 * doubts them counts those.
 */
export async function endScans({ scans, newId }: Pick<ApiContext, 'scans' | 'newId'>): Promise<void> {
  for (const { scan, counts } of await scans.done(MOST)) {
    const { compliant, drifted, failed, unreached, cancelled } = counts;
    const data = {
      ...{ scan: scan.id, runbook: scan.runbook.id, contentSha256: scan.runbook.contentDigest },
      ...{ compliant, drifted, failed, unreached, cancelled },
    };
    await scans.end(scan.id, serviceEvent(newId, 'api', 'scan.ended', undefined, { data }));
  }
}
