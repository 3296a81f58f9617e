import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpointVerifier } from '../adapters/keys/checkpoint-keys.js';
import { createStore } from '../adapters/postgres/index.js';
import type { ChainedEvent } from '../domain/audit.js';
import { notesIn, parseCheckpoint, type SignedCheckpoint } from '../domain/checkpoint.js';
import { checkpointsPath } from './public-files.js';
import { CHECKPOINT_BYTES, readOwnFileSync } from '../platform/read-own-file.js';
import { linesOfFile } from '../platform/text-file.js';
import { apiDatabaseUrl } from './database-url.js';

/** A checkpoint with the note that was kept. */
export interface KeptCheckpoint extends SignedCheckpoint {
  readonly note: string;
}

/** Every event of an export, or of the database of this machine where no file is named: as many at a time as were read together. */
export function linksOf(file: string | undefined): AsyncGenerator<readonly ChainedEvent[]> {
  return file === undefined ? linksOfDatabase() : linksOfExport(file);
}

async function* linksOfDatabase(): AsyncGenerator<readonly ChainedEvent[]> {
  const record = createStore(apiDatabaseUrl(), { max: 1 });
  try {
    for (let seq = 0; ;) {
      const links = await record.audit.chained(seq, 2000);
      yield links;
      const last = links.at(-1);
      if (!last) return;
      seq = last.seq;
    }
  } finally {
    await record.close();
  }
}

async function* linksOfExport(file: string): AsyncGenerator<readonly ChainedEvent[]> {
  let before = 0;
  for await (const lines of linesOfFile(file)) {
    const first = before + 1;
    before += lines.length;
    yield lines.flatMap((line, i) => (line === '' ? [] : [linkIn(line, first + i, file)]));
  }
}

/** @throws Error for a file that is not there, and for a checkpoint that is none or that no key signed: it was put there, or changed */
export async function readCheckpoints(path: string | undefined, keys: string): Promise<readonly KeptCheckpoint[]> {
  const own = checkpointsPath();
  const from = path ?? (existsSync(own) ? own : undefined);
  if (from === undefined) return [];
  if (!existsSync(from)) throw new Error(`There is no ${from}. Name a file of checkpoints, or a folder of such files.`);
  const files = statSync(from).isDirectory() ? readdirSync(from).map((name) => join(from, name)) : [from];
  const { verifyCheckpoint } = await openCheckpointVerifier(keys);
  return files.flatMap((each) =>
    notesIn(readOwnFileSync(each, { most: CHECKPOINT_BYTES })).flatMap((note, i) => {
      const checkpoint = parseCheckpoint(note);
      if (!checkpoint) throw new Error(`${each}: checkpoint ${i + 1} has not the form of one.`);
      const verdict = verifyCheckpoint(checkpoint);
      if (verdict === 'unsigned')
        throw new Error(`${each}: checkpoint ${i + 1} was signed by none of the keys in ${keys}.`);
      // Whoever stole a key can sign any: such a one shows nothing, and is no fault of the log.
      return verdict === 'revoked' ? [] : [{ ...checkpoint, note }];
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
  const sound =
    Number.isSafeInteger(link?.seq) &&
    typeof link?.event === 'string' &&
    typeof link.prevHash === 'string' &&
    typeof link.hash === 'string' &&
    typeof link.writer === 'string';
  if (!sound) throw new Error(`${file}: line ${number} is not an event of an export. Export the audit log again.`);
  return link as ChainedEvent;
}
