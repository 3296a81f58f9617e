import type { Change, Job } from './api/types.js';
import { findingLines } from './findings.js';
import { whyLines } from './job-end.js';
import { count } from '../platform/count.js';
import { json, named, objectText, value, visible } from './print.js';

/** A change: what it does to which object, the values before and after, and what came of it. */
export function changeLine(change: Change, result?: string): string {
  const { action, property, resource, label, before, after } = change;
  return [
    `  ${result === undefined ? '-' : `[${result}]`} ${action}: ${visible(property)} of ${objectText({ resource, label })}`,
    `      before  ${value(before)}`,
    `      after   ${value(after)}`,
  ].join('\n');
}

const TITLE = { remediation: 'Job', 'rollback-of': 'Rollback', scan: 'Scan item' } as const;

const CLAIMS: Readonly<Record<string, string>> = {
  consent: 'claim      consent',
  'earlier-step': 'claim      earlier step',
  'missing-step': 'claim      step',
  waiver: 'claim      waiver',
  statement: 'claim      statement',
};

/** A job as text: what it is, what was found, its plan, who decided, its changes and proofs. */
export function jobLines(job: Job): string {
  const lines = [...aboutLines(job), ...claimLines(job)];
  if (job.plan) {
    lines.push(
      `  plan       ${job.plan.digest}`,
      ...admissionLine(job.plan.admission),
      job.kind === 'scan'
        ? `             risk ${job.plan.risk}, read only: nothing of it can be approved`
        : `             risk ${job.plan.risk}, ${count(job.plan.approvalsRequired, 'approval')}, until ${job.plan.expiresAt}`,
    );
  }
  for (const { decision, person, reason, status, proof, kid = '' } of 'approvals' in job ? job.approvals : []) {
    const how = proof === 'key' ? `signed with key ${visible(kid)}` : 'by token, not signed';
    lines.push(`  ${decision.padEnd(10)} ${named(person)}: ${visible(reason)} (${status}, ${how})`);
  }
  if (job.cancel) lines.push(`  cancel     ${named(job.cancel.by)}: ${visible(job.cancel.reason)}`);
  if (job.findings) lines.push('', '  findings', ...findingLines(job.findings, '    '));
  const changes =
    'changes' in job && job.changes.length > 0
      ? job.changes.map((change) => changeLine(change, change.result))
      : (job.plan?.changes ?? []).map((change) => changeLine(change));
  if (changes.length > 0) lines.push('', ...changes);
  if (job.proofs.length > 0) lines.push('', ...job.proofs.map(({ source, what }) => `  proof (${source}): ${what}`));
  return lines.join('\n');
}

/** Who let the runbook run. In development mode nobody but the account that started Fixpoint looked at it. */
function admissionLine(admission: NonNullable<Job['plan']>['admission']): readonly string[] {
  if (admission === undefined) return [];
  const by = admission.by.map((name) => visible(name)).join(' and ');
  return admission.how === 'people'
    ? [`  admitted   by ${by}`]
    : [`  admitted   in development mode, by the account ${by}: no second person admitted this runbook`];
}

function aboutLines(job: Job): readonly string[] {
  const { nextTryAt, runbook, target, requester, rollbackOf, supersedes, follows, schedule, window } = job;
  const other = (label: string, id: string | undefined) => (id === undefined ? [] : [`  ${label} ${visible(id)}`]);
  return [
    `${TITLE[job.kind]} ${job.id}`,
    `  state      ${job.state}${job.outcome ? ` (${job.outcome})` : ''}${job.partial ? ', partial' : ''}`,
    ...whyLines(job),
    ...(nextTryAt === undefined ? [] : [`  next try   ${nextTryAt}`]),
    ...(job.erasedAt === undefined ? [] : [`  values     erased ${job.erasedAt}`]),
    ...('problem' in job && typeof job.problem === 'string'
      ? [`  NOT VERIFIED  ${visible(job.problem)}: what follows may be forged`]
      : []),
    `  runbook    ${runbook.id} ${runbook.version} (${runbook.contentDigest.slice(0, 12)})`,
    `  target     ${named(target)}`,
    `  requester  ${named(requester)}: ${visible(job.reason)}`,
    ...other('rolls back', rollbackOf),
    ...other('supersedes', supersedes),
    ...other('follows   ', follows),
    ...(schedule === undefined ? [] : [`  schedule   ${schedule.id}, at ${schedule.instant}`]),
    ...(window === undefined ? [] : [`  window     ${window.from} to ${window.to}`]),
    `  parameters ${json(job.parameters)}`,
  ];
}

function claimLines(job: Job): readonly string[] {
  return ('claims' in job ? job.claims : []).map(({ kind, what, text, by, at }) => {
    const said = by === undefined ? 'not on record' : `${visible(text ?? '')} (${named(by)}, ${visible(at ?? '')})`;
    return `  ${CLAIMS[kind] ?? visible(kind)} ${visible(what)}: ${said}`;
  });
}
