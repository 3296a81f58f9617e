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

const ENDS_INPUT = ['\r', '\n', '\u0004'];
const STOPS = '\u0003';
const ERASES = ['\u007f', '\b'];

/**
 * Asks for a secret on the terminal, which does not show it.
 * @param otherwise what a script does instead
 * @throws CommanderError (usage) where nobody can be asked, and where the person stops with Ctrl-C
 */
export async function askSecret(text: string, otherwise: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) throw usage(`Nobody can be asked: stdin is not a terminal. ${otherwise}`);
  // Before the question: whoever answers at once is not shown either.
  stdin.setRawMode(true);
  stderr.write(text);
  stdin.setEncoding('utf8').resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      const typed: string[] = [];
      const read = (chunk: string) => {
        for (const character of chunk) {
          if (character === STOPS) return end(() => reject(usage('Stopped. Nothing was done.')));
          if (ENDS_INPUT.includes(character)) return end(() => resolve(typed.join('')));
          if (ERASES.includes(character)) typed.pop();
          else typed.push(character);
        }
      };
      const end = (settle: () => void) => {
        stdin.off('data', read);
        settle();
      };
      stdin.on('data', read);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
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
