import { expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { csvHead, csvLine, type ShownEvent } from '../../src/http/views/audit.js';

const event = (reason: string) =>
  ({
    ...{ at: '2026-11-29T12:00:00.000Z', action: 'change.result', outcome: 'ok', actor: { id: 'a', name: 'Ann' } },
    ...{ data: {}, job: null, subject: null, verified: true, problem: null },
    decision: { requester: { id: 'a', name: 'Ann' }, reason, ticket: null, approvals: [] },
    change: { resource: 'r', property: 'p', before: '-5', after: '=1+1', result: 'applied' },
  }) as unknown as ShownEvent;

/** The cells as a spreadsheet sees them whose list separator this is: a quotation mark counts at the beginning of a cell alone. */
function cellsOf(text: string, delimiter: string): readonly string[] {
  const rows = parse(text, { delimiter, relax_quotes: true, relax_column_count: true });
  return rows.flat().map((cell) => cell.replace(/^["\s]+/, ''));
}

const REASONS = [
  '=HYPERLINK("http://evil")',
  'ok;=cmd|calc',
  'ok; =cmd',
  'ok;"=cmd',
  'ok\t=cmd',
  'ok\n=cmd\r+cmd',
  'a, "b";@SUM(1)',
  ';;-1',
  '＝cmd;＋cmd',
  '"x";"=cmd"',
];

it.each(REASONS.flatMap((reason) => [',', ';', '\t'].map((delimiter) => [reason, delimiter])))(
  'the reason %j is no formula where %j separates cells',
  (reason, delimiter) => {
    const cells = cellsOf(csvHead() + csvLine(event(reason)), delimiter);
    expect(cells.length).toBeGreaterThan(1);
    expect(cells.filter((cell) => /^[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
  },
);

it('a cell is what it was where there is nothing to guard, and quoted where a semicolon is in it', () => {
  const line = csvLine(event('5 = 2+3; done - really'));
  expect(line).toContain(',"5 = 2+3; done - really",');
  expect(line).toContain(",'-5,'=1+1,");
});
