import { join } from 'node:path';
import { localUrl } from './address.js';
import { homeDirectory } from './install-root.js';
import { writeWhole } from './own-files.js';
import { readOwnFileSync } from './read-own-file.js';

const fileOf = (home: string) => join(home, 'address.json');

/** Notes in a home at which address its API answers; commands on this machine read it. It stays when the product stops. */
export function noteAddress(home: string, url: string): void {
  writeWhole(fileOf(home), `${JSON.stringify({ url })}\n`, 0o644);
}

/**
 * The address of the API for the commands of this machine: FIXPOINT_URL, else FIXPOINT_HOST and FIXPOINT_PORT where one is set, else
 * where the instance of this home answers, else http://127.0.0.1:8400.
 */
export function apiAddress(env: NodeJS.ProcessEnv = process.env): string {
  const { FIXPOINT_URL: url, FIXPOINT_HOST: host, FIXPOINT_PORT: port } = env;
  if (url !== undefined && url !== '') return url;
  // A port that is none is told by whoever reads the address.
  if (port !== undefined && port !== '') return localUrl(host || '127.0.0.1', Number(port));
  return notedAddress(homeDirectory(env)) ?? localUrl(host || '127.0.0.1', 8400);
}

function notedAddress(home: string): string | undefined {
  try {
    return (JSON.parse(readOwnFileSync(fileOf(home))) as { readonly url?: string }).url;
  } catch {
    return undefined;
  }
}
