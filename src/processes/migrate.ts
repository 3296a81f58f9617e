import '../platform/private-umask.js';
import { migrate, DATABASE_ROLES, type LoginRole } from '../adapters/postgres/index.js';
import type { Secrets } from './secrets.js';
import { settingsOrExit } from './process.js';

/**
 * Makes databases, roles and schema of an installation whose parts run apart. Each role's password is that of its own URL. With
 * `--own-server` nobody may sign in to the other databases of a new server: nothing else uses it.
 */
const { secrets } = settingsOrExit('administrator');
const urls: Readonly<Record<LoginRole, keyof Secrets>> = {
  api: 'apiUrl',
  authority: 'authorityUrl',
  relay: 'relayUrl',
  worker: 'workerUrl',
  queue: 'queueUrl',
};
const passwords = {} as Record<LoginRole, string>;
const missing: string[] = [];
let database = 'fixpoint';
for (const role of [...DATABASE_ROLES, 'queue'] as const) {
  const url = secrets[urls[role]];
  const password = url === undefined ? '' : decodeURIComponent(new URL(url).password);
  if (password === '') missing.push(`FIXPOINT_${role.toUpperCase()}_DATABASE_URL_FILE`);
  passwords[role] = password;
  if (role === 'api' && url !== undefined) database = new URL(url).pathname.slice(1);
}
if (secrets.adminUrl === undefined) missing.push('DATABASE_URL_FILE');
if (missing.length > 0 || secrets.adminUrl === undefined) {
  console.error(`Nothing was migrated. Set, each with a password: ${missing.join(', ')}`);
  process.exit(2);
}
await migrate({ adminUrl: secrets.adminUrl, database, passwords, ownServer: process.argv.includes('--own-server') });
console.log(`${database} is up to date`);
