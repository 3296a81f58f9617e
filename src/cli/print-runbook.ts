import type { JsonSchema } from '../domain/manifest.js';
import type { RunbookDetail } from './api/types.js';
import { table, visible } from './print.js';

/** A runbook as text: what it does, where it runs, who approves, which parameters it takes. */
export function runbookLines(runbook: RunbookDetail): string {
  const { approval, kinds, parameters, rollback } = runbook;
  const approvals = Object.entries(approval.required).map(([risk, count]) => `${risk}: ${count}`);
  return [
    `${runbook.id} ${runbook.version}: ${visible(runbook.title)}`,
    `  ${visible(runbook.summary)}`,
    '',
    `  runs on    ${(kinds ?? []).join(', ')}`,
    `  approvals  ${approvals.join(', ')}, within ${approval.expiresIn}`,
    `  rollback   ${visible(rollback ?? '')}`,
    `  digest     ${runbook.contentDigest}`,
    '',
    parameterTable(parameters),
  ].join('\n');
}

function parameterTable(schema: JsonSchema): string {
  const rows = parameterRows(schema).map((row) => row.map(visible));
  return rows.length === 0
    ? 'It takes no parameters.'
    : table([['PARAMETER', 'VALUES', 'REQUIRED', 'MEANING'], ...rows]);
}

/** Of each parameter its name, its values, `yes` where it is required, and its meaning. */
export function parameterRows(schema: JsonSchema): readonly (readonly string[])[] {
  const required = (schema.required ?? []) as readonly string[];
  const rules = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  return rules.map(([name, rule]) => [
    name,
    typeText(rule),
    required.includes(name) ? 'yes' : '',
    [rule.description, defaultText(rule)].filter(Boolean).join(' '),
  ]);
}

/** Default as it would be written on a command line. */
const defaultText = ({ default: value }: JsonSchema) =>
  value === undefined ? undefined : `Default: ${typeof value === 'string' ? value : JSON.stringify(value)}.`;

function typeText(rule: JsonSchema): string {
  if (Array.isArray(rule.enum)) return rule.enum.join('|');
  if (rule.type === 'array') return `${typeText((rule.items ?? {}) as JsonSchema)}...`;
  const { type = 'any' } = rule as { readonly type?: string | readonly string[] };
  return [type].flat().join('|');
}
