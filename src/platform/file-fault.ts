import { readOwnFileSync, UnfitFile } from './read-own-file.js';
import { NotText } from './text-file.js';

const WORDS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no ${path}.`,
  EISDIR: (path) => `${path} is a folder. Name a file.`,
  ENOTDIR: (path) => `There is no ${path}: a part of this path is a file.`,
  EACCES: (path) => `You may not read or write ${path}. Run the command as the user of the installation.`,
  EPERM: (path) => `You may not read or write ${path}. Run the command as the user of the installation.`,
  ENOSPC: (path) => `There is no space left for ${path}.`,
  EROFS: (path) => `${path} is on a file system that takes no writes.`,
};

/** What a system error about a file means, in words that name the file; undefined for any other error. */
export function fileProblem(path: string, error: unknown): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  return Object.hasOwn(WORDS, code) ? WORDS[code]?.(path) : undefined;
}

/** The value of a JSON file of the installation. @throws Error that names the file; nothing of what it holds is repeated */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readOwnFileSync(path);
  } catch (error) {
    if (error instanceof UnfitFile || error instanceof NotText) throw error;
    throw new Error(fileProblem(path, error) ?? `${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The error of the parser repeats a part of the text, which may be a password.
    throw new Error(`${path} is not JSON: it is empty, cut off or changed by hand. Restore the file or correct it.`);
  }
}
