import { CommanderError, type Command } from 'commander';
import { clientFromEnvironment, type Client } from './client.js';
import { jobLines, type ShownJob } from './print.js';

/** What every command shares: who signs in, how things are printed. */
export interface Io {
  readonly asJson: () => boolean;
  readonly client: () => Client;
  /** JSON where it was asked for, else the text. */
  readonly print: (data: unknown, text: string) => void;
  readonly showJob: (job: ShownJob) => void;
}

export function ioOf(program: Command): Io {
  const asJson = () => program.opts<{ json?: boolean }>().json === true;
  const print = (data: unknown, text: string) =>
    void process.stdout.write(`${asJson() ? JSON.stringify(data, null, 2) : text}\n`);
  return {
    asJson,
    print,
    client: () => clientFromEnvironment(program.opts<{ as?: string }>().as),
    showJob(shown) {
      print(shown, jobLines(shown));
      if (['blocked', 'failed', 'rejected', 'expired', 'rollback-failed'].includes(shown.state)) process.exitCode = 1;
    },
  };
}

/** A value that should be text, as text; anything else as nothing. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A JSON object from the command line. @throws CommanderError (usage) for anything else. */
export function parseObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new CommanderError(2, 'fixpoint.json', `not a JSON object: ${text.slice(0, 80)}`);
  }
  return parsed as Record<string, unknown>;
}
