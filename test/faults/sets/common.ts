import { join } from 'node:path';
import pg from 'pg';
import { collect } from '../checker/collect.js';
import { judge, type Verdict } from '../checker/verdict.js';
import { watchJobs } from '../drive/watch.js';
import type { World } from '../drive/lives.js';
import type { Build } from '../build/build.js';
import { dice, until } from '../rig/folders.js';
import { publicKeys, type Template } from '../rig/template.js';
import type { Rig } from '../rig/rig.js';

export interface SetOptions {
  readonly seed: number;
  /** How many faults of its kind; the set's own default where absent. */
  readonly rounds?: number;
  readonly real: Build;
  readonly standIn: Build;
  readonly template: Template;
  readonly say: (text: string) => void;
}

export interface SetResult extends Verdict {
  readonly set: string;
  readonly seed: number;
  readonly faults: number;
  readonly executor: 'engine' | 'stand-in';
  readonly seconds: number;
  readonly note?: string;
}

export type FaultSet = (options: SetOptions) => Promise<SetResult>;

export function worldOf(rig: Rig, seed: number): World {
  return {
    client: rig.client,
    watch: watchJobs(rig.client),
    ledgers: rig.ledgers,
    dice: dice(seed),
    counter: { n: 0 },
  };
}

/** A connection with all rights, for what only a fault may do. */
export async function asAdmin<T>(rig: Rig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(rig.postgres.adminUrl);
  url.pathname = '/fixpoint';
  const client = new pg.Client({ connectionString: url.toString() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Waits until every event is chained, then reads the ledgers and judges. A process that ended by itself is a problem too. */
export async function verdictOf(rig: Rig, more: readonly string[] = []): Promise<Verdict> {
  await until('every event is chained', () =>
    asAdmin(rig, async (client) => {
      const { rows } = await client.query<{ left: string }>(
        'SELECT count(*) AS left FROM audit_events e WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_n = e.n)',
      );
      return rows[0]?.left === '0';
    }),
  );
  const ledgers = await collect({
    answersFile: join(rig.home, 'answers.jsonl'),
    ledgerFolder: rig.ledgers,
    publicKeys: publicKeys(rig.home),
    kills: rig.kills,
    get: async (path) => {
      const who = path.includes('/audit') ? 'auditor' : 'admin';
      for (let tries = 0; ; tries++) {
        const answer = await rig.client.call(who, 'GET', path);
        if (answer.status === 200 || tries > 20) return answer;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  });
  const verdict = judge(ledgers);
  const problems = [...verdict.problems, ...rig.crashes, ...more];
  return { ...verdict, ok: verdict.ok && problems.length === 0, problems };
}
