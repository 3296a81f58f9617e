import type { ValidateFunction } from 'ajv/dist/2020.js';
import { phaseCode } from '../../domain/codes/lookup.js';
import type { JsonSchema, Manifest } from '../../domain/manifest.js';
import { PLAN_CASES, type PlanCase } from '../../domain/plan-case.js';
import { SANDBOX_CASES, type SandboxCase } from '../../domain/sandbox-case.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import { compileSchema } from './compile-schema.js';
import { schemaProblems } from './schema-problems.js';
import { positioned } from './text-position.js';
import { createValueChecker } from './validate-value.js';

/** The test cases of a runbook, below its folder. */
export const CASES_FILE = 'tests/plan.json';
/** Its cases that run on this machine; a runbook may have none. */
export const SANDBOX_FILE = 'tests/sandbox.json';

const validateCases = compileSchema<PlanCase[]>(PLAN_CASES, { verbose: true });
const validateSandbox = compileSchema<SandboxCase[]>(SANDBOX_CASES, { verbose: true });
const values = createValueChecker();

export interface ReadCases<T> {
  readonly cases: readonly T[];
  readonly problems: readonly LoadProblem[];
}

/**
 * Reads the cases of a runbook and holds them against the manifest: a case that could never occur proves nothing.
 * @param members what is known of the manifest
 */
export function readCases(file: string, text: string, members: Partial<Manifest>): ReadCases<PlanCase> {
  return read(file, text, validateCases, (one) => caseProblems(one, members));
}

/** Reads the cases that run on this machine. */
export function readSandboxCases(file: string, text: string, members: Partial<Manifest>): ReadCases<SandboxCase> {
  return read(file, text, validateSandbox, (one) => parameterProblems(one, members));
}

function read<T>(
  file: string,
  text: string,
  validate: ValidateFunction<T[]>,
  judge: (one: T) => readonly Found[],
): ReadCases<T> {
  const { lineOf } = positioned(text);
  const problems: LoadProblem[] = [];
  const add = (path: string, message: string) =>
    problems.push({ file, line: lineOf(path), rule: 'cases', severity: 'error', message: `${path} ${message}`.trim() });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    add('', `is not JSON: ${(error as Error).message}`);
    return { cases: [], problems };
  }
  if (!validate(value)) {
    for (const { path, message } of schemaProblems(validate.errors))
      add(path, path === '' && Array.isArray(value) ? 'has no case' : message);
    return { cases: [], problems };
  }
  value.forEach((one, i) => {
    for (const { path, message } of judge(one)) add(`/${i}${path}`, message);
  });
  return { cases: value, problems };
}

interface Found {
  readonly path: string;
  readonly message: string;
}

function caseProblems(one: PlanCase, members: Partial<Manifest>): Found[] {
  const { actions, codes, state } = members;
  const found: Found[] = [];
  if ((one.changes === undefined) === (one.refuses === undefined))
    found.push({ path: '', message: 'must have changes or refuses, and not both' });
  if (one.refuses !== undefined && phaseCode(one.refuses, codes).class === undefined)
    found.push({ path: '/refuses', message: `${one.refuses} is not a code that a phase may throw` });
  (one.changes ?? []).forEach(({ action }, i) => {
    if (actions && !Object.hasOwn(actions, action))
      found.push({ path: `/changes/${i}/action`, message: `${action} is not an action of the manifest` });
  });
  found.push(...parameterProblems(one, members));
  if (state) found.push(...unfit('/state', one.state, state));
  return found;
}

/** A value beyond the schema shows what Plan makes of a look-alike; another name or type shows nothing. */
function parameterProblems(one: Pick<PlanCase, 'parameters'>, members: Partial<Manifest>): readonly Found[] {
  const { parameters, supplied } = members;
  if (!parameters || !supplied) return [];
  return unfit('/parameters', requested(one, supplied), parameters).filter(({ code }) => STRUCTURE.has(code));
}

const STRUCTURE = new Set(['required', 'additionalProperties', 'type']);

/** What the requester gives: the parameters without what the worker supplies. */
function requested({ parameters }: Pick<PlanCase, 'parameters'>, supplied: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !supplied.includes(name)));
}

function unfit(at: string, value: unknown, schema: JsonSchema): (Found & { readonly code: string })[] {
  try {
    const checked = values.check(schema, value);
    return checked.ok ? [] : checked.error.map(({ path, message, code }) => ({ path: `${at}${path}`, message, code }));
  } catch {
    // The schema itself is wrong, which is a problem of its own.
    return [];
  }
}
