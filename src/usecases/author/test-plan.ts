import type { ValueObject } from '../../domain/canonical.js';
import { phaseCode } from '../../domain/codes/lookup.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { PlanCase } from '../../domain/plan-case.js';
import type { Change } from '../../domain/plan.js';
import type { Result } from '../../domain/result.js';
import type { PhaseFailure, PowerShellHost } from '../../ports/powershell-host.js';
import type { Canary, Sandboxes } from '../../ports/sandbox.js';
import { planIn, type ObserveContext } from '../phases/observe.js';
import type { Runspace } from '../phases/run-phase.js';
import { stopOf } from '../stop/stop-reason.js';
import { differences } from './differences.js';
import { hostileTexts, spoiled } from './hostile-text.js';
import type { Verdict } from './verdict.js';

type Planned = Result<readonly Change[], PhaseFailure>;
const MOST_PROBLEMS = 3;

type Say = (verdict: Verdict) => void;

/** Plan of this runbook as a function: the engine's own runspace for plans, no target. */
type Plan = (parameters: ValueObject, state: ValueObject) => Promise<Planned>;

/**
 * The cases of `tests/plan.json`: Plan says what the case says, says it again, and takes hostile text in the requester's parameters as
 * data.
 */
export async function testPlan(
  context: ObserveContext & { readonly sandboxes: Pick<Sandboxes, 'canary'> },
  bundle: RunbookBundle,
  cases: readonly PlanCase[],
  say: Say,
): Promise<void> {
  await inPlanRunspace(context.host, async (runspace) => {
    const never = new AbortController().signal;
    const plan: Plan = (parameters, state) =>
      planIn(context, runspace, bundle, parameters, state, undefined, () => undefined, never);
    for (const one of cases) say(await testCase(plan, bundle, one));
    const canary = await context.sandboxes.canary();
    try {
      for (const one of cases) say(await testHostile(plan, bundle, one, canary));
    } finally {
      await canary.close();
    }
  });
}

async function inPlanRunspace(host: PowerShellHost, work: (runspace: Runspace) => Promise<void>): Promise<void> {
  const opened = await host.open({ kind: 'plan' });
  if (!opened.ok) throw new Error(`The engine does not start: ${stopOf(opened.error, undefined).detail ?? ''}`);
  try {
    await work({ session: opened.value });
  } finally {
    await opened.value.close();
  }
}

async function testCase(plan: Plan, bundle: RunbookBundle, one: PlanCase): Promise<Verdict> {
  const { title, parameters, state } = one;
  const planned = await plan(parameters, state);
  const problems = [...judge(bundle, one, planned)];
  const again = await plan(parameters, state);
  if (planned.ok && again.ok)
    problems.push(...differences(planned.value, again.value).map((line) => `a second Plan of the same state: ${line}`));
  else if (planned.ok !== again.ok) problems.push('a second Plan of the same state has another outcome');
  return { kind: 'plan', title, problems };
}

function judge(
  { manifest }: RunbookBundle,
  { changes, refuses, state }: PlanCase,
  planned: Planned,
): readonly string[] {
  if (!planned.ok) {
    const { code, detail = '' } = stopOf(planned.error, manifest.codes);
    const thrown = planned.error.kind === 'reported' ? code : undefined;
    if (refuses !== undefined && thrown === refuses) return [];
    const expected = refuses === undefined ? `${(changes ?? []).length} changes` : `the refusal ${refuses}`;
    return [`expected ${expected}, Plan ended with ${code}: ${detail}`];
  }
  if (refuses !== undefined) return [`expected the refusal ${refuses}, Plan made ${planned.value.length} changes`];
  const unwanted =
    planned.value.length > 0 && state.finding !== 'present'
      ? [`Plan made changes although the finding is ${JSON.stringify(state.finding)}`]
      : [];
  return [...differences(changes ?? [], planned.value), ...unwanted];
}

async function testHostile(
  plan: Plan,
  { manifest }: RunbookBundle,
  { title, parameters, state }: PlanCase,
  canary: Canary,
): Promise<Verdict> {
  const problems: string[] = [];
  for (const text of hostileTexts(canary.path)) {
    const given = spoiled(parameters, text, manifest);
    if (given === undefined) break;
    const planned = await plan(given, state);
    if (planned.ok) continue;
    // A refusal by a code is an answer. Anything else shows that the text reached what it should not have.
    const { error } = planned;
    if (error.kind === 'reported' && phaseCode(error.code, manifest.codes).class !== undefined) continue;
    const { code, detail = '' } = stopOf(error, manifest.codes);
    problems.push(`with ${JSON.stringify(text)} at the end of each text, Plan ended with ${code}: ${detail}`);
  }
  if (canary.touched()) problems.push('text of a parameter was run as code: it wrote a file');
  return { kind: 'hostile', title, problems: firstOf(problems) };
}

/** What one mistake does to a text it does to all: the first tell enough. */
function firstOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), `and ${more} more texts`] : problems;
}
