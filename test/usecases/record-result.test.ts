import { describe, expect, it } from '@jest/globals';
import type { LateResult } from '../../src/ports/result-spool.js';
import { refusalOf } from '../../src/usecases/decide/record-decision.js';
import { withoutNul } from '../../src/adapters/powershell/clean-text.js';
import { effectOf, recordResult } from '../../src/usecases/journal/record-result.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { jobOf } from '../support/job-views.js';

/** Records one result over a database whose write ends with this error. */
async function recordOver(error: Error) {
  const spooled: LateResult[] = [];
  const context = {
    jobs: { transition: () => Promise.reject(error) },
    spool: { keep: (result: LateResult) => Promise.resolve(void spooled.push(result)) },
  } as unknown as WorkerContext;
  const result = { changeId: 'a', direction: 'apply', attempt: 1, result: 'changed' } as const;
  const recorded = await recordResult(context, jobOf(), result).catch((thrown: unknown) => thrown);
  return { recorded, spooled: spooled.length };
}

describe('what Apply says', () => {
  it('is not trusted if the name of its backup has a NUL, which the database does not store', () => {
    expect(effectOf([{ outcome: 'changed', backupRef: 'a\u0000b' }])).toMatchObject({
      ok: false,
      error: { kind: 'malformed-output' },
    });
    expect(effectOf([{ outcome: 'changed', backupRef: 'a' }])).toEqual({
      ok: true,
      value: { result: 'changed', backupRef: 'a' },
    });
  });

  it('loses each NUL of a failure', () =>
    expect(withoutNul({ kind: 'reported', error: { message: 'a\u0000b', lines: ['\u0000'], hresult: 1 } })).toEqual({
      kind: 'reported',
      error: { message: 'a\ufffdb', lines: ['\ufffd'], hresult: 1 },
    }));
});

describe('a result that could not be recorded', () => {
  it('is spooled if the database was unavailable', async () => {
    const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    expect(await recordOver(lost)).toEqual({ recorded: false, spooled: 1 });
  });

  it('is an error if the code is wrong: a spooled bug would be merged as evidence and never noticed', async () => {
    const bug = new Error('job 1: running does not lead to planning');
    expect(await recordOver(bug)).toEqual({ recorded: bug, spooled: 0 });
  });
});

describe('the response to a decision that authority refused', () => {
  it.each([
    'own-request',
    'approval-expired',
    'plan-changed',
    'not-awaiting-approval',
    'not-an-approver',
    'proof-invalid',
  ])('has the code %s of authority', (code) => expect(refusalOf(code, jobOf()).kind).toBe(code));
});
