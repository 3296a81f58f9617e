/** A UTC time as text, `yyyy-MM-ddTHH:mm:ss.fffZ`: one precision everywhere, so that text order is time order. */
export type UtcText = string;

export function utcText(time: Date): UtcText {
  return time.toISOString();
}

/**
 * Milliseconds of a time in the form of `utcText`.
 * @param otherwise what counts for a text that is no such time
 */
export function timeIn(text: string, otherwise: number): number {
  const time = new Date(text);
  const sound = text >= '0001' && !Number.isNaN(time.getTime()) && utcText(time) === text;
  return sound ? time.getTime() : otherwise;
}

/** A target whose clock is further off than this is refused: times of the target are compared with ours. */
export const MOST_CLOCK_SKEW_MS = 5 * 60_000;

/** Parses a manifest duration such as `30s`, `10m`, `24h`, `7d` into milliseconds. */
export function durationMs(text: string): number {
  const match = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error(`not a duration: ${text}`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 'ms' | 's' | 'm' | 'h' | 'd'];
  return Number(match[1]) * unit;
}
