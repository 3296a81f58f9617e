import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { decodeText, NotText } from '../platform/text-file.js';
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

export const readStdinBytes = (): Buffer => readFileSync(0);

/** @throws CommanderError (usage) for what is not text */
export const readStdin = (): string => textOf(readStdinBytes(), 'Standard input');

/** The text of a file that a person named. @throws CommanderError (usage) with the reason when it cannot be read */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw usage(fileProblem(path, error) ?? `${path} cannot be read: ${(error as Error).message}`);
  }
  return textOf(bytes, path);
}

function textOf(bytes: Buffer, file: string): string {
  try {
    return decodeText(bytes, file);
  } catch (error) {
    throw error instanceof NotText ? usage(`${error.message}.`) : error;
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
