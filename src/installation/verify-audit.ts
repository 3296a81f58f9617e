import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openGrantVerifier } from '../adapters/keys/index.js';
import { createStore } from '../adapters/postgres/index.js';
import type { ChainedEvent } from '../domain/audit.js';
import { auditVerifier, type AuditVerdict } from '../domain/verify-audit.js';
import { homeDirectory } from '../platform/install-root.js';

export interface VerifyOptions {
  /** JSON Lines of an export; absent: the database of this machine. */
  readonly file?: string;
  /** Public keys; default those of this home. */
  readonly keys?: string;
}

/** Verifies the audit log from an export or from the database. @throws Error when there is nothing to verify with. */
export async function verifyAudit({
  file,
  keys = join(homeDirectory(), 'keys', 'grant-public.json'),
}: VerifyOptions): Promise<AuditVerdict> {
  if (!existsSync(keys)) throw new Error(`${keys} is not there: name the public keys with --keys`);
  const { verify } = await openGrantVerifier(keys);
  const verifier = auditVerifier((signed) => {
    const result = verify(signed);
    return result.ok ? result : { ok: false, error: { why: result.error.why } };
  });
  if (file === undefined) {
    const record = createStore(databaseUrl(), { max: 1 });
    try {
      for (let seq = 0; ;) {
        const links = await record.audit.chained(seq, 2000);
        for (const link of links) verifier.add(link);
        const last = links.at(-1);
        if (!last) break;
        seq = last.seq;
      }
    } finally {
      await record.close();
    }
  } else {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      if (line !== '') verifier.add(JSON.parse(line) as ChainedEvent);
    }
  }
  return verifier.end();
}

function databaseUrl(): string {
  const named = process.env.FIXPOINT_API_DATABASE_URL;
  if (named !== undefined) return named;
  const path = join(homeDirectory(), 'connection.json');
  if (!existsSync(path))
    throw new Error('No database: start Fixpoint, set FIXPOINT_API_DATABASE_URL, or name an export file.');
  return (JSON.parse(readFileSync(path, 'utf8')) as { api: string }).api;
}
