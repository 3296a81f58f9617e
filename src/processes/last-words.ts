import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** So many lines before the end may hold its reason. */
const KEPT = 40;

/** How an error begins that Node prints of a process which it ends: `TypeError: …`, `Error [ERR_X]: …`, `QueueRefused: …`. */
const ERROR = /^(Uncaught )?([A-Z][A-Za-z]*)( \[[A-Z_0-9]+\])?: \S/;
/** What Node prints around an error: its place, its stack, its members, and its own version in the last line. */
const AROUND = /^(\s|[{}^]|node:|file:|\/.*:\d+$|Node\.js v|Thrown at:)/;

/** What a process printed, and from that why it ended. */
export interface LastWords {
  /** Why it ended, as far as it said: its newest error, else its last line; empty where it said nothing. */
  reason(): string;
}

interface Line {
  readonly text: string;
  readonly isError: boolean;
}

/**
 * Reads the output of a process line by line.
 * @param say gets each line as a person reads it
 */
export function listenTo(streams: readonly (Readable | null)[], say: (line: string) => void): LastWords {
  const lines: Line[] = [];
  const hear = (raw: string) => {
    if (raw.trim() === '') return;
    const line = lineOf(raw);
    say(line.text);
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
  };
  for (const stream of streams) if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', hear);
  return {
    reason: () => {
      const told = lines.filter(({ text }) => !AROUND.test(text));
      return (lines.findLast(({ isError }) => isError) ?? told.at(-1) ?? lines.at(-1))?.text ?? '';
    },
  };
}

const ERROR_LEVEL = 50;

/** A line of the parts' JSON log as a person reads it, or any other line as it is. */
function lineOf(raw: string): Line {
  try {
    const { msg, err, level } = JSON.parse(raw) as { msg?: string; err?: { message?: string }; level?: number };
    return { text: [msg, err?.message].filter(Boolean).join(': '), isError: (level ?? 0) >= ERROR_LEVEL };
  } catch {
    return { text: raw, isError: ERROR.test(raw) };
  }
}
