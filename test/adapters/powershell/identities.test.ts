import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/domain/digest.js';
import type { KerberosTicket, PowerShellHost } from '../../../src/ports/powershell-host.js';
import { aHost } from '../../support/hosts.js';
import { HANGS_MS } from '../../support/patience.js';

let host: PowerShellHost;
let close: () => Promise<void>;
beforeAll(() => {
  ({ host, close } = aHost());
});
afterAll(() => close());

const TEXT = `[CmdletBinding()] param()
[ordered]@{
  pid = $PID
  cache = "$([System.Environment]::GetEnvironmentVariable('KRB5CCNAME'))"
  config = "$([System.Environment]::GetEnvironmentVariable('KRB5_CONFIG'))"
  strength = "$([System.Environment]::GetEnvironmentVariable('LDAPSASL_SECPROPS'))"
}`;

async function look(ticket?: KerberosTicket) {
  const opened = await host.open({ kind: 'local', ...(ticket ? { ticket } : {}) });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const ran = await opened.value.runPhase({
    script: { name: 'look', text: TEXT, sha256: sha256(TEXT) },
    modules: [],
    parameters: {},
    timeoutMs: HANGS_MS,
  });
  await opened.value.close();
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.output[0] as { readonly pid: number; readonly cache: string; readonly config: string; strength: string };
}

it('each Kerberos identity has an engine process of its own, which knows its ticket and no other', async () => {
  const reader = { cache: '/tmp/reader', config: '/tmp/reader.conf' };
  const writer = { cache: '/tmp/writer', config: '/tmp/writer.conf' };
  const [none, first, second, again] = [await look(), await look(reader), await look(writer), await look(reader)];
  expect(none.cache).toMatch(/\/no-ticket$/);
  expect([none.config, none.strength]).toEqual(['/etc/krb5.conf', '']);
  expect(first).toMatchObject({ cache: 'FILE:/tmp/reader', config: '/tmp/reader.conf', strength: 'minssf=128' });
  expect(second).toMatchObject({ cache: 'FILE:/tmp/writer', config: '/tmp/writer.conf' });
  expect(again.pid).toBe(first.pid);
  expect(new Set([none.pid, first.pid, second.pid]).size).toBe(3);
});
