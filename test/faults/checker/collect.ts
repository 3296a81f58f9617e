import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLine, type ApiAnswer, type AuditLink, type FinalJob, type Ledgers, type LedgerLine } from './ledgers.js';

export interface Sources {
  readonly answersFile: string;
  readonly ledgerFolder: string;
  readonly publicKeys: unknown;
  readonly kills: Ledgers['kills'];
  get(path: string): Promise<{ readonly status: number; readonly body: any }>;
}

/** Reads the ledgers of a run from outside: files and the API's read-only answers. */
export async function collect({ answersFile, ledgerFolder, publicKeys, kills, get }: Sources): Promise<Ledgers> {
  const answers = linesOf(answersFile).map((line) => JSON.parse(line) as ApiAnswer);
  const ids = [
    ...new Set(
      answers.flatMap(({ path, status, job, method }) =>
        method === 'POST' && status === 201 && job !== undefined && /jobs/.test(path) ? [job] : [],
      ),
    ),
  ];
  const jobs: FinalJob[] = [];
  for (const id of ids) {
    const { status, body } = await get(`/v1/jobs/${id}`);
    jobs.push({ id, status, state: String(body?.state), outcome: (body?.outcome as string | null) ?? null });
  }
  const exported = await get('/v1/audit/export');
  if (exported.status !== 200) throw new Error('the audit log could not be exported');
  const audit = String(exported.body)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AuditLink);
  return {
    answers,
    lines: readLedgers(ledgerFolder),
    audit,
    jobs,
    publicKeys: (publicKeys as { keys: Ledgers['publicKeys'] }).keys,
    kills,
  };
}

export function readLedgers(folder: string): readonly LedgerLine[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ledger'))
    .flatMap((name) => linesOf(join(folder, name)).map(parseLine))
    .filter((line) => line !== undefined);
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
