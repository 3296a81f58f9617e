const COLUMNS = 80;
const FONT = 14;
const CELL = 8.43;
const LINE = 20;
const MARGIN = 20;
const BAR = 36;
/** Time between two lines, and for which a full page stays (seconds). */
const PER_LINE = 0.28;
const HOLD = 5;

interface Page {
  readonly lines: readonly string[];
  /** Seconds from the start of the loop. */
  readonly from: number;
  readonly to: number;
}

/** A terminal recording as an SVG: pages of text that appear line by line, again and again. Without animation it shows the first page. */
export function terminalSvg(recorded: readonly (readonly string[])[], title: string): string {
  let clock = 0;
  const pages = recorded.map((page): Page => {
    const lines = page.flatMap(wrap);
    const from = clock;
    clock += lines.length * PER_LINE + HOLD;
    return { lines, from, to: clock };
  });
  const width = Math.ceil(COLUMNS * CELL + 2 * MARGIN);
  const rows = Math.max(...pages.map(({ lines }) => lines.length));
  const height = BAR + rows * LINE + 2 * MARGIN - 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style(pages, clock)}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    `<path d="M0 10a10 10 0 0 1 10-10h${width - 20}a10 10 0 0 1 10 10v${BAR - 10}H0z" fill="#1b222c"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (colour, index) => `<circle cx="${22 + index * 20}" cy="${BAR / 2}" r="6" fill="${colour}"/>`,
    ),
    ...pages.map((page, index) => pageSvg(page, index, pages.length, width)),
    '</svg>',
    '',
  ].join('\n');
}

function pageSvg({ lines }: Page, index: number, count: number, width: number): string {
  const texts = lines.map((line, row) => {
    const y = BAR + MARGIN + row * LINE + 8;
    const text = line.trimStart();
    // The indent is a place, not spaces: some renderers drop those at the start of a line.
    const x = (MARGIN + (line.length - text.length) * CELL).toFixed(0);
    return `<text class="l${index}-${row} ${colourOf(lines, row)}" x="${x}" y="${y}">${escaped(text)}</text>`;
  });
  const place = `<text class="dim" x="${width - 58}" y="${BAR / 2 + 5}">${index + 1} / ${count}</text>`;
  return `<g class="p${index}">${place}${texts.join('')}</g>`;
}

function style(pages: readonly Page[], total: number): string {
  const percent = (seconds: number) => `${((100 * seconds) / total).toFixed(2)}%`;
  const rules = pages.flatMap(({ lines, from, to }, index) => [
    // The first page stays where nothing is animated; the others are seen in their turn only.
    `.p${index}{opacity:${index === 0 ? 1 : 0};animation:p${index} ${total.toFixed(1)}s step-end infinite}`,
    `@keyframes p${index}{0%{opacity:${index === 0 ? 1 : 0}}${index === 0 ? '' : `${percent(from)}{opacity:1}`}${
      index === pages.length - 1 ? '' : `${percent(to)}{opacity:0}`
    }}`,
    ...lines.flatMap((_, row) => {
      const at = from + (row + 1) * PER_LINE;
      return [
        `.l${index}-${row}{animation:l${index}-${row} ${total.toFixed(1)}s step-end infinite}`,
        `@keyframes l${index}-${row}{0%{opacity:0}${percent(at)}{opacity:1}}`,
      ];
    }),
  ]);
  return [
    `text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9}`,
    '.heading{fill:#79c0ff;font-weight:700}.add{fill:#7ee787}.remove{fill:#ffa198}.change{fill:#e3b341}',
    '.good{fill:#7ee787;font-weight:700}.stop{fill:#ff9f5a;font-weight:700}.dim{fill:#8b949e}.prompt{fill:#ffffff;font-weight:700}',
    ...rules,
    '@media (prefers-reduced-motion:reduce){*{animation:none!important}}',
  ].join('');
}

/** The colour of a line; a wrapped line has that of its beginning. */
function colourOf(lines: readonly string[], row: number): string {
  const own = kindOf(lines[row] ?? '');
  const before = lines[row - 1];
  return own === '' && before !== undefined && (lines[row] ?? '').startsWith(' '.repeat(8))
    ? colourOf(lines, row - 1)
    : own;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\$ /, 'prompt'],
  [/^== /, 'heading'],
  [/^ {6}before /, 'remove'],
  [/^ {6}after /, 'add'],
  [/^ {2}- /, 'change'],
  [/^ {2}succeeded/, 'good'],
  [/^ {2}✓/, 'add'],
  [/^ {2}(refused|blocked|awaiting-approval)/, 'stop'],
  [/^ {4}proof|^ {2}…$/, 'dim'],
];

function kindOf(line: string): string {
  return KINDS.find(([pattern]) => pattern.test(line))?.[1] ?? '';
}

/** Breaks a long line at a space or a separator; what follows is indented by eight. */
function wrap(line: string): readonly string[] {
  if (line.length <= COLUMNS) return [line];
  const head = line.slice(0, COLUMNS);
  const space = head.lastIndexOf(' ');
  const mark = Math.max(head.lastIndexOf('/'), head.lastIndexOf(':')) + 1;
  const at = space > COLUMNS / 2 ? space + 1 : mark > COLUMNS / 2 ? mark : COLUMNS;
  return [line.slice(0, at).trimEnd(), ...wrap(`${' '.repeat(8)}${line.slice(at)}`)];
}

/** Safe in an SVG; spaces are kept, whatever shows it. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');
}
