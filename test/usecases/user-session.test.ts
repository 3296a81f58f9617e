import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/domain/manifest.js';
import type { PhaseFailure } from '../../src/ports/powershell-host.js';
import {
  userSessionRun,
  userSessionOf,
  judgeUserSession,
  needsUserSession,
} from '../../src/usecases/phases/user-session.js';
import { withoutUserSession } from '../../src/domain/user-session-modules.js';

const script = (name: string) => ({ name, text: name, sha256: name });
const MODULES = [
  '_modules/native/native.ps1',
  '_modules/session/session.ps1',
  '_modules/task-scheduler/task-scheduler.ps1',
  '_modules/user-session/read-result.ps1',
  '_modules/user-session/run-as-user.ps1',
  '_modules/user-session/user-side.ps1',
].map(script);
const manifest = (modules: readonly string[], runAs = 'target-user') =>
  ({
    modules,
    runsOn: {
      runAs,
      phases: { detect: 'target', plan: 'worker', apply: 'target', verify: 'worker', rollback: 'target' },
    },
    timeouts: { detect: '60s', apply: '12s' },
  }) as unknown as Manifest;
const WHOLE = manifest(['native', 'session', 'task-scheduler', 'user-session']);
const ids = { job: '01890000-0000-7000-8000-000000000001', newId: () => 'id' };
const values = { Parameters: { userSid: 'S-1-5-21-0-0-0-1000' } };
const names = (scripts: readonly { readonly name?: string; readonly text: string }[]) =>
  scripts.map(({ text }) => text);

describe('the session of a phase', () => {
  it('is chosen by the target, and direct by default', () => {
    expect(userSessionOf({ settings: {} })).toBe('direct');
    expect(userSessionOf({ settings: { userSession: 'task' } })).toBe('task');
    expect(userSessionOf({ settings: { userSession: 'TASK' } })).toBe('direct');
  });

  it('is the user’s for the target phases of a runbook that acts as the user, and for no other', () => {
    expect(
      (['detect', 'plan', 'apply', 'verify'] as const).map((phase) =>
        needsUserSession({ manifest: WHOLE }, phase, 'task'),
      ),
    ).toEqual([true, false, true, false]);
    expect(needsUserSession({ manifest: WHOLE }, 'apply', 'direct')).toBe(false);
    expect(needsUserSession({ manifest: manifest([], 'service') }, 'apply', 'task')).toBe(false);
  });
});

describe('a run as the signed-in user', () => {
  it('gives each side its own texts, and the user’s side no more than that', () => {
    const run = userSessionRun({ manifest: WHOLE }, ids, 'detect', script('phase'), MODULES, values);
    if (!run.ok) throw new Error('refused');
    const call = run.value.parameters.Call as any;
    expect(names(call.modules)).toEqual([MODULES[0]?.text, MODULES[1]?.text, MODULES[5]?.text]);
    expect(names(run.value.modules)).toEqual([0, 2, 3, 4].map((i) => MODULES[i]?.text));
    expect(call).toMatchObject({
      jobId: '01890000000070008000000000000001',
      waitSeconds: 50,
      phase: { text: 'phase' },
      values,
    });
    expect(call.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(names(withoutUserSession(MODULES))).toEqual([MODULES[0]?.text, MODULES[1]?.text]);
  });

  it('reserves time for the module itself, and leaves some for the user', () => {
    const run = userSessionRun({ manifest: WHOLE }, ids, 'apply', script('phase'), MODULES, values);
    expect(run).toMatchObject({ ok: true, value: { timeoutMs: 12_000, parameters: { Call: { waitSeconds: 5 } } } });
  });

  it.each<[string, Manifest, object, string]>([
    ['without the module', manifest(['native']), values, 'module-missing'],
    ['about no user', WHOLE, { Parameters: { identity: 'bobk' } }, 'invalid-value'],
  ])('%s is refused', (_, of, given, code) => {
    expect(userSessionRun({ manifest: of }, ids, 'detect', script('phase'), MODULES, given as never)).toMatchObject({
      ok: false,
      error: { kind: 'reported', code },
    });
  });
});

it.each<[string, string, object]>([
  ['a result that was lost', 'result-lost', { kind: 'link-lost' }],
  ['a result that is none', 'malformed-output', { kind: 'malformed-output' }],
  ['a code of the table', 'vault-policy', { kind: 'reported', code: 'vault-policy' }],
  ['nobody logged on', 'user-not-logged-on', { kind: 'reported', code: 'user-not-logged-on' }],
  ['a code that only the worker may find', 'host-key-changed', { kind: 'reported', code: 'script-error' }],
])('%s means what it is', (_, code, meaning) => {
  const error = {
    fullyQualifiedErrorId: code,
    category: '',
    message: code,
    exceptionType: '',
    hresult: 0,
    scriptStackTrace: '',
  };
  expect(judgeUserSession({ kind: 'reported', code, error }, undefined)).toMatchObject(meaning);
  const lost: PhaseFailure = { kind: 'timed-out', afterMs: 1 };
  expect(judgeUserSession(lost, undefined)).toBe(lost);
});
