import { CODES } from '../../domain/codes/index.js';
import { sha256 } from '../../domain/digest.js';
import type { Target } from '../../domain/target.js';
import { MOST_CLOCK_SKEW_MS } from '../../domain/time.js';
import type { Result } from '../../domain/result.js';
import type { Access, CredentialFailure, CredentialUse, Credentials } from '../../ports/credentials.js';
import type { Place, PowerShellHost, Session } from '../../ports/powershell-host.js';
import { winRmPlaceOf } from '../../processes/compose.js';
import { failed, failedBy, note, ok, type TargetCheck } from './check.js';

const PROBE_MS = 60_000;
/** .NET knows it on every system since version 8; .NET Framework, on which Windows PowerShell runs, asks Windows. An older PowerShell 7 does not know. */
const PROBE = `[CmdletBinding()] param()
if ($PSVersionTable.PSVersion.Major -gt 5) { [bool] [System.Environment]::IsPrivilegedProcess }
else {
  $who = [System.Security.Principal.WindowsPrincipal]::new([System.Security.Principal.WindowsIdentity]::GetCurrent())
  [bool] $who.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}`;

/** Signs in over SSH or WinRM and looks at the session: PowerShell, language mode, clock, elevation. */
export async function signsIn(
  engine: PowerShellHost,
  credentials: Credentials,
  target: Target,
  use: CredentialUse,
): Promise<readonly TargetCheck[]> {
  const access = await credentials.resolve(target, use);
  if (!access.ok) return [];
  const check = `sign-in (${use})`;
  const way = await wayTo(credentials, target, target.credentials[use], access.value);
  if (way === undefined) return [];
  if (!way.place.ok) return [failedBy(check, way.place.error.kind, way.place.error.why)];
  const place = way.place.value;
  const opened = await engine.open(place);
  if (!opened.ok) {
    const { error } = opened;
    if (error.kind === 'refused') return [failedBy(check, error.code, error.detail)];
    if (error.kind === 'unreachable' && error.code !== undefined) return [failedBy(check, error.code, error.detail)];
    const detail = 'detail' in error ? error.detail : error.kind;
    return [failed(check, detail, BY_HAND[place.kind === 'winrm' ? 'winrm' : 'ssh'])];
  }
  const { value: session } = opened;
  try {
    return [ok(check, `${way.who} signs in`), ...aboutSession(session, place), await elevation(session)];
  } finally {
    await session.close();
  }
}

const BY_HAND = {
  ssh: 'Sign in by hand with the same key and account, and read the log of the SSH server.',
  winrm:
    'Run `winrm enumerate winrm/config/listener` on the machine, and read its event log Windows Remote Management.',
} as const;

interface Way {
  readonly who: string;
  readonly place: Result<Place, CredentialFailure>;
}

/** As whom and where a phase would sign in; undefined where an earlier check says why it cannot. */
async function wayTo(
  credentials: Credentials,
  { id, transport }: Target,
  name: string,
  access: Access,
): Promise<Way | undefined> {
  if (transport.type === 'winrm') {
    const who = access.kind === 'kerberos' ? access.principal : access.kind === 'password' ? access.userName : name;
    return { who, place: await winRmPlaceOf(credentials, transport, name, access) };
  }
  if (transport.type !== 'ssh' || access.kind !== 'ssh') return undefined;
  const { host, port, user, hostKey } = transport;
  const { identityFile } = access;
  const masterKey = sha256(`target-test\0${id}\0${identityFile}\0${hostKey}`);
  return { who: user, place: { ok: true, value: { kind: 'ssh', host, port, user, hostKey, identityFile, masterKey } } };
}

/** PowerShell of the target: over SSH it is one that was installed, over WinRM that of Windows will do. */
function isKnown(psVersion: string, { kind }: Place): boolean {
  const [major = 0, minor = 0] = psVersion.split('.').map(Number);
  return major >= 7 || (kind === 'winrm' && major === 5 && minor >= 1);
}

function aboutSession({ remote }: Session, place: Place): readonly TargetCheck[] {
  const { psVersion, os, languageMode, clockOffsetMs } = remote;
  const off = `${Math.abs(clockOffsetMs / 1000).toFixed(1)} s ${clockOffsetMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return [
    isKnown(psVersion, place)
      ? ok('PowerShell', `${psVersion} on ${os}`)
      : failed('PowerShell', `${psVersion} on ${os}`, CODES['powershell-too-old'].next.en),
    languageMode === 'FullLanguage'
      ? ok('language mode', languageMode)
      : failed('language mode', languageMode, 'Exempt the account from the policy that constrains the language.'),
    Math.abs(clockOffsetMs) <= MOST_CLOCK_SKEW_MS ? ok('clock', off) : failedBy('clock', 'clock-skew', off),
  ];
}

async function elevation(session: Session): Promise<TargetCheck> {
  const script = { name: 'elevation', text: PROBE, sha256: sha256(PROBE) };
  const ran = await session.runPhase({ script, modules: [], parameters: {}, timeoutMs: PROBE_MS });
  if (!ran.ok || typeof ran.output[0] !== 'boolean')
    return note(
      'elevation',
      ran.ok ? 'the target did not say' : `unknown: ${ran.failure.kind}`,
      'Check by hand whether the account is an administrator.',
    );
  if (ran.output[0]) return ok('elevation', 'the account is an administrator');
  return note(
    'elevation',
    'the account is not an administrator',
    'This is enough for runbooks that need no elevation; the README of a runbook says what it needs.',
  );
}
