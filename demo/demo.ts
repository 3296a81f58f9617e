import { join } from 'node:path';
import { startLab, type Lab, type LabOptions } from '../lab/index.js';
import { PRIVATE_FILE, writeWhole } from '../src/platform/own-files.js';
import { INSTALL_ROOT } from '../src/platform/install-root.js';
import { describeProblems, readConfig } from '../src/processes/config.js';
import type { Role } from '../src/domain/people.js';
import { startProduct, type Product } from '../src/processes/supervisor.js';
import { createClient, type Client } from '../src/cli/api/client.js';
import { registerEstate } from './register.js';
import { issueToken } from '../src/installation/tokens.js';

export const DEMO_PEOPLE = {
  helpdesk: ['helpdesk', 'approver'],
  approver: ['approver'],
  approver2: ['approver'],
  operator: ['operator'],
  auditor: ['auditor'],
  admin: ['admin'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type DemoPerson = keyof typeof DEMO_PEOPLE;

export interface Demo {
  readonly home: string;
  readonly product: Product;
  readonly lab: Lab;
  readonly people: Readonly<Record<DemoPerson, Client>>;
  stop(): Promise<void>;
}

/**
 * The product with the laboratory as its inventory and people to play with; their tokens are in demo.json (0600).
 * @param what the parts of the laboratory; the usual ones where nothing is said
 */
export async function startDemo(
  log: (message: string) => void,
  what: Pick<LabOptions, 'parts' | 'linux'> = {},
): Promise<Demo> {
  const before = readConfig(process.env, INSTALL_ROOT);
  if (!before.ok) throw new Error(describeProblems(before.error));
  const { home, engineDirectory, mode } = before.value.config;
  if (mode === 'production')
    throw new Error('The demo is not for production mode: its people sign in with tokens from a file.');
  const lab = await startLab({ home, engineDirectory, log, ...what });
  try {
    const peopleFile = join(home, 'demo-people.json');
    const people = Object.entries(DEMO_PEOPLE).map(([id, roles]) => ({ id, name: `Demo ${id}`, roles }));
    writeWhole(peopleFile, JSON.stringify({ people }, null, 2), 0o644);
    // The parts are started with our environment: this is how they learn of the laboratory.
    process.env.FIXPOINT_PEOPLE = peopleFile;
    process.env.FIXPOINT_CREDENTIALS = lab.credentialsFile;
    const read = readConfig(process.env, INSTALL_ROOT);
    if (!read.ok) throw new Error(describeProblems(read.error));
    const product = await startProduct(read.value, log);
    try {
      const clients = await signIn(home, product);
      await registerEstate(clients.admin, lab);
      return {
        home,
        product,
        lab,
        people: clients,
        async stop() {
          await product.stop();
          await lab.stop();
        },
      };
    } catch (error) {
      await product.stop();
      throw error;
    }
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

async function signIn(home: string, product: Product): Promise<Record<DemoPerson, Client>> {
  const clients = {} as Record<DemoPerson, Client>;
  const shown: Record<string, { name: string; token: string }> = {};
  for (const person of Object.keys(DEMO_PEOPLE) as DemoPerson[]) {
    const token = await issueToken(product.databaseUrls.api, person, 'personal');
    clients[person] = createClient({ url: product.url, token });
    shown[person] = { name: `Demo ${person}`, token };
  }
  writeWhole(join(home, 'demo.json'), JSON.stringify(shown, null, 2), PRIVATE_FILE);
  return clients;
}
