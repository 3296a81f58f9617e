import { fail, ok, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
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
  const unfit = unfitFor(entry, target.transport.type);
  return unfit ? refuse(unfit.kind, unfit.why) : ok(entry);
}

/** Why a credential of this kind is not for a target that is reached so. */
function unfitFor(
  { principal, userName, simpleBind }: CredentialEntry,
  transport: 'ssh' | 'ldaps' | 'ldap',
): { readonly kind: CredentialFailureKind; readonly why: string } | undefined {
  const unavailable = (why: string) => ({ kind: 'credential-unavailable' as const, why });
  if (transport === 'ldap')
    return principal === undefined
      ? unavailable('the target is reached with Kerberos, and it has no principal: --principal and --keytab')
      : undefined;
  if (principal !== undefined)
    return unavailable(
      transport === 'ssh'
        ? 'the target is reached over ssh and needs a private key'
        : 'it is for Kerberos, and the target is reached over LDAPS: give the target --ldap',
    );
  if (transport === 'ldaps' && userName === undefined)
    return unavailable('it is an SSH key, and a directory needs an account: a keytab, or a password');
  if (transport === 'ldaps' && simpleBind !== true)
    return {
      kind: 'simple-bind-refused',
      why: 'its password would be sent to the directory server (simple bind), and the entry does not say simpleBind',
    };
  return undefined;
}
