import { meaningOf, type OwnCodes } from '../../domain/codes/lookup.js';
import type { Static } from 'typebox';
import { claimsOf } from '../../domain/claims.js';
import type { Manifest } from '../../domain/manifest.js';
import { windowText } from '../../domain/job-window.js';
import type { Job } from '../../domain/job.js';
import { latest, type JournalEntry } from '../../domain/journal.js';
import { utcText } from '../../domain/time.js';
import type { DecisionRow } from '../../domain/move.js';
import type { JobEvent } from '../../ports/job-events.js';
import type { Shown } from '../route.js';
import type { JobDetail, JobSummary } from '../schemas/responses.js';

export type ShownSummary = Shown<Static<typeof JobSummary>>;
export type ShownDetail = Shown<Static<typeof JobDetail>>;

/** A job as people see it in a list. `own`: the codes of its runbook, needed where its code is one of those. */
export function jobSummary(job: Job, own?: OwnCodes): ShownSummary {
  const { parameters, supplied, requester, reason, findings, plan, outcome, proofs, partial } = job;
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    ...(job.code === undefined ? {} : { code: job.code, meaning: meaningOf(job.code, own) ?? job.detail ?? job.code }),
    ...(job.detail === undefined ? {} : { detail: job.detail }),
    ...(job.nextTryAt ? { nextTryAt: utcText(job.nextTryAt) } : {}),
    ...(job.until ? { until: utcText(job.until) } : {}),
    ...(job.rollbackOf === undefined ? {} : { rollbackOf: job.rollbackOf }),
    ...(job.supersedes === undefined ? {} : { supersedes: job.supersedes }),
    ...(job.follows === undefined ? {} : { follows: job.follows }),
    ...(job.window ? { window: windowText(job.window) } : {}),
    ...(job.scan ? { scan: job.scan } : {}),
    ...(job.schedule ? { schedule: { id: job.schedule.id, instant: utcText(job.schedule.instant) } } : {}),
    ...(job.ticket === undefined ? {} : { ticket: job.ticket }),
    runbook: job.runbook,
    target: { id: job.target.id, name: job.target.name, kind: job.target.kind, tier: job.target.tier },
    parameters,
    ...(supplied ? { supplied } : {}),
    requester,
    reason,
    ...(job.traceparent === undefined ? {} : { traceId: job.traceparent.slice(3, 35) }),
    submittedAt: utcText(job.submittedAt),
    stateSince: utcText(job.stateSince),
    ...(findings ? { findings } : {}),
    ...(plan
      ? {
          plan: {
            digest: plan.digest,
            risk: plan.risk,
            approvalsRequired: plan.approvalsRequired,
            expiresAt: utcText(plan.expiresAt),
            changes: plan.plan.changes,
            ...(plan.plan.admission ? { admission: plan.plan.admission } : {}),
          },
          locks: plan.plan.locks,
        }
      : {}),
    ...(job.grantJti === undefined
      ? {}
      : {
          grant: {
            jti: job.grantJti,
            ...(job.executeBy ? { executeBy: utcText(job.executeBy) } : {}),
            onFailure: job.onFailure ?? 'leave',
          },
        }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(job.cancel ? { cancel: job.cancel } : {}),
    partial,
    drifts: job.drifts,
    proofs,
    ...(job.engineDigest === undefined ? {} : { engineDigest: job.engineDigest }),
    ...(job.erasedAt ? { erasedAt: utcText(job.erasedAt) } : {}),
    ...(job.worker === undefined ? {} : { worker: job.worker }),
  };
}

/** A job with everything that happened to it. */
export function jobDetail(
  job: Job,
  journal: readonly JournalEntry[],
  decisions: readonly DecisionRow[],
  story: readonly JobEvent[],
  manifest?: Pick<Manifest, 'escalation' | 'codes'>,
): Omit<ShownDetail, 'problem'> {
  const applied = latest(journal, 'apply');
  const undone = latest(journal, 'undo');
  const changes = (job.plan?.plan.changes ?? []).map((change): ShownDetail['changes'][number] => {
    const entry = applied.get(change.id);
    const undo = undone.get(change.id);
    return {
      ...change,
      result: entry ? (entry.result ?? 'unknown') : 'open',
      ...(entry?.code === undefined ? {} : { code: entry.code }),
      ...(entry?.detail === undefined ? {} : { detail: entry.detail }),
      ...(entry?.backupRef === undefined ? {} : { backupRef: entry.backupRef }),
      ...(undo ? { undo: undo.result ?? 'unknown' } : {}),
    };
  });
  const done = changes.filter(({ result }) => ['changed', 'noop', 'in-place'].includes(result)).length;
  return {
    ...jobSummary(job, manifest?.codes),
    claims: claimsOf(job, manifest),
    approvals: decisions
      .filter(({ planDigest }) => planDigest === job.plan?.digest)
      .map(({ decision, person, reason, decidedAt, status, code, proof }) => ({
        decision,
        person: { id: person.id, name: person.name },
        reason,
        decidedAt: utcText(decidedAt),
        status,
        proof: proof.kind,
        ...(proof.kind === 'key' ? { kid: proof.kid } : {}),
        ...(code === undefined ? {} : { code }),
      })),
    progress: { done, of: changes.length },
    changes,
    timeline: story
      .filter(({ kind }) => kind === 'state')
      .map(({ at, body }) => ({ at, state: body.state, code: body.code, facts: body.facts })),
  };
}
