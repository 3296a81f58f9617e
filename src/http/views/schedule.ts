import type { Static } from 'typebox';
import type { NextRun } from '../../domain/schedules/preview.js';
import { scheduleDigest, type Schedule } from '../../domain/schedules/schedule.js';
import { utcText } from '../../domain/time.js';
import type { FiringRow } from '../../ports/schedules.js';
import type { Shown } from '../route.js';
import type { NextRuns, ScheduleDetail, ScheduleSummary } from '../schemas/schedules.js';

export function scheduleSummary({
  id,
  spec,
  owner,
  status,
  next,
  createdAt,
}: Schedule): Shown<Static<typeof ScheduleSummary>> {
  return {
    ...{ id, ...spec, status },
    owner: { id: owner.id, name: owner.name },
    ...(next && status === 'active' ? { next: utcText(next) } : {}),
    createdAt: utcText(createdAt),
  };
}

export function scheduleDetail(
  schedule: Schedule,
  runs: readonly NextRun[],
  firings: readonly FiringRow[],
): Shown<Static<typeof ScheduleDetail>> {
  return {
    ...scheduleSummary(schedule),
    digest: scheduleDigest(schedule),
    nextRuns: runs.map(runView),
    firings: firings.map(({ first, instant, at, ...row }) => ({
      ...row,
      ...{ first: utcText(first), instant: utcText(instant), at: utcText(at) },
    })),
  };
}

export function runView({ instant, occurrence, ...run }: NextRun): Shown<Static<typeof NextRuns>>['items'][number] {
  if (!occurrence) return { ...run, instant: utcText(instant) };
  const { opens, closes, submitAt } = occurrence;
  return {
    ...{ ...run, instant: utcText(instant) },
    ...{ opens: utcText(opens), closes: utcText(closes), submitAt: utcText(submitAt) },
  };
}
