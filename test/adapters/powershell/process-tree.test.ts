import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../src/domain/digest.js';
import { aHost } from '../../support/hosts.js';
import { until } from '../../support/patience.js';
import { isAlive } from '../../support/processes.js';

const { host, close } = aHost();
afterAll(close);

it('a phase that ignores every stop ends with its engine and all processes that the engine started', async () => {
  const at = join(mkdtempSync('/tmp/fxc-'), 'pid');
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const text = `[CmdletBinding()] param($Parameters)
    $child = [Diagnostics.Process]::Start('/bin/sleep', '3600')
    [IO.File]::WriteAllText('${at}', "$($child.Id)")
    [Threading.Thread]::Sleep(3600000)`;
  const run = { script: { name: 'test', text, sha256: sha256(text) }, modules: [], timeoutMs: 5000 };
  const ended = await opened.value.runPhase({ ...run, parameters: { Parameters: {} } });
  expect(ended).toMatchObject({ ok: false, failure: { kind: 'timed-out' } });
  const child = Number(readFileSync(at, 'utf8'));
  await until('it has ended', () => !isAlive(child));
});
