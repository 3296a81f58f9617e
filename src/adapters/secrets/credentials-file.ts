import { Type, type Static } from 'typebox';
import { NAME_LENGTH, NAME_PATTERN } from '../../domain/name.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { readOwnFile, readOwnFileSync, UnfitFile } from '../../platform/read-own-file.js';
import type { ValueChecker } from '../../ports/values.js';

const closed = { additionalProperties: false } as const;
const name = { pattern: NAME_PATTERN, maxLength: NAME_LENGTH };

const Entry = Type.Object(
  {
    /** `secret://file/<absolute path>` (0600, checked) or `secret://env/<NAME>`. */
    reference: Type.String({ pattern: '^secret://(file/.+|env/[A-Z_][A-Z0-9_]*)$', maxLength: 4096 }),
    /** With a user name the secret is a password; without one it is the path of a private key. */
    userName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
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
  if (checked.ok) return ok(checked.value as unknown as CredentialsFile);
  const problems = checked.error.map(({ path: at, message }) => `${at} ${message}`);
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
