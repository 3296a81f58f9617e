import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseLine,
  type ApiAnswer,
  type AuditLink,
  type FinalItem,
  type FinalJob,
  type FinalRollout,
  type Ledgers,
  type LedgerLine,
} from './ledgers.js';

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
  const rollouts: FinalRollout[] = [];
  for (const id of madeBy(answers, /rollouts/)) rollouts.push(await readRollout(id, get));
  const items = rollouts.flatMap((rollout) => rollout.items.map(({ job }) => job));
  const ids = new Set([...madeBy(answers, /jobs/), ...items]);
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
    rollouts,
    publicKeys: (publicKeys as { keys: Ledgers['publicKeys'] }).keys,
    kills,
  };
}

/** Ids of what requests to such paths made. */
function madeBy(answers: readonly ApiAnswer[], path: RegExp): ReadonlySet<string> {
  const made = answers.filter((one) => one.method === 'POST' && one.status === 201 && path.test(one.path));
  return new Set(made.flatMap(({ job }) => (job === undefined ? [] : [job])));
}

async function readRollout(id: string, get: Sources['get']): Promise<FinalRollout> {
  const { status, body } = await get(`/v1/rollouts/${id}`);
  const items = (body?.items ?? []) as readonly FinalItem[];
  return {
    ...{ id, status, state: String(body?.status) },
    items: items.map(({ index, job, status: shown }) => ({ index, job, status: shown })),
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
