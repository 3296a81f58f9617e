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

/** Nothing listens at this address, or the connection broke. */
export const unreachable = (url: string): Refusal =>
  new Refusal({
    code: 'server-unreachable',
    title: `Fixpoint does not answer at ${url}.`,
    detail: 'Start it with npm start, or set FIXPOINT_URL.',
  });

/** Something answered that does not speak the API of Fixpoint, such as a proxy. `status`: its HTTP status. */
export const notFixpoint = (url: string, status: number, what: string): Refusal =>
  new Refusal({
    code: 'not-fixpoint',
    title: `The server at ${url} did not answer as Fixpoint does.`,
    status,
    detail: `It sent status ${status} with ${what}. Check FIXPOINT_URL and any proxy in between.`,
  });
