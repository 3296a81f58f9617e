import { NOT_ADMITTED, type NotAdmitted } from '../domain/admission.js';
import { CODES } from '../domain/codes/index.js';
import { meaningOf } from '../domain/codes/lookup.js';
import type { LeftOut } from '../domain/rollouts/request.js';
import type { ValueProblem } from '../ports/values.js';
import type { ImportProblem } from '../usecases/inventory/target-problems.js';
import type { Unfit } from '../usecases/inventory/target-fit.js';
import type { RunbookNotFound } from '../usecases/submit/check-request.js';
import type { RefusedItem } from '../usecases/submit/check-items.js';
import type { MemberFailure } from '../usecases/submit/submit-batch.js';
import type { ProblemError } from './problem-error.js';

/** The member of a request that each refusal is about. */
const PATHS = {
  ...(Object.fromEntries(NOT_ADMITTED.map((code) => [code, '/runbook'])) as Record<NotAdmitted['code'], string>),
  'runbook-not-found': '/runbook',
  'target-not-found': '/target',
  'target-kind': '/target',
  'local-refused': '/target',
  'target-not-admitted': '/target',
  'not-allowed': '/target',
  'too-many-requests': '/target',
  'precondition-missing': '/follows',
  'window-refused': '/window',
  'duplicate-member': '',
} as const satisfies Record<Exclude<MemberFailure['failure']['kind'], 'invalid-parameters'>, string>;

/** Problems of parameters, as paths from the body of the request. `at`: where the request is in the body. */
export const underParameters = (at: string, problems: readonly ValueProblem[]): readonly ProblemError[] =>
  problems.map(({ path, code, message }) => ({ path: `${at}/parameters${path}`, code, message }));

/** The items that a rollback of a rollout leaves as they are. `index`: in the rollout that is rolled back. */
export const leftOutErrors = (leftOut: readonly LeftOut[] = []): readonly ProblemError[] =>
  leftOut.map(({ index, target, code }) => ({
    path: `/items/${index}`,
    code,
    message: meaningOf(code) ?? code,
    index,
    target,
  }));

/** What is wrong with one item of a rollout, with the name of its target. */
export const itemErrors = ({ target, ...member }: RefusedItem): readonly ProblemError[] =>
  memberErrors(member, 'items').map((error) => ({ ...error, target }));

/** What is wrong with one member of a batch, for the `errors` of a problem. */
export function memberErrors(
  { index, failure }: MemberFailure,
  list: 'requests' | 'items' = 'requests',
): readonly ProblemError[] {
  const at = `/${list}/${index}`;
  if (failure.kind === 'invalid-parameters')
    return underParameters(at, failure.problems).map((error) => ({ ...error, index }));
  const message = messageOf(failure) ?? CODES[failure.kind].en;
  return [{ path: `${at}${PATHS[failure.kind]}`, code: failure.kind, message, index }];
}

function messageOf(failure: MemberFailure['failure']): string | undefined {
  switch (failure.kind) {
    case 'not-allowed':
    case 'precondition-missing':
    case 'window-refused':
      return failure.why;
    case 'runbook-not-found':
      return refusedText(failure);
    case 'target-kind':
      return `The runbook runs on: ${failure.allowed.join(', ')}.`;
    case 'duplicate-member':
      return `Member ${failure.first} asks for the same.`;
    case 'too-many-requests':
      return limitText(failure);
    default:
      return undefined;
  }
}

/** Why a runbook whose folder is there is not in the catalogue. */
export function refusedText({ refused }: RunbookNotFound): string | undefined {
  if (!refused) return undefined;
  const { id, folder, problems } = refused;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `The folder ${folder}/${id} was refused: ${problems[0] ?? 'no reason was kept'}${more}. Run \`fixpoint runbook check ${folder}/${id}\`.`;
}

/** How many requests are accepted, of whom and for what. */
export const limitText = ({ limit }: { readonly limit: number }): string =>
  `A person may submit ${limit} requests for one target in a minute.`;

/** Which transports a kind of target may have. */
export const transportsOf = ({ target, allowed }: Extract<Unfit, { kind: 'transport-not-allowed' }>): string =>
  `A target of kind ${target} supports the transport ${allowed.join(' or ') || '(none yet)'}.`;

const IMPORT_PATHS = {
  'name-taken': '/name',
  'machine-taken': '/transport',
  'transport-not-allowed': '/transport/type',
  'transport-unfit': '/transport',
  'local-refused': '/transport/type',
  'not-allowed': '',
} as const satisfies Record<ImportProblem['failure']['kind'], string>;

/** What is wrong with one target of an import. */
export function importErrors({ index, failure }: ImportProblem): ProblemError {
  return {
    path: `/targets/${index}${IMPORT_PATHS[failure.kind]}`,
    code: failure.kind,
    message: importMessage(failure),
    index,
  };
}

function importMessage(failure: ImportProblem['failure']): string {
  if (failure.kind === 'transport-not-allowed') return transportsOf(failure);
  if (failure.kind === 'not-allowed' || failure.kind === 'transport-unfit') return failure.why;
  if ('first' in failure && failure.first !== undefined)
    return `Target ${failure.first} of the import ${failure.kind === 'name-taken' ? 'has the same name' : 'is the same machine'}.`;
  return CODES[failure.kind].en;
}
