import { plannedUnder, type Admission } from './admission.js';
import { findingsDigest, parametersDigest } from './digest.js';
import { withinWindow } from './job-window.js';
import type { Job, MadePlan } from './job.js';
import type { ValueObject } from './canonical.js';
import type { RunbookBundle } from './manifest.js';
import { jobDigest } from './request.js';
import { approvalsRequired, planBytes, planDigest, planRisk, type Change, type Plan } from './plan.js';
import { keptForWave } from './rollout-window.js';
import { durationMs } from './time.js';

/** A plan with everything an approver and the grant need of it. */
export function makePlan(
  job: Job,
  { manifest }: Pick<RunbookBundle, 'manifest'>,
  { credentialScope, admission }: { readonly credentialScope: string; readonly admission: Admission },
  supplied: ValueObject,
  findings: ValueObject,
  locks: readonly string[],
  changes: readonly Change[],
  now: Date,
): MadePlan {
  const plan: Plan = {
    job: job.id,
    request: jobDigest(job),
    ...(job.salt === undefined ? {} : { salt: job.salt }),
    runbook: job.runbook.contentDigest,
    admission: plannedUnder(admission),
    parameters: parametersDigest(job.parameters, supplied, job.salt),
    target: job.targetDigest,
    locks,
    findings: findingsDigest(findings, job.salt),
    changes,
  };
  return {
    plan,
    bytes: planBytes(plan),
    digest: planDigest(plan),
    risk: planRisk(changes, manifest),
    approvalsRequired: approvalsRequired(changes, manifest),
    madeAt: now,
    expiresAt: withinWindow(
      job.window,
      new Date(now.getTime() + durationMs(manifest.approval.expiresIn) + keptForWave(job)),
    ),
    credentialScope,
  };
}
