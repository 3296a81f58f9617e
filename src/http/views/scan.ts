import type { Static } from 'typebox';
import { meaningOf, type OwnCodes } from '../../domain/codes/lookup.js';
import { countStatuses, scanStatusOf } from '../../domain/scans/item-status.js';
import { scanDigest } from '../../domain/scans/request.js';
import type { TrendPoint } from '../../domain/scans/trend.js';
import { utcText } from '../../domain/time.js';
import type { CountedScan, ScanItem, ScanRecord, StoredScan } from '../../ports/scans.js';
import { csvText } from '../../platform/csv.js';
import type { Shown } from '../route.js';
import type { Compliance, ScanDetail, ScanReport, ScanSummary } from '../schemas/scans.js';

type Detail = Shown<Static<typeof ScanDetail>>;
type ShownItem = Detail['items'][number];

export function scanSummary({ scan, counts }: CountedScan): Shown<Static<typeof ScanSummary>> {
  const { id, runbook, requester, reason, ticket, count, submittedAt, endedAt } = scan;
  return {
    ...{ id, runbook, requester, reason, count, counts },
    ...(ticket === undefined ? {} : { ticket }),
    submittedAt: utcText(submittedAt),
    endedAt: endedAt ? utcText(endedAt) : null,
  };
}

/** A scan with the counts of its items. */
export const countedOf = ({ scan, items }: ScanRecord): CountedScan => ({
  scan,
  counts: countStatuses(items.map(({ job }) => scanStatusOf(job))),
});

/** A scan with what is known of each item by now. `own`: the codes of its runbook. */
export function scanDetail({ scan, items }: ScanRecord, own?: OwnCodes): Detail {
  const shown = items.map((item, index) => itemOf(item, index, own));
  return {
    ...scanSummary(countedOf({ scan, items })),
    ...{ pool: scan.pool, itemsDigest: scan.itemsDigest, requestDigest: scanDigest(scan) },
    items: shown,
  };
}

function itemOf({ job, plan }: ScanItem, index: number, own: OwnCodes): ShownItem {
  const { id, target, parameters, state, code } = job;
  const actions = plan?.actions ?? [];
  return {
    ...{ index, job: id, target: target.name, parameters, status: scanStatusOf(job), state },
    ...(code === undefined ? {} : { code, meaning: meaningOf(code, own) ?? code }),
    changes: actions.reduce((sum, { count }) => sum + count, 0),
    plan: plan?.digest ?? null,
    risk: plan?.risk ?? null,
    actions,
  };
}

export function scanReport({ id, runbook, endedAt, counts, items }: Detail): Shown<Static<typeof ScanReport>> {
  return { scan: id, runbook: runbook.id, endedAt, counts, items };
}

const COLUMNS = {
  index: ({ index }) => String(index),
  target: ({ target }) => target,
  parameters: ({ parameters }) => JSON.stringify(parameters),
  status: ({ status }) => status,
  changes: ({ changes }) => String(changes),
  actions: ({ actions }) => actions.map(({ action, count }) => `${action}: ${count}`).join('; '),
  risk: ({ risk }) => risk ?? '',
  code: ({ code }) => code ?? '',
  plan: ({ plan }) => plan ?? '',
  job: ({ job }) => job,
} as const satisfies Readonly<Record<string, (item: ShownItem) => string>>;

/** A heading and one line for each item. */
export const scanCsv = ({ items }: Pick<Detail, 'items'>): string =>
  csvText([Object.keys(COLUMNS), ...items.map((item) => Object.values(COLUMNS).map((cell) => cell(item)))]);

export function compliance(
  runbook: string,
  points: readonly TrendPoint<StoredScan>[],
): Shown<Static<typeof Compliance>> {
  return {
    runbook,
    scans: points.map(({ scan, counts, changed }) => ({
      ...{ scan: scan.id, version: scan.runbook.version, count: scan.count, counts, changed },
      submittedAt: utcText(scan.submittedAt),
      endedAt: utcText(scan.endedAt ?? scan.submittedAt),
    })),
  };
}
