import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openGrantVerifier } from '../adapters/keys/index.js';
import { auditVerifier, type AuditVerdict } from '../domain/verify-audit.js';
import { homeDirectory } from '../platform/install-root.js';
import { linksOf, readCheckpoints } from './read-log.js';

export interface VerifyOptions {
  /** JSON Lines of an export; absent: the database of this machine. */
  readonly file?: string;
  /** Public keys; default those of this home. */
  readonly keys?: string;
  /** A file of checkpoints, or a folder of such files; default the file of this home, where it has one. */
  readonly checkpoints?: string;
  /** Hash of an event that must be in the log. */
  readonly head?: string;
}

/** Verifies the audit log from an export or from the database. @throws Error when there is nothing to verify with. */
export async function verifyAudit({
  file,
  keys = join(homeDirectory(), 'keys', 'grant-public.json'),
  checkpoints,
  head,
}: VerifyOptions): Promise<AuditVerdict> {
  if (file !== undefined && !existsSync(file)) throw new Error(`There is no file ${file}.`);
  if (!existsSync(keys)) throw new Error(`There is no ${keys}. Name the public keys with --keys.`);
  const { verify } = await openGrantVerifier(keys);
  const verifier = auditVerifier({
    verify: (signed) => {
      const result = verify(signed);
      return result.ok ? result : { ok: false, error: { why: result.error.why } };
    },
    checkpoints: await readCheckpoints(checkpoints, keys),
    ...(head === undefined ? {} : { head }),
  });
  for await (const link of linksOf(file)) verifier.add(link);
  return verifier.end();
}
