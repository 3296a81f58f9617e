import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../platform/file-fault.js';
import { homeDirectory } from '../platform/install-root.js';

/** Address of the database for the command line of this machine, with the rights of the API. @throws Error before the first start */
export function apiDatabaseUrl(): string {
  const url = process.env.FIXPOINT_API_DATABASE_URL;
  if (url !== undefined) return url;
  const path = join(homeDirectory(), 'connection.json');
  if (!existsSync(path))
    throw new Error(`There is no ${path}. Start Fixpoint once in this home, or set FIXPOINT_API_DATABASE_URL.`);
  return (readJson(path) as { readonly api: string }).api;
}
