import { describe, expect, it } from '@jest/globals';
import { retryDelayMs, REQUEUE_AFTER_MS } from '../../src/domain/nudge.js';

describe('the next look at a target that decided nothing', () => {
  it('comes after 3 s at first, later the seldomer, and never after more than 15 s', () => {
    expect([0, 2_000, 24_000, 48_000, 80_000, 120_000, 86_400_000].map(retryDelayMs)).toEqual([
      3_000, 3_000, 3_000, 6_000, 10_000, 15_000, 15_000,
    ]);
  });

  it('comes soon also where the clock of the record went back', () => {
    expect(retryDelayMs(-60_000)).toBe(3_000);
  });
});

describe('a job without news', () => {
  it('is sent for after the queue has given up the message of a killed worker, a lock of 10 s looked at every 3 s', () => {
    expect(REQUEUE_AFTER_MS).toBeGreaterThan(13_000);
    expect(REQUEUE_AFTER_MS).toBeLessThanOrEqual(15_000);
  });
});
