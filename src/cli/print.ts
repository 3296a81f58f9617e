export interface ShownJob {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly code?: string;
  readonly meaning?: string;
  readonly detail?: string;
  readonly nextTryAt?: string;
  readonly outcome?: string;
  readonly partial: boolean;
  readonly reason: string;
  readonly rollbackOf?: string;
  readonly runbook: { readonly id: string; readonly version: string; readonly contentDigest: string };
  readonly target: { readonly id: string; readonly name: string };
  readonly requester: { readonly id: string; readonly name: string };
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly follows?: string;
  readonly submittedAt: string;
  readonly claims?: readonly {
    readonly kind: string;
    readonly what: string;
    readonly text?: string;
    readonly by?: { readonly name: string };
    readonly at?: string;
  }[];
  readonly plan?: {
    readonly digest: string;
    readonly risk: string;
    readonly approvalsRequired: number;
    readonly expiresAt: string;
    readonly changes: readonly ShownChange[];
  };
  readonly changes?: readonly (ShownChange & { readonly result: string; readonly code?: string })[];
  readonly approvals?: readonly {
    readonly decision: string;
    readonly person: { readonly name: string };
    readonly reason: string;
    readonly status: string;
  }[];
  readonly proofs: readonly { readonly source: string; readonly what: string }[];
}

export interface ShownChange {
  readonly id: string;
  readonly resource: string;
  readonly property: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly action: string;
}

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a target or a person, with what a terminal would hide or obey made visible. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function value(of: unknown): string {
  return of === null || of === undefined ? '(nothing)' : visible(typeof of === 'string' ? of : JSON.stringify(of));
}

export function changeLine(change: ShownChange, result?: string): string {
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
};

export function jobLines(job: ShownJob): string {
  const lines = [
    `${job.kind === 'rollback-of' ? 'Rollback' : 'Job'} ${job.id}`,
    `  state      ${job.state}${job.outcome ? ` (${job.outcome})` : ''}${job.partial ? ', partial' : ''}`,
    ...(job.code === undefined ? [] : [`  why        ${job.code}: ${visible(job.meaning ?? job.detail ?? '')}`]),
    ...(job.detail !== undefined && job.detail !== job.code
      ? [`  detail     ${visible(job.detail).slice(0, 400)}`]
      : []),
    ...(job.nextTryAt === undefined ? [] : [`  next try   ${job.nextTryAt}`]),
    `  runbook    ${job.runbook.id} ${job.runbook.version} (${job.runbook.contentDigest.slice(0, 12)})`,
    `  target     ${job.target.name}`,
    `  requester  ${visible(job.requester.name)}: ${visible(job.reason)}`,
    ...(job.follows === undefined ? [] : [`  follows    ${visible(job.follows)}`]),
    `  parameters ${visible(JSON.stringify(job.parameters))}`,
  ];
  for (const { kind, what, text, by, at } of job.claims ?? []) {
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
  for (const { decision, person, reason, status } of job.approvals ?? [])
    lines.push(`  ${decision.padEnd(10)} ${visible(person.name)}: ${visible(reason)} (${status})`);
  const changes = job.changes ?? job.plan?.changes ?? [];
  if (changes.length > 0)
    lines.push(
      '',
      ...changes.map((change) => changeLine(change, 'result' in change ? String(change.result) : undefined)),
    );
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
