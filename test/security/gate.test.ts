import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/domain/digest.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { aHost } from '../support/hosts.js';
import { DECLARED, hostileScripts } from './hostile-scripts.js';

/** Scripts that change something in a phase that reads: the gate names each, and Plan's runspace runs none of them. */

let host: PowerShellHost;
let close: () => Promise<void>;
beforeAll(() => {
  ({ host, close } = aHost());
});
afterAll(() => close());

const canary = join(mkdtempSync('/tmp/fxg-'), 'canary');

it('the corpus has 150 scripts and more', () => {
  expect(new Set(hostileScripts('detect', canary)).size).toBeGreaterThanOrEqual(150);
});

it.each(['detect', 'verify', 'plan'] as const)('no script of the corpus passes the gate as %s', async (role) => {
  const scripts = hostileScripts(role, canary);
  const files = scripts.map((text, i) => ({ file: String(i), text, role, functions: DECLARED, mayRunOn51: true }));
  const checked = await host.checkScripts(files);
  const passed = checked.flatMap(({ findings }, i) =>
    findings.some(({ severity }) => severity === 'error') ? [] : [scripts[i]],
  );
  expect(checked).toHaveLength(scripts.length);
  expect(passed).toEqual([]);
});

describe('the runspace of Plan', () => {
  const run = async (text: string) => {
    const opened = await host.open({ kind: 'plan' });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const phase = {
      script: { name: 'Plan.ps1', text, sha256: sha256(text) },
      modules: [],
      parameters: { Parameters: { text: canary }, State: {} },
      timeoutMs: 60_000,
    };
    try {
      return await opened.value.runPhase(phase);
    } finally {
      await opened.value.close();
    }
  };

  it('runs no script of the corpus to an effect, although no gate was asked', async () => {
    for (const text of hostileScripts('plan', canary)) {
      await run(text);
      expect([text, existsSync(canary)]).toEqual([text, false]);
    }
  }, 600_000);

  it('has no command but its own, inside functions too', async () => {
    const head = '[CmdletBinding()]\nparam($Parameters, $State)\n';
    const within = (body: string) => `${head}function Get-Thing { ${body} }\nGet-Thing`;
    for (const name of [
      'Invoke-Command',
      'Start-Job',
      'Get-Command',
      'Import-Module',
      'New-Object',
      'Set-Content',
      'Get-Item',
      'Register-ArgumentCompleter',
    ])
      for (const text of [`${head}${name} x`, within(`${name} x`), within(`1 | ForEach-Object { ${name} x }`)]) {
        const ran = await run(text);
        const said = ran.ok ? 'ran' : JSON.stringify(ran.failure);
        expect([text, said]).toEqual([text, expect.stringMatching(/CommandNotFound|not recognized/)]);
      }
    const options = `@{ ProxyCommand = 'touch ${canary}' }`;
    await run(
      within(
        `if ($false) { function Invoke-Command { } }; Invoke-Command -HostName x -Options ${options} -ScriptBlock { 1 }`,
      ),
    );
    expect(existsSync(canary)).toBe(false);
  });
});
