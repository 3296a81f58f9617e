import type { Problem } from './types.js';

/** A problem as the command line shows it: one of the API, or one of its own in the same form. */
export type ShownProblem = Pick<Problem, 'code' | 'title'> & Partial<Problem>;

/** A request that was refused or could not be made: printed by title, code and detail; exit code 1. */
export class Refusal extends Error {
  readonly code: string;
  readonly problem: ShownProblem;

  constructor(problem: ShownProblem) {
    super(problem.title);
    this.name = 'Refusal';
    this.code = problem.code;
    this.problem = problem;
  }
}

/** Whether this is a problem of the API (RFC 9457 with a stable code). */
export function isProblem(value: unknown): value is Problem {
  if (value === null || typeof value !== 'object') return false;
  return 'code' in value && typeof value.code === 'string' && 'title' in value && typeof value.title === 'string';
}

/** No answer came from this address. `error`: what fetch threw, whose cause says why. */
export const unreachable = (url: string, error?: unknown): Refusal =>
  new Refusal({
    code: 'server-unreachable',
    title: `Fixpoint does not answer at ${url}.`,
    detail: whyUnreachable(error),
  });

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/;

/** Of an error of fetch or of what lies under it: the cause, and what to do about it. */
function whyUnreachable(error: unknown): string {
  const { cause, errors } = (error ?? {}) as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  const below = cause ?? errors?.[0];
  if (below !== undefined) return whyUnreachable(below);
  const { code = '', message = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  if (CERTIFICATE.test(code))
    return `Its certificate is not accepted: ${message} (${code}). Set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority.`;
  if (/^(ERR_SSL|EPROTO)/.test(code))
    return `The address does not speak TLS as it should: ${code}. Check https:// or http:// in FIXPOINT_URL.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The name of the host cannot be resolved (${code}). Check FIXPOINT_URL.`;
  if (code === 'ECONNREFUSED')
    return 'Nothing listens there (ECONNREFUSED). Start Fixpoint with npm start, or set FIXPOINT_URL.';
  const what = [message, code].filter((part) => part !== '' && part !== 'fetch failed').join(', ');
  return `The connection failed${what === '' ? '' : `: ${what}`}. Check FIXPOINT_URL, the network and any proxy in between.`;
}

/** Something answered that does not speak the API of Fixpoint, such as a proxy. `status`: its HTTP status. */
export const notFixpoint = (url: string, status: number, what: string): Refusal =>
  new Refusal({
    code: 'not-fixpoint',
    title: `The server at ${url} did not answer as Fixpoint does.`,
    status,
    detail: `It sent status ${status} with ${what}. Check FIXPOINT_URL and any proxy in between.`,
  });
