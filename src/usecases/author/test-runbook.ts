import { phaseScript } from '../../domain/bundle.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { PlanCase } from '../../domain/plan-case.js';
import type { SandboxCase } from '../../domain/sandbox-case.js';
import { testPlan } from './test-plan.js';
import { notInSandbox, testInSandbox, type SandboxContext } from './test-in-sandbox.js';
import type { Verdict } from './verdict.js';

export type { SandboxContext, Verdict };

/** A runbook with the cases that are written for it. */
export interface Tested {
  readonly bundle: RunbookBundle;
  readonly cases: readonly PlanCase[];
  readonly sandboxCases: readonly SandboxCase[];
}

/**
 * Runs the cases of a runbook through the engine and the gate's own runspace for plans.
 * @param say is called with each verdict as it is known
 * @returns what was not covered, a line each
 */
export async function testRunbook(
  context: SandboxContext,
  { bundle, cases, sandboxCases }: Tested,
  say: (verdict: Verdict) => void,
): Promise<readonly string[]> {
  await testPlan(context, bundle, cases, say);
  for (const one of sandboxCases) await testInSandbox(context, bundle, one, say);
  return uncovered(bundle, sandboxCases);
}

function uncovered(bundle: RunbookBundle, sandboxCases: readonly SandboxCase[]): readonly string[] {
  const { rollback } = bundle.manifest;
  const why = notInSandbox(bundle);
  const phases = `Detect, Apply${rollback === 'script' ? ', Rollback' : ''}`;
  const missing = why ?? 'there is no tests/sandbox.json';
  return [
    ...(sandboxCases.length === 0
      ? [`${phases}, the plan after a first change and the empty plan after the last: ${missing}`]
      : ['the rights of an account and the session of a real target: sandbox cases run on this machine as you']),
    ...(phaseScript(bundle, 'verify') === undefined ? [] : ['Verify: it looks at a target from outside']),
  ];
}
