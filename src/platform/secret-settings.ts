import { resolve } from 'node:path';
import { fileProblem } from './file-fault.js';
import { readOwnFileSync, SECRET_BYTES } from './read-own-file.js';

/** What a secret setting says: its value, or why it has none that can be used, as a sentence about `variable` ends. */
export interface SecretSetting {
  /** The variable that was used: the name itself, or `<name>_FILE`. */
  readonly variable: string;
  readonly value?: string;
  readonly problem?: string;
}

/** The path that `<name>_FILE` holds, from a folder; undefined where it is not set. */
export function secretFileOf(env: NodeJS.ProcessEnv, name: string, folder: string): string | undefined {
  const text = env[`${name}_FILE`]?.trim() ?? '';
  return text === '' ? undefined : resolve(folder, text);
}

/** A secret setting: the variable itself, or the first line of the file that `<name>_FILE` names. Its value is in no problem. */
export function secretSetting(env: NodeJS.ProcessEnv, name: string, folder: string): SecretSetting {
  const own = env[name]?.trim() ?? '';
  const path = secretFileOf(env, name, folder);
  if (path === undefined) return own === '' ? { variable: name } : { variable: name, value: own };
  const variable = `${name}_FILE`;
  if (own !== '') return { variable, problem: `and ${name} are both set: remove ${name}` };
  try {
    const value = readOwnFileSync(path, { most: SECRET_BYTES }).trim();
    return value === '' ? { variable, problem: `names ${path}, which is empty` } : { variable, value };
  } catch (error) {
    const why = fileProblem(path, error) ?? `${(error as Error).message}.`;
    return { variable, problem: `names a file that cannot be read. ${why}` };
  }
}
