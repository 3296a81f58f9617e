import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../domain/digest.js';
import { CODES, isCode } from '../../domain/codes/index.js';
import { directoryOf, directoryServers, type Target } from '../../domain/target.js';
import { MOST_CLOCK_SKEW_MS } from '../../domain/time.js';
import { INSTALL_ROOT } from '../../platform/install-root.js';
import type { CredentialUse, Credentials } from '../../ports/credentials.js';
import type {
  DirectoryConnection,
  KerberosTicket,
  PowerShellHost,
  ResolvedCredential,
} from '../../ports/powershell-host.js';
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
};

function whatToDo(why: string): string {
  if (isCode(why) && why !== 'access-denied' && why !== 'unreachable') return CODES[why].next.en;
  return WHAT_TO_DO[why] ?? 'Check the server, the certificate and the firewall.';
}

const script = (name: string, text: string) => ({ name, text, sha256: sha256(text) });

/** Signs in to each server of a directory with one of the target's credentials, as a phase does, and compares the clocks. */
export async function signsInToDirectory(
  engine: PowerShellHost,
  credentials: Credentials,
  target: Target,
  use: CredentialUse,
): Promise<readonly TargetCheck[]> {
  const way = await wayTo(credentials, target, use);
  if (!way) return [];
  const { who, ticket, credential, connection } = way;
  const opened = await engine.open({ kind: 'local', ...(ticket ? { ticket } : {}) });
  if (!opened.ok) return [failedBy(`sign-in (${use})`, 'engine-unavailable', opened.error.kind)];
  const { value: session } = opened;
  const module = script(
    'directory',
    readFileSync(join(INSTALL_ROOT, 'runbooks/_modules/directory/directory.ps1'), 'utf8'),
  );
  const checks: TargetCheck[] = [];
  try {
    for (const server of directoryOf(target.transport)?.servers ?? []) {
      const ran = await session.runPhase({
        script: script('sign-in', PROBE),
        modules: [module],
        parameters: { Server: server },
        timeoutMs: PROBE_MS,
        ...(credential ? { credential } : {}),
        connection,
      });
      const name = `sign-in (${use})`;
      if (ran.ok) checks.push(ok(name, `${who} signs in to ${server}`), clock(server, ran.output[0]));
      else {
        const why = ran.failure.kind === 'reported' ? ran.failure.code : ran.failure.kind;
        checks.push(failed(name, `${who} at ${server}: ${why}`, whatToDo(why)));
      }
    }
  } finally {
    await session.close();
  }
  return checks;
}

interface Way {
  readonly who: string;
  readonly connection: DirectoryConnection;
  readonly credential?: ResolvedCredential;
  readonly ticket?: KerberosTicket;
}

/** As whom and how a phase would sign in; undefined where an earlier check says why it cannot. */
async function wayTo(credentials: Credentials, target: Target, use: CredentialUse): Promise<Way | undefined> {
  const transport = directoryOf(target.transport);
  const access = await credentials.resolve(target, use);
  if (!transport || !access.ok) return undefined;
  const at = { servers: directoryServers(target), port: transport.port };
  if (transport.type === 'ldap') {
    if (access.value.kind !== 'kerberos') return undefined;
    const { principal: who, ticket } = access.value;
    return { who, ticket, connection: { ...at, signIn: 'kerberos' } };
  }
  const ca = await credentials.caDirectory(transport.caFingerprint);
  if (!ca.ok || access.value.kind !== 'password') return undefined;
  const { userName, password } = access.value;
  const connection = { ...at, signIn: 'simple' as const, caDirectory: ca.value };
  return { who: userName, credential: { userName, password }, connection };
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
