import { expect, it } from '@jest/globals';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import { fail } from '../../src/domain/result.js';
import type { LoadProblem } from '../../src/ports/runbook-catalogue.js';
import { openChecked, openWriterChecked } from '../../src/usecases/phases/open-checked.js';
import { isRefusal, stopOf } from '../../src/usecases/stop/stop-reason.js';
import type { Runspace } from '../../src/usecases/phases/run-phase.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { jobOf, MANIFEST } from '../support/job-views.js';

/** What is opened for a phase after the gate of this worker's engine has read the runbook. */

const bundle: RunbookBundle = { contentDigest: 'c', files: [], manifest: MANIFEST };
const found = (severity: LoadProblem['severity']): LoadProblem => {
  return { file: 'x/Detect.ps1', line: 7, rule: 'command', severity, message: 'Set-Content is not allowed' };
};

/** @param beside for a phase that changes something, beside a reader */
async function opened(problems: () => Promise<readonly LoadProblem[]>, beside = false) {
  let credentials = 0;
  const context = {
    gate: { problems },
    credentials: {
      resolve() {
        credentials += 1;
        return Promise.resolve(fail({ kind: 'credential-unavailable', name: 'reader', why: 'none' }));
      },
    },
  } as unknown as WorkerContext;
  const { signal } = new AbortController();
  const reader = {} as Runspace;
  const result = beside
    ? await openWriterChecked(context, reader, bundle, jobOf(), 'apply', 'apply', signal)
    : await openChecked(context, bundle, jobOf(), 'detect', 'detect', signal);
  return { error: result.ok ? undefined : result.error, credentials };
}

it('reads no credential for a runbook that the gate refuses', async () => {
  const { error, credentials } = await opened(() => Promise.resolve([found('warning'), found('error')]));
  const detail = 'x/Detect.ps1:7: Set-Content is not allowed [command]';
  expect([error, credentials]).toEqual([{ kind: 'gate-refused', detail }, 0]);
  expect(await opened(() => Promise.resolve([found('error')]), true)).toEqual({ error, credentials });
  expect(error && [isRefusal(error), stopOf(error, undefined)]).toEqual([
    true,
    { kind: 'blocked', code: 'gate-refused', detail },
  ]);
});

it('waits for an engine where none could judge', async () => {
  const { error, credentials } = await opened(() => Promise.reject(new Error('no engine')));
  expect([error, credentials]).toEqual([{ kind: 'host-unavailable', detail: 'no engine' }, 0]);
  expect(error && stopOf(error, undefined)).toMatchObject({ kind: 'deferred', code: 'engine-unavailable' });
});

it('is passed where it has warnings or nothing', async () => {
  for (const problems of [[], [found('warning')]])
    expect(await opened(() => Promise.resolve(problems))).toMatchObject({
      error: { kind: 'credential-unavailable' },
      credentials: 1,
    });
});
