import type { Change, Job } from './api/types.js';

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a target or a person, with what a terminal would hide or obey made visible. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Texts that could be taken for another value, or for none: a number, true, null, an object, blanks, nothing. */
const AMBIGUOUS = /^$|^\s|\s$|^["[{(]|^(true|false|null|[-+]?[0-9.][0-9.eE+-]*)$/;

/** A value as people read it. Two different values are never shown alike: such a text is in quotation marks. */
export function value(of: unknown): string {
  if (of === null || of === undefined) return '(nothing)';
  return visible(typeof of === 'string' && !AMBIGUOUS.test(of) ? of : JSON.stringify(of));
}

export function changeLine(change: Change, result?: string): string {
  return [
    `  ${result === undefined ? '-' : `[${result}]`} ${change.action}: ${visible(change.property)} of ${visible(change.resource)}`,
    `      before  ${value(change.before)}`,
    `      after   ${value(change.after)}`,
  ].join('\n');
}

const CLAIMS: Readonly<Record<string, string>> = {
  consent: 'claim      consent',
  'earlier-step': 'claim      earlier step',
  'missing-step': 'claim      step',
  waiver: 'claim      waiver',
  statement: 'claim      statement',
};

/** A job as text: what it is, its plan, who decided, its changes and proofs. */
export function jobLines(job: Job): string {
  const lines = [
    `${job.kind === 'rollback-of' ? 'Rollback' : 'Job'} ${job.id}`,
    `  state      ${job.state}${job.outcome ? ` (${job.outcome})` : ''}${job.partial ? ', partial' : ''}`,
    ...(job.code === undefined ? [] : [`  why        ${job.code}: ${visible(job.meaning ?? job.detail ?? '')}`]),
    ...(job.detail !== undefined && job.detail !== job.code
      ? [`  detail     ${visible(job.detail).slice(0, 400)}`]
      : []),
    ...(job.nextTryAt === undefined ? [] : [`  next try   ${job.nextTryAt}`]),
    ...(job.erasedAt === undefined ? [] : [`  values     erased ${job.erasedAt}`]),
    `  runbook    ${job.runbook.id} ${job.runbook.version} (${job.runbook.contentDigest.slice(0, 12)})`,
    `  target     ${job.target.name}`,
    `  requester  ${visible(job.requester.name)}: ${visible(job.reason)}`,
    ...(job.follows === undefined ? [] : [`  follows    ${visible(job.follows)}`]),
    `  parameters ${visible(JSON.stringify(job.parameters))}`,
  ];
  for (const { kind, what, text, by, at } of 'claims' in job ? job.claims : []) {
    const said =
      by === undefined ? 'not on record' : `${visible(text ?? '')} (${visible(by.name)}, ${visible(at ?? '')})`;
    lines.push(`  ${CLAIMS[kind] ?? visible(kind)} ${visible(what)}: ${said}`);
  }
  if (job.plan) {
    lines.push(
      `  plan       ${job.plan.digest}`,
      `             risk ${job.plan.risk}, ${job.plan.approvalsRequired} approval(s), until ${job.plan.expiresAt}`,
    );
  }
  for (const { decision, person, reason, status } of 'approvals' in job ? job.approvals : [])
    lines.push(`  ${decision.padEnd(10)} ${visible(person.name)}: ${visible(reason)} (${status})`);
  const changes =
    'changes' in job && job.changes.length > 0
      ? job.changes.map((change) => changeLine(change, change.result))
      : (job.plan?.changes ?? []).map((change) => changeLine(change));
  if (changes.length > 0) lines.push('', ...changes);
  if (job.proofs.length > 0) lines.push('', ...job.proofs.map(({ source, what }) => `  proof (${source}): ${what}`));
  return lines.join('\n');
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
