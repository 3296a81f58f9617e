import type { Admission } from '../../domain/admission.js';
import type { Code } from '../../domain/codes/index.js';
import type { Job } from '../../domain/job.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Rights } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { digestOfTarget, poolOf } from '../../domain/target.js';
import { bundleFault } from '../../domain/bundle.js';
import { admissionOf, admittedTarget } from '../in-force.js';
import { jobFacts } from '../job-rights.js';
import type { WorkerContext } from '../worker-context.js';

export interface Blocked {
  readonly code: Code;
  readonly detail: string;
}

export interface CheckedJob {
  readonly bundle: RunbookBundle;
  readonly credentialScope: string;
  /** Under which this version of the runbook runs. */
  readonly admission: Admission;
  /** The policy by which the job was checked. */
  readonly rights: Rights;
}

/** The right that the request of a job needed. A kind that none is asks for that of a repair, and is refused with its grant. */
const rightOf = ({ kind }: Pick<Job, 'kind'>): 'submit' | 'rollback' | 'scan' =>
  kind === 'rollback-of' ? 'rollback' : kind === 'scan' ? 'scan' : 'submit';

/**
 * What must hold before any code of a job runs, planning included: the stored bytes are those the job names and are admitted, the target
 * is what it was, the requester may still do this, and the credentials are inside their scope. The worker trusts nothing it can recompute.
 */
export async function checkJob(context: WorkerContext, job: Job): Promise<Result<CheckedJob, Blocked>> {
  const bundle = await context.catalogue.get(job.runbook.contentDigest);
  if (!bundle) return blocked('runbook-missing', 'the runbook of this job is not stored');
  const fault = bundleFault(bundle, job.runbook.contentDigest);
  if (fault) {
    const where = fault.file === undefined ? '' : `: ${fault.file}`;
    return blocked('runbook-changed', `the stored runbook is not the one this job names${where}`);
  }
  const admission = await admissionOf(context, job.runbook.contentDigest);
  if (!admission.ok) return blocked(admission.error.code, admission.error.detail);
  if (digestOfTarget(job.target) !== job.targetDigest) {
    return blocked('target-changed', 'the target stored with the job is not the one it was submitted for');
  }
  const current = await context.inventory.get(job.target.id);
  if (!current) return blocked('target-removed', 'the target is no longer in the inventory');
  if (digestOfTarget(current.target) !== job.targetDigest) {
    return blocked('target-changed', 'the target was changed in the inventory after the request; submit it again');
  }
  const target = await admittedTarget(context, job.target);
  if (!target.ok) return blocked(target.error.code, target.error.detail);
  if (job.pool !== poolOf(job.target, job.pool)) {
    return blocked('target-changed', `the target names the pool ${poolOf(job.target, '')}, and the job another one`);
  }
  if (!bundle.manifest.runsOn.kinds.includes(job.target.kind)) {
    return blocked('not-applicable', `${bundle.manifest.id} does not run on ${job.target.kind} targets`);
  }
  const people = await context.people.read();
  const requester = people.find(job.requester.id);
  if (!requester) return blocked('requester-lost-rights', 'the requester is no longer known');
  const rights = await context.rights.read();
  const asked = jobFacts(requester, job, bundle.manifest);
  const action = rightOf(job);
  const denial = rights.denial({ action: 'plan', ...asked }) ?? rights.denial({ action, ...asked });
  if (denial) return blocked('requester-lost-rights', denial.why);
  const scope = await context.credentials.scope(job.target);
  if (!scope.ok) return blocked(scope.error.kind, `${scope.error.name}: ${scope.error.why}`);
  return ok({ bundle, credentialScope: scope.value, admission: admission.value, rights });
}

/** A job that must not run, by a stable code; the detail is for operators. */
export function blocked(code: Code, detail: string): { readonly ok: false; readonly error: Blocked } {
  return fail({ code, detail });
}
