import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { sha256 } from '../../../src/domain/digest.js';
import type { PowerShellHost } from '../../../src/ports/powershell-host.js';
import { aHost } from '../../support/hosts.js';
import { HANGS_MS } from '../../support/patience.js';

let host: PowerShellHost;
let close: () => Promise<void>;
let server: Server;
let asked = 0;
const folder = mkdtempSync('/tmp/fxd-');

beforeAll(async () => {
  ({ host, close } = aHost());
  server = createServer((socket) => {
    asked += 1;
    socket.destroy();
  });
});
afterAll(async () => {
  await close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const script = (text: string) => ({ name: 't', text, sha256: sha256(text) });

it.each(['127.0.0.1', '::1'])('the directory module asks a server at %s', async (address) => {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  asked = 0;
  const { port } = server.address() as AddressInfo;
  const module = readFileSync(join(INSTALL_ROOT, 'runbooks/_modules/directory/directory.ps1'), 'utf8');
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const ran = await opened.value.runPhase({
    script: script(`[CmdletBinding()] param($Parameters)
      $password = [securestring]::new()
      Connect-Directory -Server $Parameters.server -Connection $Parameters -Credential ([pscredential]::new('u', $password))`),
    modules: [script(module)],
    parameters: { Parameters: { server: address, servers: [address], port, caDirectory: folder, signIn: 'simple' } },
    timeoutMs: HANGS_MS,
  });
  await opened.value.close();
  server.close();
  // The server ends each connection: it was asked, and that is all.
  expect([ran.ok, asked > 0]).toEqual([false, true]);
});
