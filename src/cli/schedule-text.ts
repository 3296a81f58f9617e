import { count } from '../platform/count.js';
import type { NextRun, Schedule, ScheduleDetail } from './api/types.js';
import { json, named, visible } from './print.js';
import { conditionWords } from './selection.js';

const CLOCKS = {
  'moved-over-a-gap': 'clocks go forward over it',
  'first-of-two': 'clocks go back: the first of two',
} as const;

/** The next runs: in the schedule's zone with its offset, and in UTC. */
export function runLines(runs: readonly NextRun[], jitter: string): readonly string[] {
  if (runs.length === 0) return ['  No run comes.'];
  return runs.map(({ instant, local, clockChange, opens, closedBy }) => {
    const at = `  ${visible(local)}  ${instant.slice(0, 16)}Z`;
    const notes = [
      ...(clockChange === undefined ? [] : [CLOCKS[clockChange]]),
      ...(closedBy === undefined ? [] : [`not then: calendar ${visible(closedBy)}`]),
      ...(opens === undefined || opens === instant ? [] : [`begins ${opens.slice(0, 19)}Z`]),
      ...(jitter === '0s' || closedBy !== undefined ? [] : [`up to ${jitter} later`]),
    ];
    return notes.length === 0 ? at : `${at}  ${notes.join('; ')}`;
  });
}

export function whenWords({ when }: Pick<Schedule, 'when'>): string {
  return when.kind === 'cron' ? `${visible(when.expression)} in ${visible(when.zone)}` : `once at ${when.at}`;
}

/** A schedule as text: what it does and when, its next runs, and what became of the last ones. */
export function scheduleLines(schedule: ScheduleDetail): string {
  const { id, name, status, action, owner, window, jitter, misfire, approval, calendars, nextRuns, firings } = schedule;
  return [
    `Schedule ${visible(name)}`,
    `  id         ${id}`,
    `  status     ${status}`,
    `  when       ${whenWords(schedule)}`,
    `  window     ${window}${jitter === '0s' ? '' : `, put off by up to ${jitter}`}`,
    `  missed     ${misfire.policy === 'skip' ? 'is skipped' : `runs once within ${misfire.within}`}`,
    `  approval   ${approvalWords(approval)}`,
    ...(calendars.length === 0 ? [] : [`  calendars  ${calendars.map(visible).join(', ')}`]),
    `  runbook    ${visible(action.runbook)}`,
    `  ${action.kind === 'job' ? `target     ${visible(action.target)}` : `scan of    ${scanWords(action)}`}`,
    `  parameters ${json(action.parameters)}`,
    `  owner      ${named(owner)}: ${visible(action.reason)}`,
    `  digest     ${schedule.digest}`,
    '',
    'Next runs',
    ...runLines(nextRuns, '0s'),
    ...(firings.length === 0 ? [] : ['', 'Last runs, the latest first', ...firings.map(firingLine)]),
  ].join('\n');
}

function approvalWords(approval: ScheduleDetail['approval']): string {
  if (approval.kind === 'none') return 'none: a scan changes nothing';
  return approval.kind === 'standing' ? 'standing approval' : `each time, planned ${approval.lead} before`;
}

const scanWords = ({ select, selection }: Extract<ScheduleDetail['action'], { kind: 'scan' }>): string =>
  selection === undefined
    ? `targets with ${conditionWords(select ?? {}).join('; ')}`
    : `selection ${visible(selection)}`;

function firingLine({
  first,
  instant,
  count: instants,
  outcome,
  cause,
  detail,
  job,
  scan,
}: ScheduleDetail['firings'][number]) {
  const at = instant.slice(0, 16);
  if (outcome === 'submitted')
    return `  ${at}Z  ${job === undefined ? `scan ${visible(scan ?? '')}` : `job ${visible(job)}`}`;
  const why = `${visible(cause ?? '')}${detail === undefined ? '' : ` (${visible(detail)})`}`;
  const times = instants === 1 ? '' : `, ${count(instants, 'instant')} from ${first.slice(0, 16)}Z`;
  return `  ${at}Z  missed: ${why}${times}`;
}
