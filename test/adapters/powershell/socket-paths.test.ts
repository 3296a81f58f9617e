import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createPowerShellHost } from '../../../src/adapters/powershell/index.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { runtimeDirectory } from '../../../src/platform/runtime-directory.js';
import { anEndpoint, ENGINE, type Endpoint } from '../../support/hosts.js';

let endpoint: Endpoint;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxs-');
  endpoint = await anEndpoint();
});
afterAll(async () => {
  await endpoint?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder whose path has so many characters. */
function temporary(length: number): string {
  const path = join(folder, 'x'.repeat(length - folder.length - 1));
  mkdirSync(path, { recursive: true });
  return path;
}

/** What a process with this TMPDIR uses. */
function inProcess(TMPDIR: string): string {
  const script = `import { runtimeDirectory } from ${JSON.stringify(join(INSTALL_ROOT, 'src/platform/runtime-directory.ts'))};
    console.log(runtimeDirectory('/srv/fixpoint'));`;
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: INSTALL_ROOT,
    env: { ...process.env, NODE_OPTIONS: '', XDG_RUNTIME_DIR: '', TMPDIR },
    encoding: 'utf8',
  }).trim();
}

const engineIn = (directory: string) =>
  createPowerShellHost({ engineDirectory: ENGINE, runtimeDirectory: directory, env: { PATH: '/usr/bin:/bin' } });

describe('the paths of control sockets', () => {
  it('are below TMPDIR where they fit', () => {
    expect(inProcess('/tmp')).toMatch(/^\/tmp\/fixpoint-/);
  });

  it.each([74, 90, 200])('fit where TMPDIR has %d characters, and a session opens there', async (length) => {
    const path = inProcess(temporary(length));
    expect(path).toMatch(/^\/tmp\/fixpoint-/);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    const host = engineIn(path);
    try {
      const opened = await host.open({ ...endpoint.place() });
      expect(opened).toMatchObject({ ok: true });
      const sockets = readdirSync(path, { recursive: true, encoding: 'utf8' })
        .map((name) => join(path, name))
        .filter((name) => statSync(name, { throwIfNoEntry: false })?.isSocket() === true);
      expect(sockets.length).toBeGreaterThan(1);
      for (const socket of sockets) expect(socket.length).toBeLessThanOrEqual(107 - 17);
      if (opened.ok) await opened.value.close();
    } finally {
      await host.close();
    }
  });

  it('are plain where TMPDIR has characters that ssh replaces', () => {
    mkdirSync(join(folder, 'a %t'));
    expect(inProcess(join(folder, 'a %t'))).toMatch(/^\/tmp\/fixpoint-[0-9a-f]+$/);
  });

  it('that fit nowhere stop the start, and the message says what to set', () => {
    expect(() => runtimeDirectory('/srv/fixpoint', [temporary(74)])).toThrow(/at most 107 bytes.*Set TMPDIR/);
  });

  it('are looked at before an engine starts', async () => {
    const error = { kind: 'host-unavailable', detail: expect.stringContaining('too long') };
    expect(await engineIn(temporary(74)).open({ kind: 'plan' })).toMatchObject({ ok: false, error });
  });
});
