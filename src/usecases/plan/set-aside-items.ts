import type { Value } from '../../domain/canonical.js';
import { isTerminal, type Job } from '../../domain/job.js';
import { latest, type JournalEntry } from '../../domain/journal.js';
import type { Change } from '../../domain/plan.js';
import { durationMs, utcText } from '../../domain/time.js';
import type { SuppliedJob, SupplySources } from './supply-sources.js';

const DAY_MS = 86_400_000;

/**
 * What the database holds on the quarantine that the parameter `ofJob` names: which job made it, when it ended, how long it is kept,
 * and the full paths of what it set aside. Null where no job of this target and user set anything aside under that id: what a
 * requester says is never enough to find something to purge.
 */
export async function setAsideItems(context: SupplySources, job: SuppliedJob): Promise<Value> {
  const { ofJob, userSid } = job.parameters;
  const id = typeof ofJob === 'string' ? uuidOf(ofJob) : undefined;
  const made = id === undefined ? undefined : await context.jobs.view(id);
  if (!made || made.job.kind !== 'remediation' || made.job.target.id !== job.target.id) return null;
  if (made.job.parameters.userSid !== userSid) return null;
  const manifest = await context.catalogue.manifest(made.job.runbook.contentDigest);
  const retention = manifest?.quarantine?.retention;
  const items = setAside(made.job, made.journal);
  if (retention === undefined || items.length === 0) return null;
  const ended = isTerminal(made.job.state) ? made.job.stateSince : undefined;
  const kept = durationMs(retention);
  return {
    job: made.job.id,
    runbook: made.job.runbook.id,
    endedAtUtc: ended ? utcText(ended) : null,
    retentionDays: Math.ceil(kept / DAY_MS),
    keptUntilUtc: ended ? utcText(new Date(ended.getTime() + kept)) : null,
    items,
    rollbackOpen: await context.rollbacks.isOpen(made.job.id),
  };
}

function uuidOf(hex: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(hex);
  return parts?.slice(1).join('-');
}

/**
 * Full paths of what a job renamed to `<name>.rbk-<its id>` and has not put back, as its own plan and journal have them. A change
 * without a result that was later seen in place counts: the name says which job made it.
 */
function setAside(job: Job, journal: readonly JournalEntry[]): readonly string[] {
  const suffix = `.rbk-${job.id.replaceAll('-', '')}`;
  const made = latest(journal, 'apply');
  const undone = latest(journal, 'undo');
  return (job.plan?.plan.changes ?? []).flatMap((change) => {
    const result = made.get(change.id)?.result;
    const there = (result === 'changed' || result === 'in-place') && undone.get(change.id)?.result !== 'changed';
    return there ? pathOf(change, suffix) : [];
  });
}

function pathOf({ resource, property, after }: Change, suffix: string): readonly string[] {
  if (property !== 'path' || typeof after !== 'string' || !after.endsWith(suffix)) return [];
  const parent = resource.slice(0, 1 + Math.max(resource.lastIndexOf('\\'), resource.lastIndexOf('/')));
  return parent === '' ? [] : [`${parent}${after}`];
}
