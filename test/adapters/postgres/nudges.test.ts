import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createNudges } from '../../../src/adapters/postgres/nudges.js';
import { createRecentLooks } from '../../../src/adapters/postgres/jobs/recent-looks.js';
import type { Seen } from '../../../src/adapters/postgres/jobs/job-view.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A pool whose statements end when they are told to. */
function slowPool() {
  const sent: unknown[][] = [];
  const waiting: (() => void)[] = [];
  const query = (_text: string, values: unknown[]) => {
    sent.push(values);
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    pool: { query } as unknown as Pick<pg.Pool, 'query'>,
    sent,
    answer: () => waiting.splice(0).forEach((resolve) => resolve()),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

describe('nudges', () => {
  it('gather while one statement is not answered, each job once', async () => {
    const { pool, sent, answer } = slowPool();
    const nudges = createNudges(pool);
    nudges.job('a');
    await until(() => sent.length === 1);
    for (const id of ['b', 'c', 'b']) {
      nudges.job(id);
      await pause(15);
    }
    nudges.outbox();
    await pause(15);
    expect(sent).toHaveLength(1);
    answer();
    await until(() => sent.length === 2);
    expect(sent[1]).toEqual([
      ['fixpoint_outbox', 'fixpoint_job', 'fixpoint_job'],
      ['', 'b', 'c'],
    ]);
    answer();
    await nudges.close();
  });

  it('that are gathered at the end are sent, and nothing after it', async () => {
    const { pool, sent, answer } = slowPool();
    const nudges = createNudges(pool);
    nudges.job('a');
    const closed = nudges.close();
    await until(() => sent.length === 1);
    answer();
    await closed;
    nudges.job('b');
    await pause(30);
    expect(sent).toEqual([[['fixpoint_job'], ['a']]]);
  });
});

describe('a recent look', () => {
  const seen = (id: string) => {
    const at = new Date(1000);
    return { version: '1', view: { job: { id }, journal: [], decisions: [], now: at, latest: at } } as unknown as Seen;
  };

  it('is used once, with times that have advanced', async () => {
    const looks = createRecentLooks();
    looks.keep(seen('a'));
    await pause(20);
    const used = looks.take('a');
    expect(used?.version).toBe('1');
    expect(used?.view.now.getTime()).toBeGreaterThanOrEqual(1015);
    expect(looks.take('a')).toBeUndefined();
  });

  it('that is older than a second is not used', async () => {
    const looks = createRecentLooks();
    looks.keep(seen('a'));
    await pause(1100);
    expect(looks.take('a')).toBeUndefined();
  });
});
