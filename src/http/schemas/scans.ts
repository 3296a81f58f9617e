import { Type } from 'typebox';
import type { ValueObject } from '../../domain/canonical.js';
import { STATES } from '../../domain/job.js';
import { ROLES } from '../../domain/people.js';
import { ITEM_STATUSES } from '../../domain/scans/item-status.js';
import { time } from './jobs.js';
import { closed, literals, name } from './parts.js';
import { pageOf } from './responses.js';
import { RolloutBody } from './rollouts.js';

const text = Type.String();
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const count = Type.Integer({ minimum: 0 });
const parameters = Type.Unsafe<ValueObject>({ type: 'object', additionalProperties: true });
const moment = Type.String({ maxLength: 40, format: 'date-time', pattern: ':[0-5][0-9](\\.[0-9]+)?[^:0-9]' });

const { runbook, reason, ticket, items, select, selection, expect } = RolloutBody.properties;
/** Either `items`, or `select`, or `selection` (id or name). `expect`: how many items the person expects; another number is refused. */
export const ScanBody = Type.Object(
  { runbook, reason, ticket, items, select, selection, parameters: Type.Optional(parameters), expect },
  closed,
);

const status = literals(...ITEM_STATUSES);
const Counts = Type.Object(
  { planning: count, compliant: count, drifted: count, failed: count, unreached: count, cancelled: count },
  closed,
);
const summary = {
  id: text,
  runbook: Type.Object({ id: text, version: text, contentDigest: text }, closed),
  requester: Type.Object({ id: text, name: text, roles: Type.Array(literals(...ROLES)) }, closed),
  reason: text,
  ticket: Type.Optional(text),
  count: Type.Integer(),
  counts: Counts,
  submittedAt: time,
  endedAt: Type.Union([time, Type.Null()]),
};
export const ScanSummary = Type.Object(summary, closed);
export const ScanPage = pageOf(ScanSummary);

/** `changes`: of the plan, how many would be needed; 0 but for a drifted item. `plan`: its digest. */
const item = {
  index: Type.Integer(),
  job: text,
  target: text,
  parameters,
  status,
  state: literals(...STATES),
  code: Type.Optional(text),
  meaning: Type.Optional(text),
  changes: count,
  plan: Type.Union([digest, Type.Null()]),
  risk: Type.Union([literals('R0', 'R1', 'R2', 'R3'), Type.Null()]),
  actions: Type.Array(Type.Object({ action: text, count }, closed)),
};
const Item = Type.Object(item, closed);
/** `itemsDigest` and `requestDigest` stand in the event `scan.submitted`. */
export const ScanDetail = Type.Object(
  { ...summary, pool: text, itemsDigest: digest, requestDigest: digest, items: Type.Array(Item) },
  closed,
);

export const ScanReportQuery = Type.Object(
  {
    format: Type.Optional(Type.Unsafe<'json' | 'csv'>({ enum: ['json', 'csv'], description: 'json is the default.' })),
  },
  closed,
);
/** What a scan found, item by item. */
export const ScanReport = Type.Object(
  { scan: text, runbook: text, endedAt: summary.endedAt, counts: Counts, items: Type.Array(Item) },
  closed,
);

/** Scans of one answer, at most. */
const MOST_POINTS = 100;
export const ComplianceQuery = Type.Object(
  {
    runbook: name,
    since: Type.Optional(moment),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_POINTS, description: 'The newest so many; 30 where it is not given.' }),
    ),
  },
  closed,
);
const Found = Type.Object({ status, changes: count }, closed);
const Changed = Type.Object({ target: text, name: text, parameters, before: Found, after: Found }, closed);
/** Ended scans, oldest first. `changed`: items that the last scan before that had them found otherwise. */
export const Compliance = Type.Object(
  {
    runbook: text,
    scans: Type.Array(
      Type.Object(
        {
          ...{ scan: text, version: text, submittedAt: time, endedAt: time, count: Type.Integer(), counts: Counts },
          changed: Type.Array(Changed),
        },
        closed,
      ),
    ),
  },
  closed,
);
