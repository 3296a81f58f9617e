import type { Job, MadePlan } from '../domain/job.js';
import type { Manifest } from '../domain/manifest.js';
import type { Person } from '../domain/people.js';
import { runbookFacts, type PolicyRequest } from '../domain/policy/request.js';
import type { Rights } from '../domain/policy/rights.js';
import type { Catalogue } from '../ports/catalogue.js';

type Asked = Pick<Job, 'runbook' | 'target' | 'requester'>;

/** What the policy is asked about a job, with the facts of a manifest that the caller trusts; without one its risk is not known. */
export function jobFacts(
  person: Pick<Person, 'id' | 'roles'>,
  job: Asked,
  manifest: Pick<Manifest, 'id' | 'actions'> | undefined,
): Omit<PolicyRequest, 'action'> {
  const runbook = manifest ? runbookFacts(manifest) : { id: job.runbook.id };
  return { person, target: job.target, runbook, own: job.requester.id === person.id };
}

/** A plan with the approvals that the policy demands beside its manifest: what people are shown. Authority and worker count anew. */
export function demanding(
  made: MadePlan,
  { target }: Pick<Job, 'target'>,
  manifest: Manifest,
  rights: Rights,
): MadePlan {
  const about = { target, runbook: runbookFacts(manifest) };
  return { ...made, approvalsRequired: rights.approvals(made.approvalsRequired, about) };
}

/** What the policy is asked about a job, with the manifest as it is stored. */
export async function aboutJob(
  { catalogue }: { readonly catalogue: Pick<Catalogue, 'manifest'> },
  person: Pick<Person, 'id' | 'roles'>,
  job: Asked,
): Promise<Omit<PolicyRequest, 'action'>> {
  return jobFacts(person, job, await catalogue.manifest(job.runbook.contentDigest));
}
