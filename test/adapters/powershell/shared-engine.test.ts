import { afterAll, expect, it } from '@jest/globals';
import type { PhaseRun, Session } from '../../../src/ports/powershell-host.js';
import { sha256 } from '../../../src/domain/digest.js';
import { aHost } from '../../support/hosts.js';

const { host, close } = aHost();
afterAll(close);

const open = async (): Promise<Session> => {
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
};
const run = (session: Session, text: string) => session.runPhase(phase(text));
const phase = (text: string): PhaseRun => ({
  script: { name: 'test', text, sha256: sha256(text) },
  modules: [],
  parameters: {},
  timeoutMs: 600_000,
});

it('sessions in one engine know nothing of each other', async () => {
  const [one, two] = [await open(), await open()];
  try {
    await run(one, '$global:secret = 1; function global:Get-Mine { 7 }');
    expect(await run(one, '$global:secret; Get-Mine')).toMatchObject({ ok: true, output: [1, 7] });
    expect(await run(two, '$null -eq (Get-Variable secret -Scope Global -ErrorAction Ignore)')).toMatchObject({
      output: [true],
    });
    const both = await Promise.all([run(one, '1'), run(two, '2')]);
    expect(both.map((ran) => ran.ok && ran.output)).toEqual([[1], [2]]);
  } finally {
    await one.close();
    await two.close();
  }
});

it('an engine that is never idle is replaced, and ends with its last session', async () => {
  const held = await open();
  const old = host.pid;
  for (let i = 0; i < 400; i++) {
    const { ok } = await run(held, '1');
    if (!ok) throw new Error(`run ${i}`);
  }
  const next = await open();
  try {
    expect(host.pid).not.toBe(old);
    expect(await run(held, '2')).toMatchObject({ ok: true, output: [2] });
  } finally {
    await held.close();
    await next.close();
  }
  expect(() => process.kill(old as number, 0)).toThrow();
});
