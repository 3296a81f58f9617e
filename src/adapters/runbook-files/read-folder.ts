import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../domain/digest.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { isLeftByTools } from './left-by-tools.js';
import { decodeText, NotText } from '../../platform/text-file.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';

type BundleFile = RunbookBundle['files'][number];

const MOST_FILE = 1024 * 1024;
const MOST_FILES = 200;

/**
 * Every file below a folder as text, by `/`-separated path with a prefix, without what editors leave there. Links, odd names, binary files and what is no file are
 * refused, and a folder that cannot be read, or changes while it is read: that is never an error of who reads it.
 */
export async function readFolder(
  directory: string,
  prefix: string,
): Promise<{ files: BundleFile[]; problems: LoadProblem[] }> {
  const files: BundleFile[] = [];
  const problems: LoadProblem[] = [];
  const refuse = (file: string, rule: string, message: string) =>
    problems.push({ file, line: 1, rule, severity: 'error', message });
  const walk = async (folder: string, path: string): Promise<void> => {
    for (const name of (await readdir(folder)).filter((each) => !isLeftByTools(each)).sort()) {
      const at = `${path}/${name}`;
      const full = join(folder, name);
      const found = await lstat(full).catch(unlessGone);
      if (!found) continue;
      if (found.isSymbolicLink()) refuse(at, 'no-links', 'is a link: a runbook is made of plain files');
      else if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
        refuse(
          at,
          'file-name',
          'has a name that is none here: at most 100 letters, digits, dots, hyphens and underscores, a letter or digit first',
        );
      else if (found.isDirectory()) await walk(full, at);
      // A pipe would be waited for, for ever.
      else if (!found.isFile()) refuse(at, 'file-kind', 'is no plain file');
      else if (found.size > MOST_FILE) refuse(at, 'file-size', 'is larger than 1 MiB');
      else if (files.length >= MOST_FILES) refuse(at, 'file-count', `is one of more than ${MOST_FILES} files`);
      else {
        const text = readAs(await readFile(full), at);
        if (typeof text === 'string') files.push({ path: at, sha256: sha256(text), text });
        else refuse(at, 'utf-8', text.why);
      }
    }
  };
  try {
    await walk(directory, prefix);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    refuse(prefix, 'unreadable', `cannot be read (${code})`);
  }
  return { files, problems };
}

/** A file that was taken away since its folder was listed is not there. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function readAs(bytes: Buffer, file: string): string | NotText {
  try {
    return decodeText(bytes, file);
  } catch (error) {
    if (error instanceof NotText) return error;
    throw error;
  }
}
