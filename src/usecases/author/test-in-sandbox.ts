import type { Value, ValueObject } from '../../domain/canonical.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Change } from '../../domain/plan.js';
import { SANDBOX, SANDBOX_USER, type SandboxCase } from '../../domain/sandbox-case.js';
import type { Target } from '../../domain/target.js';
import type { Credentials } from '../../ports/credentials.js';
import type { Sandbox, Sandboxes } from '../../ports/sandbox.js';
import { differences } from './differences.js';
import { createRehearsal, reasonOf, type Rehearsal, type RehearsalContext } from './rehearsal.js';
import type { Verdict } from './verdict.js';

export type SandboxContext = Omit<RehearsalContext, 'credentials' | 'settings'> & { readonly sandboxes: Sandboxes };

/** Nothing of a sandbox is signed in to. */
const NO_CREDENTIALS: Credentials = {
  scope: async () => ({ ok: true, value: '' }),
  resolve: async () => ({ ok: true, value: { kind: 'none' } }),
  caDirectory: async () => ({
    ok: false,
    error: { kind: 'credential-unavailable', name: 'ca', why: 'a sandbox has none' },
  }),
};

/** Why the phases of a runbook cannot run in a sandbox of this machine; undefined where they can. */
export function notInSandbox({ manifest }: RunbookBundle): string | undefined {
  const { kinds, runAs } = manifest.runsOn;
  if (kinds.includes('domain')) return 'its phases need a directory';
  return runAs === 'target-user' ? 'its phases need the session of a user on Windows' : undefined;
}

/**
 * A case of `tests/sandbox.json`. The first plan has as many changes as the case says; after each change that was made, Detect and Plan list
 * exactly the rest, in the end nothing; a change that is in place is not made again; undone, newest first, all are listed as before.
 */
export async function testInSandbox(
  context: SandboxContext,
  bundle: RunbookBundle,
  one: SandboxCase,
  say: (verdict: Verdict) => void,
): Promise<void> {
  const sandbox = await context.sandboxes.open(one);
  try {
    const parameters = placed(one.parameters, sandbox) as ValueObject;
    const rehearsed = { bundle, target: targetFor(bundle), parameters };
    const reach = { ...context, credentials: NO_CREDENTIALS, settings: { allowLocal: true } };
    const problems = await play(createRehearsal(reach, rehearsed, new Date()), bundle, one);
    say({
      kind: 'sandbox',
      title: one.title,
      problems: problems.map((line) => line.replaceAll(sandbox.folder, SANDBOX)),
    });
  } finally {
    await sandbox.close();
  }
}

/** Returns the problems. It ends at the first step without which the next ones say nothing. */
async function play(rehearsal: Rehearsal, bundle: RunbookBundle, { changes: count }: SandboxCase): Promise<string[]> {
  const { codes, rollback } = bundle.manifest;
  const first = await rehearsal.observe();
  if (!first.ok) return [`the first Detect and Plan ended with ${reasonOf(first.error, codes)}`];
  const { changes } = first.value;
  if (changes.length !== count)
    return [`the first plan has ${changes.length} changes, expected ${count}`, ...differences([], changes).slice(0, 5)];
  const problems: string[] = [];
  const made: Change[] = [];
  for (const change of changes) {
    const done = await applyOne(rehearsal, bundle, change, problems);
    if (!done) return problems;
    made.push(done);
    const left = await rehearsal.observe();
    const after = made.length === count ? 'after all changes' : `after the first ${made.length} of ${count} changes`;
    if (!left.ok) return [...problems, `${after}, Detect and Plan ended with ${reasonOf(left.error, codes)}`];
    const wanted = changes.slice(made.length);
    problems.push(...differences(wanted, left.value.changes).map((line) => `${after}: ${line}`));
  }
  if (rollback === 'script' && made.length > 0) problems.push(...(await undoAll(rehearsal, bundle, changes, made)));
  return problems;
}

/** Makes a change, and once more where it may be repeated. The change as it is undone, or undefined where it was not made. */
async function applyOne(
  rehearsal: Rehearsal,
  { manifest }: RunbookBundle,
  change: Change,
  problems: string[],
): Promise<Change | undefined> {
  const what = `Apply of ${change.property} of ${change.resource}`;
  const applied = await rehearsal.apply(change);
  if (!applied.ok) {
    problems.push(`${what} ended with ${reasonOf(applied.error, manifest.codes)}`);
    return undefined;
  }
  const { result, backupRef } = applied.value;
  if (result !== 'changed') problems.push(`${what} said ${result}, expected changed`);
  if (manifest.actions[change.action]?.class === 'ensure') {
    const again = await rehearsal.apply(change);
    if (!again.ok) problems.push(`a second ${what} ended with ${reasonOf(again.error, manifest.codes)}, expected noop`);
    else if (again.value.result !== 'noop') problems.push(`a second ${what} said changed, expected noop`);
  }
  return { ...change, ...(backupRef === undefined ? {} : { backupRef }) };
}

async function undoAll(
  rehearsal: Rehearsal,
  { manifest }: RunbookBundle,
  changes: readonly Change[],
  made: readonly Change[],
): Promise<readonly string[]> {
  for (const change of [...made].reverse()) {
    const undone = await rehearsal.undo(change);
    const what = `Rollback of ${change.property} of ${change.resource}`;
    if (!undone.ok) return [`${what} ended with ${reasonOf(undone.error, manifest.codes)}`];
    if (undone.value.result !== 'changed') return [`${what} said ${undone.value.result}, expected changed`];
  }
  const seen = await rehearsal.observe({ undone: true });
  if (!seen.ok) return [`after the rollback, Detect and Plan ended with ${reasonOf(seen.error, manifest.codes)}`];
  return differences(changes, seen.value.changes).map((line) => `after the rollback: ${line}`);
}

/** The value with the folder and the account in place of their names, in every text. */
function placed(value: Value, sandbox: Pick<Sandbox, 'folder' | 'user'>): Value {
  if (typeof value === 'string')
    return value.replaceAll(SANDBOX, sandbox.folder).replaceAll(SANDBOX_USER, sandbox.user);
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => placed(item, sandbox));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as ValueObject).map(([name, one]) => [name, placed(one, sandbox)]));
}

function targetFor({ manifest }: RunbookBundle): Target {
  return {
    id: 'sandbox',
    name: 'sandbox',
    kind: manifest.runsOn.kinds[0] ?? 'server',
    transport: { type: 'local' },
    credentials: { detect: 'none', apply: 'none' },
    tier: 2,
    site: 'sandbox',
    tags: [],
    settings: {},
  };
}
