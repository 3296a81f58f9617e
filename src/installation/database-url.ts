import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../platform/file-fault.js';
import { homeDirectory, INSTALL_ROOT } from '../platform/install-root.js';
import { secretSetting } from '../platform/secret-settings.js';

/** Address of the database for the command line of this machine, with the rights of the API. @throws Error before the first start */
export function apiDatabaseUrl(): string {
  const url = databaseUrlOf('FIXPOINT_API_DATABASE_URL');
  if (url !== undefined) return url;
  const path = join(homeDirectory(), 'connection.json');
  if (!existsSync(path))
    throw new Error(
      `There is no ${path}. Start Fixpoint once in this home, or set FIXPOINT_API_DATABASE_URL or FIXPOINT_API_DATABASE_URL_FILE.`,
    );
  return (readJson(path) as { readonly api: string }).api;
}

/** The same with the rights of `authority`, where this machine has them: the host of authority has its address alone. */
export function authorityDatabaseUrl(): string {
  return databaseUrlOf('FIXPOINT_AUTHORITY_DATABASE_URL') ?? apiDatabaseUrl();
}

function databaseUrlOf(name: string): string | undefined {
  const { variable, value, problem } = secretSetting(process.env, name, INSTALL_ROOT);
  if (problem !== undefined) throw new Error(`${variable} ${problem}`);
  return value;
}
