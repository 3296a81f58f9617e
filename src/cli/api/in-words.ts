import { CODES, isCode, type Code } from '../../domain/codes/index.js';
import type { Problem } from './types.js';

/** What a request named: its path and its body. */
export interface Asked {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Next steps of the command line, in place of those that a client of the API reads. */
const NEXT: Partial<Record<Code, string>> = {
  'not-signed-in':
    'FIXPOINT_TOKEN is no valid token: it may have expired or been revoked. `fixpoint token issue <person>` on the server issues another.',
  'runbook-not-found': 'List the runbooks: `fixpoint runbook list`.',
  'target-not-found': 'List the targets: `fixpoint target list`.',
  'job-not-found': 'List the jobs: `fixpoint job list`.',
  'invalid-query': 'Correct these options:',
  'invalid-request': 'Correct these values:',
  'import-refused': 'Correct or remove each target that is named, then import the file again.',
};

/** The options by which the command line sets a member of a query. */
const OPTIONS: Readonly<Record<string, string>> = { from: 'since', to: 'until' };

/** A problem of the API as the command line shows it: with what was typed, and with its own commands and options. */
export function inWords(problem: Problem, { path, body }: Asked): Problem {
  const { code, detail, errors } = problem;
  if (!isCode(code)) return problem;
  const next = detail === CODES[code].next.en ? NEXT[code] : undefined;
  const title = titleOf(code, path?.id, body ?? {});
  return {
    ...problem,
    ...(title === undefined ? {} : { title }),
    ...(next === undefined ? {} : { detail: next }),
    ...(code === 'invalid-query' && errors
      ? { errors: errors.map((error) => ({ ...error, path: optionOf(error.path) })) }
      : {}),
  };
}

function titleOf(code: Code, id: string | undefined, { runbook, target }: { runbook?: unknown; target?: unknown }) {
  const typed = (name: unknown) => (typeof name === 'string' ? ` ${JSON.stringify(name)}` : '');
  switch (code) {
    case 'runbook-not-found':
      return `There is no runbook${typed(id ?? runbook)}.`;
    case 'target-not-found':
      return `There is no target${typed(id ?? target)}.`;
    case 'job-not-found':
      return `There is no job${typed(id)}, or you may not see it.`;
    case 'invalid-query':
      return 'An option does not fit.';
    default:
      return undefined;
  }
}

function optionOf(path: string): string {
  const name = path.replace(/^\//, '');
  return `--${OPTIONS[name] ?? name}`;
}
