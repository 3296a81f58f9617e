import type { Value, ValueObject } from './canonical.js';
import type { Job } from './job.js';
import type { Escalation, Manifest } from './manifest.js';
import { utcText } from './time.js';

/**
 * What an approver considers that no Detect saw, each with the name of who said it. `missing-step`: the runbook's escalation names it
 * and the database does not have it. `statement`: the requester states what nothing can be asked about.
 */
export interface Claim {
  readonly kind: 'consent' | 'earlier-step' | 'missing-step' | 'waiver' | 'statement';
  readonly what: string;
  readonly text?: string;
  readonly by?: { readonly id: string; readonly name: string };
  readonly at?: string;
  /** Id of the consent, or of the job. */
  readonly ref?: string;
}

/** How an earlier step ended that counts as done. A `partial` or undone one does not. */
const DONE: readonly string[] = ['fixed', 'already-fine', 'compliant'];

/** The parameters by which a job names its user, the most exact first. */
const SUBJECTS = ['userSid', 'identity', 'user', 'sipAddress'] as const;

/** The user that a job is about, by the parameter that names them; undefined for a job about no user or about several. */
export function subjectOf(parameters: ValueObject): { readonly parameter: string; readonly value: string } | undefined {
  for (const parameter of SUBJECTS) {
    const value = parameters[parameter];
    if (typeof value === 'string' && value !== '') return { parameter, value };
  }
  return undefined;
}

/** The steps of a runbook's escalation that the supplied `previousSteps` do not show as done. */
export function missingSteps(escalation: Escalation | undefined, supplied: ValueObject): readonly string[] {
  const done = objects(supplied.previousSteps).flatMap(({ runbook, outcome }) =>
    DONE.includes(text(outcome)) ? [text(runbook)] : [],
  );
  return (escalation?.after ?? []).filter((runbook) => !done.includes(runbook));
}

/** The reason that a requester gave for going without the escalation. */
export function waiverOf(escalation: Escalation | undefined, parameters: ValueObject): string | undefined {
  if (escalation?.waiver === undefined) return undefined;
  const given = parameters[escalation.waiver];
  return typeof given === 'string' && given.trim() !== '' ? given : undefined;
}

/** All claims of a job, from the bytes that its plan digest covers. */
export function claimsOf(
  job: Pick<Job, 'parameters' | 'supplied' | 'requester' | 'submittedAt'>,
  { escalation, statements = [] }: Pick<Manifest, 'escalation' | 'statements'> = {},
): readonly Claim[] {
  const supplied = job.supplied ?? {};
  const waiver = waiverOf(escalation, job.parameters);
  const { id, name } = job.requester;
  return [
    ...objects(supplied.consents).map((consent): Claim => ({
      kind: 'consent',
      what: text(consent.kind),
      text: text(consent.evidence),
      by: person(consent.recordedBy),
      at: text(consent.recordedAtUtc),
      ref: text(consent.ref),
    })),
    ...objects(supplied.previousSteps).map((step): Claim => ({
      kind: 'earlier-step',
      what: text(step.runbook),
      text: text(step.outcome),
      by: person(step.requestedBy),
      at: text(step.endedAtUtc),
      ref: text(step.job),
    })),
    ...(job.supplied ? missingSteps(escalation, supplied) : []).map((what): Claim => ({ kind: 'missing-step', what })),
    ...(waiver === undefined || escalation?.waiver === undefined
      ? []
      : [
          {
            kind: 'waiver',
            what: escalation.waiver,
            text: waiver,
            by: { id, name },
            at: utcText(job.submittedAt),
          } as const,
        ]),
    ...statements.flatMap((what): Claim[] => {
      const said = text(job.parameters[what]).trim();
      return said === ''
        ? []
        : [{ kind: 'statement', what, text: said, by: { id, name }, at: utcText(job.submittedAt) }];
    }),
  ];
}

function objects(value: Value | undefined): readonly ValueObject[] {
  return Array.isArray(value) ? (value as readonly ValueObject[]) : [];
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function person(value: Value | undefined): { readonly id: string; readonly name: string } {
  const { id, name } = (value ?? {}) as ValueObject;
  return { id: text(id), name: text(name) };
}
