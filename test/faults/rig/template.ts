import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Build } from '../build/build.js';
import { newFolder } from './folders.js';
import { initialise, startPostgres } from './postgres.js';

export const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  helpdesk: ['helpdesk'],
  helpdesk2: ['helpdesk'],
  approver: ['approver'],
  approver2: ['approver'],
  both: ['helpdesk', 'approver'],
  operator: ['operator'],
  operator2: ['operator'],
  auditor: ['auditor'],
  admin: ['admin'],
  ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`decider${i}`, ['approver']])),
};

type Role = 'api' | 'authority' | 'relay' | 'worker' | 'queue';

/** A home with a migrated database, people and tokens, to be copied for each product of a run. */
export interface Template {
  readonly home: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** Database addresses of the roles on a server at this port of this machine, or of `host`. */
  urls(port: number, host?: string): Readonly<Record<Role, string>>;
}

export async function makeTemplate(build: Build): Promise<Template> {
  const home = newFolder('template');
  const data = join(home, 'postgres');
  await initialise(data);
  const postgres = await startPostgres(data, join(home, 'template.log'));
  const { prepareDatabase } = (await import(join(build.directory, 'src/processes/supervisor.js'))) as {
    prepareDatabase: (home: string, adminUrl: string, ownServer: boolean) => Promise<Readonly<Record<Role, string>>>;
  };
  const made = await prepareDatabase(home, postgres.adminUrl, true);
  const { ensureGrantKey } = (await import(join(build.directory, 'src/adapters/keys/index.js'))) as {
    ensureGrantKey: (privatePath: string, publicPath: string) => Promise<void>;
  };
  await ensureGrantKey(join(home, 'keys', 'grant.pem'), join(home, 'keys', 'grant-public.json'));
  const tokens = await issueTokens(postgres.adminUrl);
  await postgres.stop();
  const people = Object.entries(PEOPLE).map(([id, roles]) => ({ id, name: `The ${id}`, roles }));
  writeFileSync(join(home, 'people.json'), JSON.stringify({ people }));
  writeFileSync(join(home, 'credentials.json'), JSON.stringify({ credentials: {} }), { mode: 0o600 });
  const urls = (port: number, host = '127.0.0.1') =>
    Object.fromEntries(
      Object.entries(made).map(([role, text]) => {
        const url = new URL(text);
        url.hostname = host;
        url.port = String(port);
        return [role, url.toString()];
      }),
    ) as Record<Role, string>;
  return { home, tokens, urls };
}

/** Copies a template to a home. */
export function copyTemplate({ home }: Template, to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync('cp', ['-a', `${home}/.`, to]);
  chmodSync(to, 0o755);
}

async function issueTokens(adminUrl: string): Promise<Record<string, string>> {
  const url = new URL(adminUrl);
  url.pathname = '/fixpoint';
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  const issued: Record<string, string> = {};
  for (const person of Object.keys(PEOPLE)) {
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    await client.query(
      `INSERT INTO tokens (id, person, kind, secret_sha256, created_at, expires_at)
       VALUES ($1, $2, 'personal', $3, now() - interval '1 minute', now() + interval '11 hours')`,
      [id, person, createHash('sha256').update(secret).digest('hex')],
    );
    issued[person] = `fxp_${id}_${secret}`;
  }
  await client.end();
  return issued;
}

/** The public keys of an installation, by id: what an auditor holds. */
export function publicKeys(home: string): unknown {
  return JSON.parse(readFileSync(join(home, 'keys', 'grant-public.json'), 'utf8'));
}
