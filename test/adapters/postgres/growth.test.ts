import { describe, expect, it } from '@jest/globals';
import { openSide, type Side } from '../../../bench/growth-side.js';
import { STEPS } from '../../../bench/growth-steps.js';
import { withScratchPostgres } from '../../../bench/scratch-postgres.js';

const TURNS = 50;

/** What `TURNS` of a step read, in all. */
async function readBy(step: (typeof STEPS)[string], side: Side) {
  const { parts, close } = await side.open();
  for (let i = 0; i < TURNS; i++) await step(side, parts);
  return close();
}

it('a database of some thousand jobs does not scan the audit log to find the few unchained events', async () => {
  await withScratchPostgres('growth-test', async (adminUrl) => {
    const side = await openSide(adminUrl, 'small', 2_000, TURNS);
    for (const [name, step] of Object.entries(STEPS)) {
      expect({ name, scans: (await readBy(step, side)).fullScans.audit_events }).toEqual({ name, scans: 0 });
    }
  });
});

describe('a database with three times as many finished jobs', () => {
  it('claims, lists and watches through indexes, and reads no more rows', async () => {
    const seen: string[] = [];
    await withScratchPostgres('growth-test', async (adminUrl) => {
      const queued = TURNS * Object.keys(STEPS).length;
      // Fewer would fit on so few pages that reading whole tables is the better plan.
      const few = await openSide(adminUrl, 'few', 20_000, queued);
      const many = await openSide(adminUrl, 'many', 60_000, queued);
      for (const [name, step] of Object.entries(STEPS)) {
        const [ofFew, ofMany] = [await readBy(step, few), await readBy(step, many)];
        expect({ name, ...ofFew.fullScans }).toEqual({ name, ...noneOf(ofFew.fullScans) });
        expect({ name, ...ofMany.fullScans }).toEqual({ name, ...noneOf(ofMany.fullScans) });
        // Something was read at all: a counter that stands still would agree with everything.
        expect(ofFew.rows).toBeGreaterThan(TURNS);
        seen.push(`${name}: rows ${ofFew.rows} ${ofMany.rows}, pages ${ofFew.pages} ${ofMany.pages}`);
        expect(ofMany.rows / ofFew.rows).toBeLessThan(1.2);
        // An index grows by a level now and then; each level is one page more.
        expect(ofMany.pages / ofFew.pages).toBeLessThan(1.5);
      }
    });
    expect(seen).toHaveLength(Object.keys(STEPS).length);
  });
});

const noneOf = (scans: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.keys(scans).map((table) => [table, 0]));
