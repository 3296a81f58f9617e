import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openGrantVerifier } from '../adapters/keys/index.js';
import { createStore } from '../adapters/postgres/index.js';
import type { ChainedEvent } from '../domain/audit.js';
import { auditVerifier, type AuditVerdict } from '../domain/verify-audit.js';
import { homeDirectory } from '../platform/install-root.js';
import { apiDatabaseUrl } from './database-url.js';

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
  if (file !== undefined && !existsSync(file)) throw new Error(`There is no file ${file}.`);
  if (!existsSync(keys)) throw new Error(`There is no ${keys}. Name the public keys with --keys.`);
  const { verify } = await openGrantVerifier(keys);
  const verifier = auditVerifier((signed) => {
    const result = verify(signed);
    return result.ok ? result : { ok: false, error: { why: result.error.why } };
  });
  if (file === undefined) {
    const record = createStore(apiDatabaseUrl(), { max: 1 });
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
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      if (line !== '') verifier.add(linkIn(line, number, file));
    }
  }
  return verifier.end();
}

/** @throws Error for a line that is no event of an export */
function linkIn(line: string, number: number, file: string): ChainedEvent {
  let link: Partial<ChainedEvent> | null = null;
  try {
    link = JSON.parse(line) as Partial<ChainedEvent> | null;
  } catch {
    // Said below.
  }
  const texts = [link?.event, link?.prevHash, link?.hash, link?.writer];
  if (typeof link?.seq !== 'number' || texts.some((text) => typeof text !== 'string'))
    throw new Error(`${file}: line ${number} is not an event of an export. Export the audit log again.`);
  return link as ChainedEvent;
}
