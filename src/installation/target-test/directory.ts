import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../domain/digest.js';
import type { Target } from '../../domain/target.js';
import { MOST_CLOCK_SKEW_MS } from '../../domain/time.js';
import { INSTALL_ROOT } from '../../platform/install-root.js';
import type { CredentialUse, Credentials } from '../../ports/credentials.js';
import type { PowerShellHost } from '../../ports/powershell-host.js';
import { failed, failedBy, ok, type TargetCheck } from './check.js';

const PROBE_MS = 60_000;
/** Signs in to one server with the module that the directory runbooks have, and reads its clock. */
const PROBE = `[CmdletBinding()]
param([string]$Server, [object]$Connection, [pscredential]$Credential)
$ldap = Connect-Directory -Server $Server -Connection $Connection -Credential $Credential
$root = @(Find-DirectoryEntry -Ldap $ldap -Base '' -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('currentTime'))[0]
[string]$root['currenttime'][0]`;
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'access-denied': 'Correct the user name or the password of the credential.',
  'kerberos-skew': 'Set the clocks right.',
};

const script = (name: string, text: string) => ({ name, text, sha256: sha256(text) });

/** Signs in to each server of a directory with one of the target's credentials, as a phase does, and compares the clocks. */
export async function signsInToDirectory(
  engine: PowerShellHost,
  credentials: Credentials,
  target: Target,
  use: CredentialUse,
): Promise<readonly TargetCheck[]> {
  const { transport } = target;
  const access = await credentials.resolve(target, use);
  if (transport.type !== 'ldaps' || !access.ok || access.value.kind !== 'password') return [];
  const ca = await credentials.caDirectory(transport.caFingerprint);
  if (!ca.ok) return [];
  const { servers, port } = transport;
  const { userName, password } = access.value;
  const opened = await engine.open({ kind: 'local' });
  if (!opened.ok) return [failedBy(`sign-in (${use})`, 'engine-unavailable', opened.error.kind)];
  const { value: session } = opened;
  const module = script(
    'directory',
    readFileSync(join(INSTALL_ROOT, 'runbooks/_modules/directory/directory.ps1'), 'utf8'),
  );
  const checks: TargetCheck[] = [];
  try {
    for (const server of servers) {
      const ran = await session.runPhase({
        script: script('sign-in', PROBE),
        modules: [module],
        parameters: { Server: server },
        timeoutMs: PROBE_MS,
        credential: { userName, password },
        connection: { servers, port, caDirectory: ca.value },
      });
      const name = `sign-in (${use})`;
      if (ran.ok) checks.push(ok(name, `${userName} signs in to ${server}`), clock(server, ran.output[0]));
      else {
        const why = ran.failure.kind === 'reported' ? ran.failure.code : ran.failure.kind;
        const toDo = WHAT_TO_DO[why] ?? 'Check the server, the certificate and the firewall.';
        checks.push(failed(name, `${userName} at ${server}: ${why}`, toDo));
      }
    }
  } finally {
    await session.close();
  }
  return checks;
}

/** `said` is generalized time: 20260131080000.0Z. */
function clock(server: string, said: unknown): TargetCheck {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(String(said));
  if (!parts) return failed('clock', `${server} did not say its time`, 'Check that the server is a domain controller.');
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - Date.now();
  const off = `${server} is ${Math.round(Math.abs(offset) / 1000)} s ${offset < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(offset) <= MOST_CLOCK_SKEW_MS ? ok('clock', off) : failedBy('clock', 'clock-skew', off);
}
