import type { AuditEntry } from './api/types.js';
import { named, objectText, value, visible } from './print.js';

/** What an auditor asked for, some lines for each event. Times are UTC. */
export function auditLines(events: readonly AuditEntry[]): string {
  if (events.length === 0) return 'No events fit.';
  return events.map((event) => linesOf(event).join('\n')).join('\n\n');
}

function linesOf(event: AuditEntry): readonly string[] {
  const { at, action, actor, change, decision, reason, subject, seq, job, problem, erased } = event;
  const data = event.data as { readonly runbook?: string; readonly targetName?: string };
  const what = change
    ? `${visible(change.property)} of ${objectText(change)}${change.result === null ? '' : `: ${change.result}`}`
    : `${action} by ${named(actor)}${said(reason)}`;
  const where = [data.runbook, data.targetName === undefined ? undefined : `on ${visible(data.targetName)}`];
  const place = where.filter((part) => part !== undefined).join(' ');
  const proof = problem === null ? 'verified' : `NOT VERIFIED: ${visible(problem)}`;
  return [
    `${utc(at)}  ${what}`,
    ...(change ? [`    ${value(change.before)} -> ${value(change.after)}`] : []),
    ...(erased ? ['    The values of this job were erased.'] : []),
    ...(subject === null ? [] : [`    for ${visible(subject)}`]),
    ...(decision ? [`    requested by ${named(decision.requester)}${said(decision.reason)}`] : []),
    ...(decision?.approvals ?? []).map(
      ({ person, at: when, reason }) => `    approved by ${named(person)} at ${utc(when)}${said(reason)}`,
    ),
    `    ${[place, job === null ? '' : `job ${job}`, seq === undefined ? '' : `event ${seq}`].filter((part) => part !== '').join(', ')}`,
    `    ${proof}`,
  ];
}

/** To the second, with the letter that says UTC. */
const utc = (at: string) => `${at.slice(0, 19).replace('T', ' ')}Z`;
const said = (reason: string | null) => (reason === null || reason === '' ? '' : `: ${visible(reason)}`);
