import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dotnetRoot } from '../../../lab/sshd.js';
import { ENGINE } from '../../support/hosts.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp('/tmp/fxp-');
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function pwsh(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(join(ENGINE, 'linux-x64', 'pwsh'), args, {
    env: { PATH: '/usr/bin:/bin', HOME: home, DOTNET_ROOT: dotnetRoot(), POWERSHELL_TELEMETRY_OPTOUT: '1' },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

const command = (text: string) => pwsh('-NoLogo', '-NoProfile', '-NonInteractive', '-Command', text);

describe('the bundled engine is PowerShell', () => {
  it('and says so', async () => {
    expect(await pwsh('-Version')).toEqual(['PowerShell 7.6.9']);
  });

  it('with every command of its modules: each loads with the assemblies that are there', async () => {
    const [count, ...failures] = await command(`
      $all = @(Get-Command -CommandType Cmdlet, Function -Module Microsoft.PowerShell.*)
      $all.Count
      foreach ($one in $all) { try { $null = $one.Parameters.Count } catch { "$($one): $_" } }`);
    expect(failures).toEqual([]);
    expect(Number(count)).toBeGreaterThan(200);
  });

  it('with jobs, a compiler, JSON schemas and Markdown, whose assemblies are loaded when they are used', async () => {
    const text = `
      Start-Job { 'in a job' } | Receive-Job -Wait
      Add-Type -TypeDefinition 'public static class Compiled { public static string Said() => "compiled"; }'
      [Compiled]::Said()
      Test-Json -Json '{ "a": 1 }' -Schema '{ "type": "object", "required": ["a"] }'
      ('# x' | ConvertFrom-Markdown).Html.Trim()`;
    expect(await command(text)).toEqual(['in a job', 'compiled', 'True', '<h1 id="x">x</h1>']);
  });
});
