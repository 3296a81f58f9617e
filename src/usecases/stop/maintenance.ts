import type { Job } from '../../domain/job.js';
import { utcText } from '../../domain/time.js';
import type { WorkerContext } from '../worker-context.js';
import type { Stop } from './stop-reason.js';

/** Why nothing begins on the target of this job now: it is in maintenance. What has begun is finished. */
export async function maintenanceStop(
  { targetStatuses }: Pick<WorkerContext, 'targetStatuses'>,
  { target }: Pick<Job, 'target'>,
): Promise<Stop | undefined> {
  const maintenance = await targetStatuses.maintenanceOf(target.id);
  if (!maintenance) return undefined;
  const { until, by, reason } = maintenance;
  return { kind: 'deferred', code: 'in-maintenance', detail: `until ${utcText(until)}, by ${by}: ${reason}` };
}
