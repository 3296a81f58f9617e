import type { Code } from '../../domain/codes/index.js';
import { canonicalJson } from '../../domain/canonical.js';
import { parametersDigest } from '../../domain/digest.js';
import { changeClasses, type Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { planBytes, planDigest, type Plan } from '../../domain/plan.js';
import { jobDigest } from '../../domain/request.js';
import { utcText } from '../../domain/time.js';
import { blocked, type Blocked, type CheckedJob } from './check-job.js';

/** What is there now, what was approved, and the code and words where they differ. */
type Pair = readonly [code: Code, what: string, now: unknown, approved: unknown];

/** The first member of the job that is not what its grant was signed for; undefined where all are. Compares, reads nothing. */
export function firstMismatch(
  job: Job,
  grant: Grant,
  { bundle: { manifest }, credentialScope }: Pick<CheckedJob, 'bundle' | 'credentialScope'>,
  pool: string,
): { readonly ok: false; readonly error: Blocked } | undefined {
  if (grant.job !== job.id) return blocked('grant-invalid', 'the grant belongs to another job');
  const made = job.plan;
  if (!made || planBytes(made.plan) !== made.bytes || planDigest(made.plan) !== grant.planSha256) {
    return blocked('plan-changed', 'the stored plan is not the approved one');
  }
  const { plan } = made;
  const { id, name, tier, credentials } = job.target;
  const { id: runbook, version, contentDigest: contentSha256 } = job.runbook;
  const parameters = parametersDigest(job.parameters, job.supplied, job.salt);
  const request = jobDigest(job);
  const bound = grant.v !== 1;
  const signed: { readonly [Member in keyof Required<Grant>]: Pair | 'elsewhere' } = {
    // The verifier of the signature, for these three.
    ...{ v: 'elsewhere', kid: 'elsewhere', job: 'elsewhere' },
    // Judged anew: approvers by the people file as it is now, the window by the database's clock in the claim.
    // The standing approval too, with the envelope that it names.
    ...{
      standing: 'elsewhere',
      approvals: 'elsewhere',
      policySha256: 'elsewhere',
      notBefore: 'elsewhere',
      planSha256: 'elsewhere',
    },
    jti: ['grant-invalid', 'jti', job.grantJti, grant.jti],
    aud: ['grant-invalid', 'worker pool', pool, grant.aud],
    runbook: ['runbook-changed', 'runbook', { id: runbook, version, contentSha256 }, grant.runbook],
    parametersSha256: ['parameters-changed', 'parameters', parameters, grant.parametersSha256],
    targetSha256: ['target-changed', 'target', job.targetDigest, grant.targetSha256],
    target: ['target-changed', 'target', { id, name, tier }, grant.target],
    locks: ['plan-changed', 'locks', plan.locks, grant.locks],
    credentials: [
      'credential-changed',
      'credentials',
      { detect: credentials.detect, apply: credentials.apply, scopeSha256: credentialScope },
      grant.credentials,
    ],
    changeClasses: ['plan-changed', 'classes of changes', changeClasses(plan.changes, manifest), grant.changeClasses],
    limits: ['plan-changed', 'number of changes', { maxChanges: plan.changes.length }, grant.limits],
    requester: ['grant-invalid', 'requester', job.requester, grant.requester],
    onFailure: ['grant-invalid', 'on failure', job.onFailure ?? 'leave', grant.onFailure],
    executeBy: ['grant-invalid', 'end of the window', job.executeBy && utcText(job.executeBy), grant.executeBy],
    maxExecutions: ['grant-invalid', 'executions', 1, grant.maxExecutions],
    ticket: ['request-changed', 'ticket', job.ticket, grant.ticket],
    // A grant of version 1 says by its plan which of the two it is.
    kind: ['request-changed', 'kind', job.kind, bound ? grant.kind : kindOf(plan)],
    requestSha256: ['request-changed', 'request', bound ? request : null, grant.requestSha256],
    rollout: ['request-changed', 'rollout', job.rollout, placeOf(grant)],
  };
  const ofPlan: readonly Pair[] = [
    ['plan-changed', 'plan', plan.job, grant.job],
    ['plan-changed', 'plan salt', plan.salt, job.salt],
    ['plan-changed', 'plan runbook', plan.runbook, grant.runbook.contentSha256],
    ['plan-changed', 'plan parameters', plan.parameters, grant.parametersSha256],
    ['plan-changed', 'plan target', plan.target, grant.targetSha256],
    ['request-changed', 'plan request', plan.request, bound ? request : null],
    ['grant-invalid', 'window', staysWithin(job, grant), true],
  ];
  for (const pair of [...Object.values(signed), ...ofPlan]) {
    if (pair === 'elsewhere') continue;
    const [code, what, now, approved] = pair;
    if (canonicalJson(now ?? null) !== canonicalJson(approved ?? null))
      return blocked(code, `${what}: not what was approved`);
  }
  return undefined;
}

/** Whether a grant lets the job run in the window of its request alone. Text order is time order. */
const staysWithin = ({ window }: Job, { notBefore, executeBy }: Grant): boolean =>
  window === undefined || (notBefore >= utcText(window.from) && executeBy <= utcText(window.to));
/** The place of a job that its grant is for. That its plan is in the list there is judged with the approvals. */
const placeOf = ({ rollout }: Grant): Job['rollout'] => rollout && { id: rollout.id, index: rollout.index };

/** What a plan does: every change of a rollback names the one that it puts back. */
function kindOf({ changes }: Plan): Job['kind'] {
  return changes.length > 0 && changes.every(({ undoes }) => undoes !== undefined) ? 'rollback-of' : 'remediation';
}
