import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import type { Compliance } from '../../src/cli/api/types.js';
import { plot } from '../../src/cli/scan/plot.js';
import { trendRows, trendText } from '../../src/cli/scan/text.js';

const NONE = { planning: 0, compliant: 0, drifted: 0, failed: 0, unreached: 0, cancelled: 0 };
const point = (day: number, counts: Partial<typeof NONE>, changed: Compliance['scans'][number]['changed'] = []) => ({
  scan: `scan-${day}`,
  version: '1.0.0',
  submittedAt: `2026-11-0${day}T02:00:00.000Z`,
  endedAt: `2026-11-0${day}T02:05:00.000Z`,
  count: Object.values(counts).reduce((sum, each) => sum + each, 0),
  counts: { ...NONE, ...counts },
  changed,
});
const became = (name: string): Compliance['scans'][number]['changed'][number] => ({
  ...{ target: name, name, parameters: {} },
  before: { status: 'compliant', changes: 0 },
  after: { status: 'drifted', changes: 2 },
});

describe('the plot of a trend', () => {
  const trend: Compliance = {
    runbook: 'set-file-text',
    scans: [point(1, { compliant: 60 }), point(2, { compliant: 55, drifted: 4, unreached: 1 }, [became('pc-1')])],
  };

  it('has a bar for each scan and names what changed', () => {
    expect(trendText(trend, 60)).toBe(
      [
        'set-file-text, 2 scans (UTC): # compliant  ? unreached  x drifted',
        `2026-11-01 02:05 |${'#'.repeat(34)}| 60/60`,
        `2026-11-02 02:05 |${'#'.repeat(31)}?xx| 55/60`,
        '',
        'Changed at 2026-11-02 02:05:',
        '  pc-1: compliant -> drifted (2)',
      ].join('\n'),
    );
    expect(trendText({ runbook: 'x', scans: [] }, 80)).toBe('No scan of x has ended.');
  });

  test.each([20, 60, 80, 200])('fits into %i columns where that is wide enough for a bar at all', (width) => {
    const widest = Math.max(
      ...trendText(trend, width)
        .split('\n')
        .slice(1, 3)
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(Math.max(width, 36));
  });

  it('is plain ASCII', () => {
    expect(trendText(trend, 80)).toMatch(/^[\n -~]*$/);
  });

  it('shows every kind that is there, and fills its bar exactly', () => {
    const parts = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500));
    fc.assert(
      fc.property(parts, fc.integer({ min: 40, max: 300 }), (counts, width) => {
        const marks = ['#', '~', '-', '?', '!', 'x'];
        const bar = plot(
          [{ label: 'l', parts: counts.map((count, i) => ({ mark: marks[i] ?? '', count })), note: 'n' }],
          width,
        );
        const inside = bar.slice(bar.indexOf('|') + 1, bar.lastIndexOf('|'));
        for (const [i, count] of counts.entries()) expect(inside.includes(marks[i] ?? '')).toBe(count > 0);
        expect(inside.length).toBe(Math.max(10, Math.min(60, width - 7)));
      }),
    );
  });

  it('is CSV too, with one line for each scan', () => {
    expect(trendRows(trend)[2]).toEqual([
      'scan-2',
      '2026-11-02T02:05:00.000Z',
      '1.0.0',
      '60',
      '4',
      '0',
      '1',
      '0',
      '0',
      '55',
      'pc-1: compliant -> drifted (2)',
    ]);
    expect(trendRows(trend)[0]).toHaveLength(11);
  });
});
