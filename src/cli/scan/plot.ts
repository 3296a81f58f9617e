/** One row of a plot: its label, how many of each kind, and what stands behind the bar. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly mark: string; readonly count: number }[];
  readonly note: string;
}

/** The narrowest bar and the widest one, in characters. */
const LEAST = 10;
const MOST = 60;

/**
 * Stacked bars of plain characters, one row each, as wide as fits. Every kind that is there at all has at least one character, so that one
 * machine of five hundred is seen.
 * @param width of the terminal, in characters
 */
export function plot(bars: readonly Bar[], width: number): string {
  const labels = Math.max(0, ...bars.map(({ label }) => label.length));
  const notes = Math.max(0, ...bars.map(({ note }) => note.length));
  // The border, and blanks between the three columns.
  const room = Math.max(LEAST, Math.min(MOST, width - labels - notes - 5));
  return bars
    .map(({ label, parts, note }) => `${label.padEnd(labels)} |${stacked(parts, room).padEnd(room)}| ${note}`.trimEnd())
    .join('\n');
}

function stacked(parts: Bar['parts'], room: number): string {
  const shown = parts.filter(({ count }) => count > 0);
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return '';
  const cells = shown.map(({ count }) => Math.max(1, Math.floor((count * room) / total)));
  // What rounding leaves over, or took too much, is the largest one's.
  const largest = shown.reduce((best, { count }, at) => (count > (shown[best]?.count ?? 0) ? at : best), 0);
  const others = cells.reduce((sum, each, at) => (at === largest ? sum : sum + each), 0);
  return shown.map(({ mark }, at) => mark.repeat(at === largest ? room - others : (cells[at] ?? 0))).join('');
}
