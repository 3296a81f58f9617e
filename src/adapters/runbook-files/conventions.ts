import { isCode } from '../../domain/codes/index.js';
import type { JsonSchema, RunbookBundle } from '../../domain/manifest.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import { openings } from './closed-schema.js';
import { schemaProblem } from './validate-value.js';

/** What every runbook folder keeps, beyond its schema; each line says what to do. */
export function conventionProblems(id: string, { manifest, files }: RunbookBundle): readonly LoadProblem[] {
  const yaml = `${id}/runbook.yaml`;
  const found: LoadProblem[] = [];
  const add = (file: string, rule: string, message: string) =>
    found.push({ file, line: 1, rule, severity: 'error', message });
  const has = (name: string) => files.some(({ path }) => path === `${id}/${name}`);
  if (manifest.id !== id) add(yaml, 'id', `the id ${manifest.id} must be the folder's name, ${id}`);
  for (const name of ['Detect.ps1', 'Plan.ps1', 'README.md'])
    if (!has(name)) add(`${id}/${name}`, 'files', 'is missing');
  if (!files.some(({ path }) => path.startsWith(`${id}/tests/`)))
    add(`${id}/tests`, 'files', 'is missing: a runbook comes with cases');
  const acts = Object.keys(manifest.actions).length > 0;
  if (acts !== has('Apply.ps1'))
    add(`${id}/Apply.ps1`, 'files', acts ? 'is missing' : 'is there, but the manifest has no actions');
  if ((manifest.rollback === 'script') !== has('Rollback.ps1')) {
    add(
      `${id}/Rollback.ps1`,
      'rollback',
      'the manifest must say rollback: script with Rollback.ps1, or why there is none without it',
    );
  }
  for (const [part, schema] of [
    ['parameters', manifest.parameters],
    ['state', manifest.state],
  ] as const) {
    for (const opening of openings(schema)) add(yaml, 'closed-schema', `${part}${opening}`);
    const broken = schemaProblem(schema);
    if (broken !== undefined) add(yaml, 'closed-schema', `${part}: ${broken}`);
    if (schema.type !== 'object') add(yaml, 'closed-schema', `${part} must be an object`);
  }
  const findings = ((manifest.state.properties ?? {}) as Record<string, JsonSchema>).finding?.enum;
  if (!Array.isArray(findings) || !((manifest.state.required ?? []) as string[]).includes('finding')) {
    add(yaml, 'finding', 'the state must require finding, an enum of present, absent, inconclusive, not-applicable');
  }
  for (const name of manifest.supplied) {
    if (Object.hasOwn(manifest.parameters.properties ?? {}, name))
      add(yaml, 'supplied', `${name} is supplied by the engine and cannot be a parameter too`);
  }
  for (const code of Object.keys(manifest.codes ?? {})) {
    if (isCode(code)) add(yaml, 'codes', `${code} is a code of Fixpoint: choose another name`);
  }
  if (acts && manifest.locks.length === 0) add(yaml, 'locks', 'a runbook with actions must name what it locks');
  for (const { kind, at } of manifest.locks) {
    const ofTarget = ['host', 'farm', 'sync'].includes(kind);
    if (ofTarget !== (at === undefined))
      add(yaml, 'locks', ofTarget ? `${kind} takes the target's identity, without at` : `${kind} needs at`);
    if (at !== undefined && !pointsIntoState(manifest.state, at)) add(yaml, 'locks', `${at} is not in the state`);
  }
  for (const [name, { class: kind, proof }] of Object.entries(manifest.actions)) {
    if (proof !== undefined && kind !== 'once') add(yaml, 'actions', `${name}: only a once action names a proof`);
  }
  found.push(...escalationProblems(yaml, manifest));
  for (const name of manifest.statements ?? []) {
    const parameter = (manifest.parameters.properties as Record<string, JsonSchema>)[name];
    if (parameter?.type !== 'string') add(yaml, 'statements', `${name} must be a parameter of type string`);
  }
  return found;
}

function escalationProblems(file: string, { escalation, supplied, parameters }: RunbookBundle['manifest']) {
  const problem = (message: string): LoadProblem => ({ file, line: 1, rule: 'escalation', severity: 'error', message });
  if (!escalation) return [];
  const waiver =
    escalation.waiver === undefined
      ? undefined
      : (parameters.properties as Record<string, JsonSchema>)[escalation.waiver];
  return [
    ...(supplied.includes('previousSteps') ? [] : [problem('an escalation needs previousSteps under supplied')]),
    ...(escalation.waiver === undefined || waiver?.type === 'string'
      ? []
      : [problem(`the waiver ${escalation.waiver} must be a parameter of type string`)]),
  ];
}

function pointsIntoState(state: JsonSchema, pointer: string): boolean {
  let at: JsonSchema | undefined = state;
  for (const step of pointer.split('/').slice(1)) {
    if (step === '*') at = at.type === 'array' ? (at.items as JsonSchema) : undefined;
    else at = ((at.properties ?? {}) as Record<string, JsonSchema>)[step];
    if (at === undefined) return false;
  }
  return true;
}
