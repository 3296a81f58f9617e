import { isIP } from 'node:net';
import { canonicalJson } from '../../domain/canonical.js';
import { labelledDigest } from '../../domain/digest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { directoryOf, hostOfSpn, type Target } from '../../domain/target.js';
import type { Access, CredentialFailure, Credentials, CredentialUse } from '../../ports/credentials.js';
import type { ValueChecker } from '../../ports/values.js';
import { caDirectory } from './ca-directory.js';
import {
  credentialPlaces,
  readCredentialsFile,
  type CredentialEntry,
  type CredentialsFile,
} from './credentials-file.js';
import { endsOf } from './ends.js';
import { entryFor, type Mode } from './entry-for.js';
import { createTickets, type Tickets } from './kerberos/index.js';
import { openSecret } from './open-secret.js';

export { endsOf } from './ends.js';
export { principalsOf } from './kerberos/index.js';
export { openSecret, passwordIn, VARIABLE_NOT_SET } from './open-secret.js';
export { credentialPlaces, readCredentialsFile, type CredentialEntry, type CredentialsFile };

export interface SecretsOptions {
  /** The worker's own file; read again at each use, so that a change counts at once. Absent: no credential at all. */
  readonly path: string | undefined;
  /** A 0700 folder of this worker for CA folders and Kerberos tickets. */
  readonly runtimeDirectory: string;
  /** For `secret://env/…`. Absent: no secret comes from the environment, as in production. */
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly values: ValueChecker;
  /** In production a password and a Kerberos credential must name where they may be used. */
  readonly mode: Mode;
  /** A krb5.conf of the administrator; absent: one is made for each identity. */
  readonly krb5Config?: string | undefined;
  /** Where kinit is; default the PATH of this process. */
  readonly searchPath?: string | undefined;
}

/** The credentials of a worker, and a look at them that signs in nowhere. */
export interface FileCredentials extends Credentials {
  /** Whether `resolve` would find the secret. No KDC is asked. */
  inspect(target: Target, use: CredentialUse): Promise<Result<undefined, CredentialFailure>>;
}

export function createCredentials(options: SecretsOptions): FileCredentials {
  const { runtimeDirectory, env, mode, krb5Config } = options;
  const tickets = createTickets({
    runtimeDirectory,
    searchPath: options.searchPath ?? process.env.PATH,
    ...(krb5Config === undefined ? {} : { config: krb5Config }),
  });
  const entryOf = async (target: Target, use: CredentialUse) => {
    const file = await readCredentials(options);
    return file.ok ? entryFor(file.value, target, use, target.credentials[use], mode) : file;
  };
  return {
    scope: async (target) => {
      const { detect, apply } = target.credentials;
      const entries: Partial<Record<CredentialUse, CredentialEntry>> = {};
      for (const use of ['detect', 'apply'] as const) {
        const entry = await entryOf(target, use);
        if (!entry.ok) return entry;
        if (entry.value) entries[use] = entry.value;
      }
      return ok(
        labelledDigest('fixpoint-credential-scope-v1', JSON.parse(canonicalJson({ detect, apply, ...wrap(entries) }))),
      );
    },
    resolve: async (target, use) => {
      const entry = await entryOf(target, use);
      if (!entry.ok) return entry;
      if (!entry.value) return ok<Access>({ kind: 'none' });
      return accessOf(tickets, target, target.credentials[use], entry.value, options);
    },
    inspect: async (target, use) => {
      const entry = await entryOf(target, use);
      if (!entry.ok) return entry;
      const opened = entry.value ? await openSecret(target.credentials[use], entry.value, env) : ok(undefined);
      return opened.ok ? ok(undefined) : opened;
    },
    caDirectory: async (fingerprint) => {
      const file = await readCredentials(options);
      return file.ok ? caDirectory(runtimeDirectory, file.value.trustedCas ?? [], fingerprint) : file;
    },
  };
}

/** What a plan was made with: the secrets, and as whom. On which other targets a name may be used besides changes no plan. */
function wrap(entries: Partial<Record<CredentialUse, CredentialEntry>>) {
  const used = (entry: CredentialEntry | undefined) =>
    entry === undefined
      ? null
      : {
          reference: entry.reference,
          userName: entry.userName ?? null,
          ...(entry.principal === undefined ? {} : { principal: entry.principal }),
          ...(entry.certificate === undefined ? {} : { certificate: entry.certificate }),
        };
  return { entries: { detect: used(entries.detect), apply: used(entries.apply) } };
}

/** The secret as a phase uses it; for Kerberos with a ticket, which the KDC is asked for where none is there. */
async function accessOf(
  tickets: Tickets,
  target: Target,
  name: string,
  entry: CredentialEntry,
  { env, krb5Config }: Pick<SecretsOptions, 'env' | 'krb5Config'>,
): Promise<Result<Access, CredentialFailure>> {
  const opened = await openSecret(name, entry, env);
  if (!opened.ok) return opened;
  if (opened.value.kind !== 'kerberos') return ok(opened.value);
  const { principal, secret } = opened.value;
  const kdcs = entry.kdcs ?? directoryOf(target.transport)?.servers ?? [];
  if (kdcs.length === 0 && krb5Config === undefined)
    return fail({
      kind: 'credential-unavailable',
      name,
      why: `it names no KDC, and the target is no directory: run \`fixpoint credential allow ${name} ${target.name} --kdc <domain controller>\``,
    });
  const identity = { principal, reference: entry.reference, secret, kdcs, hosts: hostsOfRealm(target) };
  const get = async () => {
    const got = await tickets.get(identity);
    return got.ok ? got : fail({ ...got.error, name });
  };
  const ticket = await get();
  return ticket.ok ? ok({ kind: 'kerberos', principal, ticket: ticket.value, renew: get }) : ticket;
}

/** Hosts, and domains of DNS (`.contoso.test`), that are of the realm: one ticket serves every machine of a domain, not one each. */
function hostsOfRealm(target: Target): readonly string[] {
  const { transport } = target;
  if (transport.type !== 'winrm') return endsOf(target).hosts;
  const hosts = [transport.host, hostOfSpn(transport) ?? transport.host];
  return [
    ...new Set(hosts.map((host) => (isIP(host) === 0 ? (/\.[^.].*$/.exec(host)?.[0] ?? host) : host).toLowerCase())),
  ];
}

async function readCredentials({
  path,
  values,
}: Pick<SecretsOptions, 'path' | 'values'>): Promise<Result<CredentialsFile, CredentialFailure>> {
  if (path === undefined) return ok({ credentials: {} });
  const read = await readCredentialsFile(path, values);
  return read.ok ? read : fail({ kind: 'credential-unavailable', name: path, why: read.error });
}
