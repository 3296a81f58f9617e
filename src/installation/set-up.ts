import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';
import { credentialsPath } from './credentials.js';
import { peoplePath } from './people.js';

/** @throws Error in a home that neither init nor a start has set up: no product would find what is written there */
export function needSetUp(): void {
  const home = homeDirectory();
  const parts = [
    peoplePath(),
    credentialsPath(),
    pathFrom(INSTALL_ROOT, process.env.FIXPOINT_GRANT_PUBLIC) ?? join(home, 'keys', 'grant-public.json'),
    join(home, 'connection.json'),
  ];
  if (parts.some((path) => existsSync(path))) return;
  throw new Error(
    `${home} is not set up. Set FIXPOINT_HOME to the home of your installation, or set this one up first: fixpoint init <id> <name>`,
  );
}
