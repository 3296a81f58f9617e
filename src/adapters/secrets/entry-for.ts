import { fail, ok, type Result } from '../../domain/result.js';
import type { Target, Transport, WinRmAuth } from '../../domain/target.js';
import type { CredentialFailure, CredentialFailureKind, CredentialUse } from '../../ports/credentials.js';
import type { CredentialEntry, CredentialsFile } from './credentials-file.js';
import { outsideEnds } from './ends.js';

/** Whether a credential must name the hosts and the authorities with which it may be used. */
export type Mode = 'development' | 'production';

/** The entry behind a name, or the reason why it may not be used here. Transport `local` needs none. Nothing is sent or opened. */
export function entryFor(
  file: CredentialsFile,
  target: Target,
  use: CredentialUse,
  name: string,
  mode: Mode,
): Result<CredentialEntry | undefined, CredentialFailure> {
  if (target.transport.type === 'local') return ok(undefined);
  const refuse = (kind: CredentialFailureKind, why: string) => fail({ kind, name, why });
  const outside = (why: string) => refuse('credential-out-of-scope', why);
  const entry = Object.hasOwn(file.credentials, name) ? file.credentials[name] : undefined;
  if (!entry) return outside('this worker knows no credential of that name');
  if (!entry.use.includes(use)) return outside(`it may not be used to ${use}`);
  if (!entry.targets.includes(target.name)) return outside(`it may not be used on ${target.name}`);
  if (!entry.tiers.includes(target.tier)) return outside(`it may not be used on tier ${target.tier}`);
  const elsewhere = outsideEnds(entry, target, mode === 'production');
  if (elsewhere !== undefined) return outside(elsewhere);
  const unfit = unfitFor(entry, target.transport);
  return unfit ? refuse(unfit.kind, unfit.why) : ok(entry);
}

interface Unfit {
  readonly kind: CredentialFailureKind;
  readonly why: string;
}
const unavailable = (why: string): Unfit => ({ kind: 'credential-unavailable', why });

/** Why a credential of this kind is not for a target that is reached so. */
function unfitFor(entry: CredentialEntry, transport: Exclude<Transport, { type: 'local' }>): Unfit | undefined {
  const { principal, userName, certificate, simpleBind } = entry;
  switch (transport.type) {
    case 'ldap':
      return principal === undefined
        ? unavailable('the target is reached with Kerberos, and it has no principal: --principal and --keytab')
        : undefined;
    case 'winrm':
      return unfitForWinRm(entry, transport.auth);
    case 'ssh':
      return principal === undefined && userName === undefined && certificate === undefined
        ? undefined
        : unavailable('the target is reached over ssh and needs a private key');
    case 'ldaps':
      if (principal !== undefined)
        return unavailable('it is for Kerberos, and the target is reached over LDAPS: give the target --ldap');
      if (userName === undefined)
        return unavailable('it has no password, and a directory needs an account: a keytab, or a password');
      return simpleBind === true
        ? undefined
        : {
            kind: 'simple-bind-refused',
            why: 'its password would be sent to the directory server (simple bind), and the entry does not say simpleBind',
          };
  }
}

/** The entry says how its password may be used; the row of a target cannot have it used otherwise. */
function unfitForWinRm(
  { principal, userName, certificate, ntlm, basic }: CredentialEntry,
  auth: WinRmAuth,
): Unfit | undefined {
  switch (auth) {
    case 'kerberos':
      return principal === undefined
        ? unavailable('the target is signed in to with Kerberos, and it has no principal: --principal and --keytab')
        : undefined;
    case 'certificate':
      return certificate === undefined
        ? unavailable('the target is signed in to with a certificate, and it has none: --certificate and --key')
        : undefined;
    case 'basic':
      return userName !== undefined && basic === true
        ? undefined
        : unavailable('its password would be sent to the target (Basic), and the entry does not say basic');
    case 'ntlm':
    case 'negotiate':
      if (auth === 'negotiate' && principal !== undefined) return undefined;
      return userName !== undefined && ntlm === true
        ? undefined
        : unavailable(`the target is signed in to with ${auth}, and the entry does not say ntlm: --user and --ntlm`);
  }
}
