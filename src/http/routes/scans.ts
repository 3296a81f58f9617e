import type { Static } from 'typebox';
import { trendOf } from '../../domain/scans/trend.js';
import { isUuid } from '../../domain/uuid.js';
import type { ScanRecord } from '../../ports/scans.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cancelScan } from '../../usecases/scans/cancel-scan.js';
import { submitScan } from '../../usecases/scans/submit-scan.js';
import { unknownNames } from '../../usecases/unknown-names.js';
import { given } from '../given.js';
import { selectAsSent } from '../select-as-sent.js';
import { maySee } from '../job-replies.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor, noSuchName } from '../problem.js';
import { failure, route, SENT, type Reply, type Route, type RouteContext } from '../route.js';
import { PageQuery } from '../schemas/queries.js';
import { ReasonBody } from '../schemas/requests.js';
import {
  Compliance,
  ComplianceQuery,
  ScanBody,
  ScanDetail,
  ScanPage,
  ScanReport,
  ScanReportQuery,
  ScanSummary,
} from '../schemas/scans.js';
import { compliance, countedOf, scanCsv, scanDetail, scanReport, scanSummary } from '../views/scan.js';

/** 4 KiB for each of its 500 items on average. */
const SCAN_BYTES = 2 * 1024 * 1024;
/** Scans of one answer about compliance where the query does not say. */
const DEFAULT_POINTS = 30;

/** Looks at what is, over many targets: a scan changes nothing, and no route makes anything but a look of one. */
export function scanRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/scans',
      summary: 'Read and plan over 1 to 500 items. Nothing is changed, and nothing of it can be approved.',
      action: 'scan',
      body: ScanBody,
      bodyBytes: SCAN_BYTES,
      answers: 201,
      answer: ScanSummary,
      problems: [
        ...([
          'idempotency-mismatch',
          'frozen',
          'selection-empty',
          'selection-unbounded',
          'selection-unclear',
          'selection-not-found',
        ] as const),
        ...(['scan-not-found', 'not-allowed'] as const),
        ...(['count-mismatch', 'scan-too-large', 'scan-refused', 'too-many-scans', 'runbook-not-found'] as const),
      ],
      handle: async ({ actor, body, sent, idempotencyKey }) => {
        const result = await submitScan(context, actor, idempotencyKey, asSent(body, sent));
        if (!result.ok) return failure(result.error);
        const record = await context.scans.record(result.value.made.id);
        if (!record) return failure({ kind: 'scan-not-found' });
        const headers = { Location: `/v1/scans/${record.scan.id}` };
        return { kind: 'answer', body: scanSummary(countedOf(record)), headers };
      },
    }),
    route({
      method: 'get',
      path: '/scans',
      summary: 'Scans, newest first; without the right to see all jobs, your own.',
      action: 'read-jobs',
      query: PageQuery,
      answers: 200,
      answer: ScanPage,
      handle: async ({ actor, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const before = cursorText(cursor);
        if (before !== undefined && !isUuid(before)) return failure(invalidCursor);
        const found = await context.scans.list({
          limit,
          ...(before === undefined ? {} : { before }),
          ...(await ownOnly(context, actor)),
        });
        return { kind: 'answer', body: page(found.map(scanSummary), limit, ({ id }) => id) };
      },
    }),
    route({
      method: 'get',
      path: '/scans/:id',
      summary: 'One scan with what it found of each item.',
      action: 'read-jobs',
      answers: 200,
      answer: ScanDetail,
      problems: ['scan-not-found'],
      handle: visible(context, async (record): Promise<Reply<Static<typeof ScanDetail>>> => {
        return { kind: 'answer', body: await detailOf(context, record) };
      }),
    }),
    route({
      method: 'get',
      path: '/scans/:id/report',
      summary: 'What a scan found, item by item, as JSON or CSV.',
      action: 'read-jobs',
      query: ScanReportQuery,
      answers: 200,
      answer: ScanReport,
      otherForms: { 'text/csv': 'A heading and one line for each item.' },
      problems: ['scan-not-found'],
      handle: visible(context, async (record, { query, response }: RouteContext<Static<typeof ScanReportQuery>>) => {
        const detail = await detailOf(context, record);
        if (query.format !== 'csv') return { kind: 'answer', body: scanReport(detail) };
        response.type('text/csv; charset=utf-8').send(scanCsv(detail));
        return SENT;
      }),
    }),
    route({
      method: 'post',
      path: '/scans/:id/cancel',
      summary: 'Cancel every item of a scan that has not ended. What was found is kept.',
      action: 'cancel',
      body: ReasonBody,
      answers: 200,
      answer: ScanDetail,
      problems: ['scan-not-found', 'scan-ended', 'not-allowed'],
      handle: visible(
        context,
        async (record, { actor, id, body }: RouteContext<unknown, Static<typeof ReasonBody>>) => {
          const cancelled = await cancelScan(context, actor, record, body.reason);
          if (!cancelled.ok) return failure(cancelled.error);
          return { kind: 'answer', body: await detailOf(context, (await context.scans.record(id)) ?? record) };
        },
      ),
    }),
    route({
      method: 'get',
      path: '/compliance',
      summary: 'What the ended scans of a runbook found, oldest first, and what changed from one to the next.',
      action: 'read-jobs',
      query: ComplianceQuery,
      answers: 200,
      answer: Compliance,
      handle: async ({ actor, query: { runbook, since, limit = DEFAULT_POINTS } }) => {
        const unknown = await unknownNames(context, { runbook });
        if (unknown.length > 0) return failure(noSuchName(unknown));
        const found = await context.scans.findings({
          ...{ runbook, limit },
          ...(since === undefined ? {} : { since: new Date(since) }),
          ...(await ownOnly(context, actor)),
        });
        return { kind: 'answer', body: compliance(runbook, trendOf(found)) };
      },
    }),
  ];
}

/** Who may not see every job sees their own scans. */
async function ownOnly({ rights }: ApiContext, { person }: RouteContext['actor']): Promise<{ requester?: string }> {
  return (await rights.read()).everywhere(person, 'read-all-jobs') ? {} : { requester: person.id };
}

/** Without the lists that were added to the body: an absent condition is none, and an empty one selects nothing. */
function asSent(body: Static<typeof ScanBody>, sent: unknown): Static<typeof ScanBody> {
  const { items, select, ...others } = body;
  const { select: conditions, ...lists } = given({ items, select }, sent);
  return {
    ...others,
    ...(lists.items ? { items: lists.items } : {}),
    ...(conditions ? { select: selectAsSent(conditions, sent) } : {}),
  };
}

async function detailOf(context: ApiContext, record: ScanRecord) {
  const manifest = await context.catalogue.manifest(record.scan.runbook.contentDigest);
  return scanDetail(record, manifest?.codes);
}

/** A scan that the actor may not see is not there: their own, or one whose jobs they may all see. */
function visible<C extends RouteContext, T>(
  context: ApiContext,
  handle: (record: ScanRecord, route: C) => Promise<Reply<T>>,
) {
  return async (of: C): Promise<Reply<T>> => {
    const record = await context.scans.record(of.id);
    const rights = await context.rights.read();
    const mine = record?.scan.requester.id === of.actor.person.id;
    const sees = mine || record?.items.every(({ job }) => maySee(rights, of.actor, job)) === true;
    return record && sees ? handle(record, of) : failure({ kind: 'scan-not-found' });
  };
}
