import { expect, it } from '@jest/globals';
import { sha256 } from '../../src/domain/digest.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import { fail, ok } from '../../src/domain/result.js';
import type { Target } from '../../src/domain/target.js';
import type { Session } from '../../src/ports/powershell-host.js';
import {
  openRunspace,
  openWriterBeside,
  type ReachContext,
  type Runspace,
} from '../../src/usecases/phases/run-phase.js';
import { jobOf, MANIFEST } from '../support/job-views.js';

/** Whether a run changes its target in the session that it reads in. */

const { signal } = new AbortController();
const SSH = { type: 'ssh', host: '192.0.2.1', port: 22, user: 'svc', hostKey: 'ssh-ed25519 AAAA' } as const;
const ON_TARGET: RunbookBundle = {
  ...{ contentDigest: 'c', files: [] },
  manifest: {
    ...MANIFEST,
    runsOn: {
      ...{ kinds: ['server'], runAs: 'service' },
      phases: { detect: 'target', plan: 'worker', apply: 'target', verify: 'worker', rollback: 'target' },
    },
  },
};

function world(target: Partial<Target>, uses: readonly string[] = ['detect', 'apply']) {
  let opened = 0;
  const closed: number[] = [];
  const session = (number: number): Session => ({
    remote: { clockOffsetMs: 0, psVersion: '7.6', os: 'linux', languageMode: 'FullLanguage' },
    runPhase: () => Promise.reject(new Error('nothing is run here')),
    close() {
      closed.push(number);
      return Promise.resolve();
    },
  });
  const context: ReachContext = {
    newId: () => 'id',
    settings: { allowLocal: true },
    host: { open: () => Promise.resolve(ok(session((opened += 1)))) } as unknown as ReachContext['host'],
    credentials: {
      resolve: (asked, use) =>
        Promise.resolve(
          uses.includes(use)
            ? ok({ kind: 'ssh', identityFile: `/keys/${sha256(asked.credentials[use] ?? '')}` } as const)
            : fail({ kind: 'credential-out-of-scope', name: 'one', why: `not for ${use}` } as const),
        ),
    } as ReachContext['credentials'],
  };
  const job = { ...jobOf(), target: { ...jobOf().target, transport: SSH, ...target } };
  const open = async () => {
    const reader = await openRunspace(context, ON_TARGET, job, 'detect', 'detect', signal);
    if (!reader.ok) throw new Error('no reader');
    const writer = await openWriterBeside(reader.value, context, ON_TARGET, job, 'apply', 'apply', signal);
    return { reader: reader.value, writer };
  };
  return { open, closed, opened: () => opened };
}
const closeBoth = async (writer: Runspace, reader: Runspace) => {
  await writer.session.close();
  await reader.session.close();
};

it('is one session for both uses where one account has them, and it is closed once', async () => {
  const { open, opened, closed } = world({ credentials: { detect: 'one', apply: 'one' } });
  const { reader, writer } = await open();
  if (!writer.ok) throw new Error('no writer');
  await closeBoth(writer.value, reader);
  expect([opened(), closed]).toEqual([1, [1]]);
});

it('is a second session where the writer is another account', async () => {
  const { open, opened, closed } = world({ credentials: { detect: 'reader', apply: 'writer' } });
  const { reader, writer } = await open();
  if (!writer.ok) throw new Error('no writer');
  await closeBoth(writer.value, reader);
  expect([opened(), closed]).toEqual([2, [2, 1]]);
});

it('is none where the account may read alone, whatever its session could do', async () => {
  const { open, opened } = world({ credentials: { detect: 'one', apply: 'one' } }, ['detect']);
  const { writer } = await open();
  expect([opened(), writer]).toMatchObject([1, { ok: false, error: { kind: 'credential-out-of-scope' } }]);
});

it('is a second one where nothing is reached over SSH', async () => {
  const { open, opened } = world({ transport: { type: 'local' }, credentials: { detect: 'one', apply: 'one' } });
  await open();
  expect(opened()).toBe(2);
});
