import type { Static } from 'typebox';
import type { Value } from '../../domain/canonical.js';
import type { FoundEvent } from '../../usecases/audit/search-audit.js';
import { csvText } from '../../platform/csv.js';
import type { Shown } from '../route.js';
import type { AuditEntry } from '../schemas/responses.js';

export type ShownEvent = Shown<Static<typeof AuditEntry>>;

/** An audit event with its link in the chain, if it has one yet, and what it means. */
export function auditEntry({
  stored,
  event,
  subject,
  change,
  decision,
  reason,
  erased,
  problem,
}: FoundEvent): ShownEvent {
  const { event: _, ...link } = stored;
  const chained = link.seq !== undefined;
  return { ...event, ...link, chained, subject, change, decision, reason, erased, verified: problem === null, problem };
}

/** The columns of the CSV form. */
const COLUMNS = {
  time: ({ at }) => at,
  event: ({ seq }) => (seq === undefined ? '' : String(seq)),
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  actor: ({ actor }) => named(actor),
  runbook: ({ data }) => text((data as { readonly runbook?: Value }).runbook),
  target: ({ data }) => text((data as { readonly targetName?: Value }).targetName),
  job: ({ job }) => job ?? '',
  subject: ({ subject }) => subject ?? '',
  requester: ({ decision }) => (decision ? named(decision.requester) : ''),
  reason: ({ decision }) => decision?.reason ?? '',
  ticket: ({ decision }) => decision?.ticket ?? '',
  event_reason: ({ reason }) => reason ?? '',
  approvals: ({ decision }) => (decision?.approvals ?? []).map(({ person, at }) => `${named(person)} ${at}`).join('; '),
  resource: ({ change }) => change?.resource ?? '',
  label: ({ change }) => change?.label ?? '',
  property: ({ change }) => change?.property ?? '',
  before: ({ change }) => text(change?.before as Value | undefined),
  after: ({ change }) => text(change?.after as Value | undefined),
  result: ({ change }) => change?.result ?? '',
  verified: ({ verified }) => (verified ? 'yes' : 'no'),
  problem: ({ problem }) => problem ?? '',
} as const satisfies Readonly<Record<string, (event: ShownEvent) => string>>;

export const csvHead = (): string => csvText([Object.keys(COLUMNS)]);

/** One line. */
export const csvLine = (event: ShownEvent): string => csvText([Object.values(COLUMNS).map((cell) => cell(event))]);

const named = ({ name, id }: { readonly name: string; readonly id: string }) => (name === id ? id : `${name} (${id})`);

/** Text as it is, nothing for null, any other value as JSON. */
function text(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
