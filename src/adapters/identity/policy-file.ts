import { stat } from 'node:fs/promises';
import { PolicyUnreadable } from '../../domain/policy/policy.js';
import { BUILT_IN_RIGHTS, type Rights } from '../../domain/policy/rights.js';
import { readOwnFile } from '../../platform/read-own-file.js';
import type { RightsSource } from '../../ports/rights.js';
import type { ValueChecker } from '../../ports/values.js';
import { rightsOfText } from './policy-text.js';

/**
 * The policy file: `{ "rules": [ … ] }`. Read again whenever it changes; where there is none, the built-in policy counts.
 * @throws PolicyUnreadable
 */
export function createPolicyFile(path: string, values: ValueChecker): RightsSource {
  let known: { readonly stamp: string; readonly rights: Rights } | undefined;
  const fresh = async (): Promise<Rights> => {
    const found = await stat(path);
    const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (known?.stamp !== stamp) known = { stamp, rights: await readRights(path, values) };
    return known.rights;
  };
  return {
    read: () =>
      fresh().catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return BUILT_IN_RIGHTS;
        throw error instanceof PolicyUnreadable ? error : new PolicyUnreadable(placed(path, error.message));
      }),
  };
}

async function readRights(path: string, values: ValueChecker): Promise<Rights> {
  const rights = rightsOfText(await readOwnFile(path), values);
  if (rights.ok) return rights.value;
  throw new PolicyUnreadable(`${path} has mistakes: ${rights.error}`);
}

const placed = (path: string, message: string): string => (message.startsWith(path) ? message : `${path}: ${message}`);
