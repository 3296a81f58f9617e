import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { fileProblem } from '../platform/file-fault.js';

/** What can be read and asked: replaced in tests. */
export interface Sources {
  readonly file: (path: string) => string;
  readonly stdin: () => string;
  /** Asks a person; undefined where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** A command that was used wrongly: exit code 2. */
export const usage = (message: string): CommanderError => new CommanderError(2, 'fixpoint.usage', message);

/** Files, standard input, and the person at the terminal where there is one. */
export function terminal(): Sources {
  return {
    file: readText,
    stdin: readStdin,
    ask: process.stdin.isTTY && process.stderr.isTTY ? question : undefined,
  };
}

export const readStdin = (): string => readFileSync(0, 'utf8');

/** The text of a file that a person named. @throws CommanderError (usage) with the reason when it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(fileProblem(path, error) ?? `${path} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Asks a yes-or-no question on the terminal; anything but y or yes is no.
 * @param otherwise what a script does instead
 * @throws CommanderError (usage) where nobody can be asked
 */
export async function confirm(text: string, otherwise: string): Promise<boolean> {
  const { ask } = terminal();
  if (!ask) throw usage(`Nobody can confirm: stdin is not a terminal. ${otherwise}`);
  return /^y(es)?$/i.test(await ask(`${text} [y/N] `));
}

/** On stderr: what a command prints may go to a file. */
async function question(text: string): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(text)).trim();
  } finally {
    asking.close();
  }
}
