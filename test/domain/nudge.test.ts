import { describe, expect, it } from '@jest/globals';
import { retryDelayMs, REQUEUE_AFTER_MS } from '../../src/domain/nudge.js';

describe('the next check of a target after an inconclusive one', () => {
  it('comes after 3 s at first, then at growing intervals of at most 15 s', () => {
    expect([0, 2_000, 24_000, 48_000, 80_000, 120_000, 86_400_000].map(retryDelayMs)).toEqual([
      3_000, 3_000, 3_000, 6_000, 10_000, 15_000, 15_000,
    ]);
  });

  it('comes soon also after the database clock jumped back', () => {
    expect(retryDelayMs(-60_000)).toBe(3_000);
  });
});

describe('a job without progress', () => {
  it('is enqueued after the queue has given up the message of a killed worker: a lock of 10 s, checked every 3 s', () => {
    expect(REQUEUE_AFTER_MS).toBeGreaterThan(13_000);
    expect(REQUEUE_AFTER_MS).toBeLessThanOrEqual(15_000);
  });
});
