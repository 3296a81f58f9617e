import { Type, type Static } from 'typebox';
import { NAME_LENGTH, NAME_PATTERN } from '../../domain/name.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { readOwnFile, readOwnFileSync, UnfitFile } from '../../platform/read-own-file.js';
import type { ValueChecker } from '../../ports/values.js';

const closed = { additionalProperties: false } as const;
const name = { pattern: NAME_PATTERN, maxLength: NAME_LENGTH };
/** The name or the address of a machine, without a port. */
const host = Type.String({ pattern: '^[A-Za-z0-9:][A-Za-z0-9._:-]*$', maxLength: 254 });
const kdcs = Type.Array(host, { minItems: 1, maxItems: 200, uniqueItems: true });
/** With a port where it is another than usual, and with the name that is proved there (`endsOf`). */
const end = Type.String({ pattern: '^[A-Za-z0-9:[][A-Za-z0-9._:@[\\]-]*$', maxLength: 520 });
const hosts = Type.Array(end, { minItems: 1, maxItems: 2000, uniqueItems: true });

const Entry = Type.Object(
  {
    /** `secret://file/<absolute path>` (0600, checked) or `secret://env/<NAME>`. */
    reference: Type.String({ pattern: '^secret://(file/.+|env/[A-Z_][A-Z0-9_]*)$', maxLength: 4096 }),
    /** With a user name the secret is a password that is sent; with neither this nor a principal it is the path of a private key. */
    userName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    /** Whether the password may be sent to a directory. Without it no directory is signed in to with a password. */
    simpleBind: Type.Optional(Type.Boolean()),
    /** Whether the password may prove itself by NTLM over WinRM, where it is not sent. */
    ntlm: Type.Optional(Type.Boolean()),
    /** Whether the password may be sent to a machine over WinRM with TLS (the sign-in Basic). */
    basic: Type.Optional(Type.Boolean()),
    /** Absolute path of a certificate (PEM): the secret is its private key, and both sign in over WinRM with TLS. */
    certificate: Type.Optional(Type.String({ pattern: '^/', maxLength: 4096 })),
    /** `account@REALM`: the secret signs in to Kerberos and is never sent. */
    principal: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][^@\\s]*@[A-Z0-9][A-Z0-9.-]*$', maxLength: 256 })),
    /** What the secret of a principal is; default a keytab. */
    secret: Type.Optional(Type.Unsafe<'keytab' | 'password'>({ enum: ['keytab', 'password'] })),
    /** The KDCs of the realm; default the servers of the target. */
    kdcs: Type.Optional(kdcs),
    /** Names and addresses of the machines with which it may be used. Without it any target that is allowed may name any. */
    hosts: Type.Optional(hosts),
    /** How those machines prove themselves: fingerprints of pinned authorities (SHA-256 in hex) and of SSH host keys (`SHA256:…`). */
    authorities: Type.Optional(
      Type.Array(Type.String({ pattern: '^([0-9a-f]{64}|SHA256:[A-Za-z0-9+/]{43})$' }), {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
      }),
    ),
    use: Type.Array(Type.Unsafe<'detect' | 'apply'>({ enum: ['detect', 'apply'] }), { minItems: 1, uniqueItems: true }),
    /** Names of the targets it may be used on; with none it is of no use, which is allowed. */
    targets: Type.Array(Type.String(name), { uniqueItems: true }),
    tiers: Type.Array(Type.Unsafe<0 | 1 | 2>({ enum: [0, 1, 2] }), { uniqueItems: true }),
  },
  closed,
);

const File = Type.Object(
  {
    credentials: Type.Unsafe<Readonly<Record<string, Static<typeof Entry>>>>({
      type: 'object',
      propertyNames: name,
      additionalProperties: Entry,
    }),
    /** PEM files of certificate authorities that targets may pin. */
    trustedCas: Type.Optional(Type.Array(Type.String({ pattern: '^/', maxLength: 4096 }))),
  },
  closed,
);

/** One entry of the worker's credentials file. */
export type CredentialEntry = Readonly<Static<typeof Entry>>;

export interface CredentialsFile {
  readonly credentials: Readonly<Record<string, CredentialEntry>>;
  readonly trustedCas?: readonly string[];
}

/** The credentials file as of now, or why it cannot be used, in words that name what to correct. */
export async function readCredentialsFile(
  path: string,
  values: ValueChecker,
): Promise<Result<CredentialsFile, string>> {
  let read: unknown;
  try {
    read = JSON.parse(await readOwnFile(path, { closed: true }));
  } catch (error) {
    if (error instanceof UnfitFile) return fail(`the credentials file ${error.why}`);
    return fail(`the credentials file cannot be read: ${(error as Error).message}`);
  }
  const checked = values.check({ ...File }, read);
  const problems = checked.ok
    ? contradictions(checked.value as unknown as CredentialsFile)
    : checked.error.map(({ path: at, message }) => `${at} ${message}`);
  if (checked.ok && problems.length === 0) return ok(checked.value as unknown as CredentialsFile);
  return fail(`the credentials file has mistakes: ${problems.slice(0, 5).join('; ')}`);
}

/** Where the secret of a credential is: a file or a variable. */
export interface CredentialReference {
  readonly name: string;
  readonly path?: string;
  readonly variable?: string;
}

/** What a credentials file names. */
export interface CredentialPlaces {
  readonly secrets: readonly CredentialReference[];
  readonly trustedCas: readonly string[];
}

/** What a credentials file names, without a look at it; nothing where it cannot be read: each use of a credential says that. */
export function credentialPlaces(path: string): CredentialPlaces {
  let file: { readonly credentials?: Readonly<Record<string, { reference?: unknown }>>; readonly trustedCas?: unknown };
  try {
    file = (JSON.parse(readOwnFileSync(path)) ?? {}) as typeof file;
  } catch {
    return { secrets: [], trustedCas: [] };
  }
  const { credentials, trustedCas } = file;
  const secrets = Object.entries(credentials ?? {}).flatMap(([name, entry]) => {
    const [, kind, place] = /^secret:\/\/(file|env\/)(.+)$/.exec(String(entry?.reference)) ?? [];
    if (kind === undefined || place === undefined) return [];
    return [kind === 'file' ? { name, path: place } : { name, variable: place }];
  });
  const isPath = (item: unknown) => typeof item === 'string';
  return { secrets, trustedCas: Array.isArray(trustedCas) ? trustedCas.filter(isPath) : [] };
}

/** Members that do not go together. */
function contradictions({ credentials }: CredentialsFile): readonly string[] {
  return Object.entries(credentials).flatMap(([one, { principal, userName, certificate, secret, kdcs, ...entry }]) => [
    ...([principal, userName, certificate].filter((account) => account !== undefined).length > 1
      ? [`/credentials/${one} has more than one of userName, principal and certificate`]
      : []),
    ...(['simpleBind', 'ntlm', 'basic'] as const)
      .filter((how) => entry[how] === true && userName === undefined)
      .map((how) => `/credentials/${one}/${how} needs userName`),
    ...(principal === undefined && (secret !== undefined || kdcs !== undefined)
      ? [`/credentials/${one} has secret or kdcs, which need principal`]
      : []),
  ]);
}
