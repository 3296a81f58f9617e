import { fail, ok, type Result } from '../../domain/result.js';
import type { WinRmTransport } from '../../domain/target.js';
import type { Access, CredentialFailure, Credentials } from '../../ports/credentials.js';
import type { WinRmPlace, WinRmSignIn, WinRmTrust } from '../../ports/winrm-place.js';

/**
 * Where the engine opens a session of a target that is reached over WinRM.
 * @param name that of the credential, for the reason why it does not fit
 */
export async function winRmPlaceOf(
  credentials: Pick<Credentials, 'caDirectory'>,
  transport: WinRmTransport,
  name: string,
  access: Access,
): Promise<Result<WinRmPlace, CredentialFailure>> {
  const signIn = signInOf(transport, access);
  if (!signIn)
    return fail({ kind: 'credential-unavailable', name, why: `it is not for the sign-in ${transport.auth}` });
  const trust = await trustOf(credentials, transport);
  if (!trust.ok) return trust;
  const { host, port, spn, configurationName } = transport;
  return ok({
    ...{ kind: 'winrm', host, port, tls: trust.value !== undefined },
    ...(trust.value === undefined ? {} : { trust: trust.value }),
    ...(spn === undefined ? {} : { spn }),
    ...(configurationName === undefined ? {} : { configurationName }),
    ...signIn,
  });
}

function signInOf({ auth }: WinRmTransport, access: Access): WinRmSignIn | undefined {
  if (access.kind === 'kerberos')
    return auth === 'kerberos' || auth === 'negotiate' ? { auth, credential: access.ticket } : undefined;
  if (access.kind === 'certificate') {
    const { certificateFile, keyFile } = access;
    return auth === 'certificate' ? { auth, credential: { certificateFile, keyFile } } : undefined;
  }
  if (access.kind !== 'password' || auth === 'kerberos' || auth === 'certificate') return undefined;
  const { userName, password } = access;
  return { auth, credential: { userName, password } };
}

async function trustOf(
  credentials: Pick<Credentials, 'caDirectory'>,
  { tls }: WinRmTransport,
): Promise<Result<WinRmTrust | undefined, CredentialFailure>> {
  if (!tls) return ok(undefined);
  if (tls.pinned === 'certificate') return ok({ sha256: tls.fingerprint });
  const directory = await credentials.caDirectory(tls.fingerprint);
  return directory.ok ? ok({ caFile: `${directory.value}/ca.pem` }) : directory;
}
