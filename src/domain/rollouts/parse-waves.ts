import { fail, ok, type Result } from '../result.js';
import type { Wave } from './declaration.js';

const WAVE =
  /^(?:([A-Za-z][A-Za-z0-9_-]{0,39})\s*:\s*)?(?:(\d{1,4})\s*(%)?|(rest))((?:\s+(?:soak\s+\d{1,6}(?:s|m|h)|approval))*)$/;

/**
 * Waves as a person writes them: `canary: 1, then 10% soak 30m, then rest approval`. A comma, `then` or both stand between two of them.
 * The error is the part that is no wave. Whether the waves fit a list is for `declarationProblems`.
 */
export function parseWaves(text: string): Result<readonly Wave[], string> {
  const waves: Wave[] = [];
  for (const part of text.split(/\s*,\s*then\s+|\s*,\s*|\s+then\s+/)) {
    const wave = parseWave(part.trim());
    if (!wave) return fail(part.trim());
    waves.push(wave);
  }
  return ok(waves);
}

function parseWave(text: string): Wave | undefined {
  const match = WAVE.exec(text);
  if (!match) return undefined;
  const [, name, number, percent, rest, options = ''] = match;
  const words = options.split(/\s+/).filter(Boolean);
  const soaks = words.filter((_, i) => words[i - 1] === 'soak');
  const approvals = words.filter((word) => word === 'approval');
  if (soaks.length > 1 || approvals.length > 1) return undefined;
  const [soak] = soaks;
  return {
    size: rest ?? (percent === undefined ? Number(number) : `${Number(number)}%`),
    ...(name === undefined ? {} : { name }),
    ...(soak === undefined ? {} : { soak }),
    ...(approvals.length > 0 ? { approval: true } : {}),
  };
}

/** Waves as `parseWaves` reads them. */
export function wavesText(waves: readonly Wave[]): string {
  return waves
    .map(({ name, size, soak, approval }) =>
      [
        ...(name === undefined ? [] : [`${name}:`]),
        String(size),
        ...(soak === undefined ? [] : [`soak ${soak}`]),
        ...(approval === true ? ['approval'] : []),
      ].join(' '),
    )
    .join(', then ');
}
