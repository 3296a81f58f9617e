import { PHASE_FILES } from '../../domain/bundle.js';
import type { Manifest, RunbookBundle } from '../../domain/manifest.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import { MANIFEST_RULES } from './manifest-rules.js';
import { CASES_FILE } from './read-cases.js';
import type { ReadManifest } from './read-manifest.js';

/** What every runbook folder keeps beyond the schema of its manifest; each line says what to do. */
export function conventionProblems(
  id: string,
  { members, lineOf }: ReadManifest,
  files: RunbookBundle['files'],
): readonly LoadProblem[] {
  const found: LoadProblem[] = [];
  const add = (file: string, rule: string, message: string, line = 1) =>
    found.push({ file: `${id}/${file}`, line, rule, severity: 'error', message });
  for (const { needs, problems } of MANIFEST_RULES) {
    if (!needs.every((name) => Object.hasOwn(members, name))) continue;
    // What the rule needs is there and has its shape; the rest it does not read.
    for (const { rule, at, message } of problems(members as Manifest)) add('runbook.yaml', rule, message, lineOf(at));
  }
  if (members.id !== undefined && members.id !== id)
    add('runbook.yaml', 'id', `the id ${members.id} must be the folder's name, ${id}`, lineOf('/id'));
  const has = (name: string) => files.some(({ path }) => path === `${id}/${name}`);
  for (const name of [PHASE_FILES.detect, PHASE_FILES.plan, 'README.md'])
    if (!has(name)) add(name, 'files', 'is missing');
  if (!has(CASES_FILE)) add(CASES_FILE, 'files', 'is missing: a runbook comes with cases');
  if (members.actions) {
    const acts = Object.keys(members.actions).length > 0;
    if (acts !== has(PHASE_FILES.apply))
      add(PHASE_FILES.apply, 'files', acts ? 'is missing' : 'is there, but the manifest has no actions');
  }
  if (members.rollback && (members.rollback === 'script') !== has(PHASE_FILES.rollback)) {
    add(
      PHASE_FILES.rollback,
      'rollback',
      'the manifest must say rollback: script with Rollback.ps1, or why there is none without it',
    );
  }
  return found;
}
