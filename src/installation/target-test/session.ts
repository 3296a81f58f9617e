import { sha256 } from '../../domain/digest.js';
import type { Target } from '../../domain/target.js';
import { MOST_CLOCK_SKEW_MS } from '../../domain/time.js';
import type { CredentialUse, Credentials } from '../../ports/credentials.js';
import type { PowerShellHost, Session } from '../../ports/powershell-host.js';
import { failed, failedBy, note, ok, type TargetCheck } from './check.js';

const PROBE_MS = 60_000;
/** .NET knows it on every system since version 8; an older PowerShell has no such member. */
const PROBE = '[CmdletBinding()] param() [bool] [System.Environment]::IsPrivilegedProcess';

/** Signs in over SSH and looks at the session: PowerShell, language mode, clock, elevation. */
export async function signsIn(
  engine: PowerShellHost,
  credentials: Credentials,
  target: Target,
  use: CredentialUse,
): Promise<readonly TargetCheck[]> {
  const access = await credentials.resolve(target, use);
  const { transport } = target;
  if (transport.type !== 'ssh' || !access.ok || access.value.kind !== 'ssh') return [];
  const { host, port, user, hostKey } = transport;
  const { identityFile } = access.value;
  const check = `sign-in (${use})`;
  const masterKey = sha256(`target-test\0${target.id}\0${identityFile}\0${hostKey}`);
  const opened = await engine.open({ kind: 'ssh', host, port, user, hostKey, identityFile, masterKey });
  if (!opened.ok) {
    const { error } = opened;
    if (error.kind === 'refused') return [failedBy(check, error.code, error.detail)];
    const detail = 'detail' in error ? error.detail : error.kind;
    return [
      failed(check, detail, 'Sign in by hand with the same key and account, and read the log of the SSH server.'),
    ];
  }
  const { value: session } = opened;
  try {
    return [ok(check, `${user} signs in`), ...aboutSession(session), await elevation(session)];
  } finally {
    await session.close();
  }
}

function aboutSession({ remote }: Session): readonly TargetCheck[] {
  const { psVersion, os, languageMode, clockOffsetMs } = remote;
  const off = `${Math.abs(clockOffsetMs / 1000).toFixed(1)} s ${clockOffsetMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return [
    Number(psVersion.split('.')[0]) >= 7
      ? ok('PowerShell', `${psVersion} on ${os}`)
      : failed('PowerShell', `${psVersion} on ${os}`, 'Let the subsystem in sshd_config start PowerShell 7.'),
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
