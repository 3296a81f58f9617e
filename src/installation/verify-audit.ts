import { existsSync, statSync } from 'node:fs';
import { openAuditJudges, type AuditJudges } from '../adapters/keys/audit-judges.js';
import type { ChainedEvent } from '../domain/audit.js';
import { recordProblem, type VerifyGrant } from '../domain/audit-line.js';
import { createStore } from '../adapters/postgres/index.js';
import { apiDatabaseUrl } from './database-url.js';
import { auditVerifier, grantsIn, type AuditVerdict } from '../domain/verify-audit.js';
import { publicKeysPath } from './public-files.js';
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
  keys = publicKeysPath(),
  checkpoints,
  head,
}: VerifyOptions): Promise<AuditVerdict> {
  if (file !== undefined && !existsSync(file)) throw new Error(`There is no file ${file}.`);
  if (file !== undefined && statSync(file).isDirectory())
    throw new Error(`${file} is a folder. Name an exported file.`);
  if (!existsSync(keys)) throw new Error(`There is no ${keys}. Name the public keys with --keys.`);
  const { judges, announce } = await openAuditJudges(keys);
  const verifier = auditVerifier({
    ...judges,
    checkpoints: [...(judges.checkpoints ?? []), ...(await readCheckpoints(checkpoints, keys))],
    ...(head === undefined ? {} : { head }),
  });
  for await (const links of judgedAhead(linksOf(file), announce)) for (const link of links) verifier.add(link);
  const verdict = verifier.end();
  return file === undefined ? withRecord(verdict, judges.verify) : verdict;
}

/** So many readings are on their way to the verifier: the signatures of the later ones are judged beside the hashes of the first. */
const AHEAD = 4;

async function* judgedAhead(read: AsyncIterable<readonly ChainedEvent[]>, announce: AuditJudges['announce']) {
  const waiting: { readonly links: readonly ChainedEvent[]; readonly judged: Promise<void> }[] = [];
  for await (const links of read) {
    waiting.push({ links, judged: announce(grantsIn(links)) });
    if (waiting.length <= AHEAD) continue;
    const [first] = waiting.splice(0, 1);
    await first?.judged;
    yield first?.links ?? [];
  }
  for (const { links, judged } of waiting) {
    await judged;
    yield links;
  }
}

/** So many jobs are compared at once. */
const PAGE = 200;

/** What the database of this machine holds of its jobs, compared with the digests in its log. */
async function withRecord(verdict: AuditVerdict, verify: VerifyGrant): Promise<AuditVerdict> {
  const record = createStore(apiDatabaseUrl(), { max: 1 });
  const problems = [...verdict.problems];
  try {
    for (let before: string | undefined; ;) {
      const jobs = await record.queries.list({ limit: PAGE, ...(before === undefined ? {} : { before }) });
      const records = await record.audit.records(jobs.map(({ id }) => id));
      for (const [id, each] of records) {
        const reason = recordProblem(each, verify);
        if (reason !== null) problems.push({ seq: each.links[0]?.seq ?? 0, reason: `is about job ${id}: ${reason}` });
      }
      before = jobs.at(-1)?.id;
      if (jobs.length < PAGE) break;
    }
  } finally {
    await record.close();
  }
  const problemCount = verdict.problemCount + problems.length - verdict.problems.length;
  return { ...verdict, problems, problemCount, ok: verdict.ok && problems.length === 0 };
}
