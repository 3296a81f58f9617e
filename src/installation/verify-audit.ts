import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openCheckpointVerifier } from '../adapters/keys/checkpoint-keys.js';
import { notesIn, parseCheckpoint, type Checkpoint } from '../domain/checkpoint.js';
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
  if (file !== undefined && statSync(file).isDirectory())
    throw new Error(`${file} is a folder. Name an exported file.`);
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
  for await (const link of file === undefined ? linksOfDatabase() : linksOfExport(file)) verifier.add(link);
  return verifier.end();
}

async function* linksOfDatabase(): AsyncGenerator<ChainedEvent> {
  const record = createStore(apiDatabaseUrl(), { max: 1 });
  try {
    for (let seq = 0; ;) {
      const links = await record.audit.chained(seq, 2000);
      yield* links;
      const last = links.at(-1);
      if (!last) return;
      seq = last.seq;
    }
  } finally {
    await record.close();
  }
}

async function* linksOfExport(file: string): AsyncGenerator<ChainedEvent> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line !== '') yield linkIn(line, number, file);
  }
}

/** @throws Error for a file that is not there, and for a checkpoint that is none or that no key signed: it was put there, or changed */
async function readCheckpoints(path: string | undefined, keys: string): Promise<readonly Checkpoint[]> {
  const own = join(homeDirectory(), 'checkpoints.txt');
  const from = path ?? (existsSync(own) ? own : undefined);
  if (from === undefined) return [];
  if (!existsSync(from)) throw new Error(`There is no ${from}. Name a file of checkpoints, or a folder of such files.`);
  const files = statSync(from).isDirectory() ? readdirSync(from).map((name) => join(from, name)) : [from];
  const { verifyCheckpoint } = await openCheckpointVerifier(keys);
  return files.flatMap((each) =>
    notesIn(readFileSync(each, 'utf8')).map((note, i) => {
      const checkpoint = parseCheckpoint(note);
      if (!checkpoint) throw new Error(`${each}: checkpoint ${i + 1} has not the form of one.`);
      if (!verifyCheckpoint(checkpoint))
        throw new Error(`${each}: checkpoint ${i + 1} was signed by none of the keys in ${keys}.`);
      return checkpoint;
    }),
  );
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
