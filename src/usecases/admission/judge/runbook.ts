import type { AdmissionRequest } from '../../../domain/admission-request.js';
import type { AdmittingPerson } from '../../../domain/admitting-person.js';
import type { AuditAction } from '../../../domain/audit.js';
import { bundleFault } from '../../../domain/bundle.js';
import { canonicalJson } from '../../../domain/canonical.js';
import type { RunbookBundle } from '../../../domain/manifest.js';
import type { PersonRef } from '../../../domain/people.js';
import { personEvent } from '../../facts.js';
import { signAdmission } from '../sign-admission.js';
import type { Judge, JudgeContext, Refusal } from './context.js';
import { admittingPeople } from './person.js';

/** What runs: a version is admitted by two people, and disabled or revoked by one. */
export const RUNBOOK_JUDGE: Judge = {
  denies: (_, rights, person) => Promise.resolve(rights.denial({ action: 'admit-runbooks', person }) !== undefined),
  async look(context, request) {
    if (request.kind !== 'admit') return undefined;
    const judged = (await staleness(context, request)) ?? (await judgeFiles(context, request));
    return 'code' in judged ? judged : undefined;
  },
  async carryOut(context, request, vote) {
    if (request.kind !== 'admit') {
      await setStatus(context, request, (vote ?? request).person);
      return undefined;
    }
    const people = admittingPeople(request, vote);
    if (await wasSigned(context, request, people)) return undefined;
    const judged = (await staleness(context, request)) ?? (await judgeFiles(context, request));
    if ('code' in judged) return judged;
    const { before = null } = request;
    await signAdmission(context, judged.bundle, judged.engineSha256, { how: 'people', people }, before);
    return undefined;
  },
};

type Judged = { readonly bundle: RunbookBundle; readonly engineSha256: string } | Required<Refusal>;

/** Why what people compared is not what would be replaced: the version that is current now is another one. */
async function staleness(
  { catalogue }: JudgeContext,
  { about, before = null }: AdmissionRequest,
): Promise<Required<Refusal> | undefined> {
  const current = (await catalogue.current(about))?.contentDigest ?? null;
  if (current === before) return undefined;
  const detail = `the current version is ${current ?? 'none'}, and the one that people compared it with ${before ?? 'none'}`;
  return { code: 'version-changed', detail };
}

/** Whether these people's words were carried out before, and the process ended before it could say so. */
async function wasSigned(
  { admissions, verifier }: JudgeContext,
  { contentDigest = '' }: AdmissionRequest,
  people: readonly AdmittingPerson[],
): Promise<boolean> {
  return (await admissions.of(contentDigest)).some((signed) => {
    const read = verifier.verifyAdmission(signed);
    return read.ok && read.value.by.how === 'people' && canonicalJson(read.value.by.people) === canonicalJson(people);
  });
}

/** A person reads the first mistakes; `runbook check` names all. */
const MOST_PROBLEMS = 10;

async function judgeFiles(context: JudgeContext, { about, contentDigest = '' }: AdmissionRequest): Promise<Judged> {
  const bundle = await context.catalogue.get(contentDigest);
  if (!bundle || bundleFault(bundle, contentDigest) || bundle.manifest.id !== about)
    return { code: 'runbook-changed', detail: 'the stored files are not those of the request' };
  const { problems, engineSha256 } = await context.check(bundle);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { bundle, engineSha256 };
  const lines = errors.slice(0, MOST_PROBLEMS).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return { code: 'runbook-refused', detail: lines.join('\n') };
}

const STATUS = { disable: 'disabled', revoke: 'revoked' } as const;
const STATUS_EVENT = {
  disabled: 'runbook.disabled',
  revoked: 'runbook.revoked',
} as const satisfies Record<string, AuditAction>;

async function setStatus(
  { admissions, newId }: JudgeContext,
  request: AdmissionRequest,
  person: PersonRef,
): Promise<void> {
  const { id, kind, about: runbook, contentDigest } = request;
  const status = STATUS[kind as keyof typeof STATUS];
  const of = { runbook, ...(contentDigest === undefined ? {} : { contentDigest }) };
  const data = { request: id, runbook, contentSha256: contentDigest ?? null, requester: request.person.id };
  await admissions.setStatus(of, status, personEvent(newId, person, STATUS_EVENT[status], undefined, { data }));
}
