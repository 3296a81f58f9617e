import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Estate } from '../estate.js';
import { templatePath } from '../home.js';
import { run } from '../run.js';
import { domainTemplate, reserveAddress, passwordsOf, startInstance, type Domain, type Passwords } from './index.js';

/** A second writable server of the domain. It stays as it is until a test lets it fetch what the first has. */
export interface SecondServer extends Domain {
  /** Fetches every change from another server; nothing replicates by itself. */
  replicateFrom(source: Pick<Domain, 'address'>): Promise<void>;
}

export interface PairTemplate {
  readonly tar: string;
  readonly secondTar: string;
  readonly passwords: Passwords;
  readonly keytabs: string;
}

const HOST = 'dc2';

/** The stored directories of a domain with two servers, joined once with the product's own tool. */
export async function pairTemplate(home: string, estate: Estate, estateFile: string): Promise<PairTemplate> {
  const single = await domainTemplate(home, estate, estateFile);
  const { path, ready } = templatePath(home, 'domain-pair', [single.path, 'pair 2']);
  if (!ready) await joinPair(path, single, estate);
  const tars = { tar: join(path, 'first.tar'), secondTar: join(path, 'second.tar') };
  return { ...tars, keytabs: single.keytabs, passwords: await passwordsOf(path) };
}

async function joinPair(
  path: string,
  single: Pick<PairTemplate, 'tar' | 'passwords' | 'keytabs'>,
  estate: Estate,
): Promise<void> {
  // Samba's sockets want a short path.
  const work = await mkdtemp(join(tmpdir(), 'fxd-'));
  const first = await startInstance({
    home: work,
    name: 'a',
    host: estate.domain.host,
    estate,
    isTemplate: true,
    ...single,
  });
  const second = join(work, 'b');
  const joined = await reserveAddress();
  try {
    await run('samba-tool', [
      'domain',
      'join',
      estate.domain.realm.toLowerCase(),
      'DC',
      `--server=${first.address}`,
      ...asAdministrator(estate, single.passwords),
      `--targetdir=${second}`,
      '--dns-backend=NONE',
      `--option=netbios name=${HOST.toUpperCase()}`,
      `--option=interfaces=${joined.address}/8`,
      '--option=bind interfaces only=yes',
      `--option=log file=${join(work, 'join.log')}`,
    ]);
  } finally {
    await joined.release();
    await first.stop();
  }
  const made = `${path}.${process.pid}`;
  await mkdir(made, { recursive: true, mode: 0o755 });
  for (const [from, to] of [
    [first.directory, 'first.tar'],
    [second, 'second.tar'],
  ] as const)
    await run('tar', ['-C', from, '--exclude=./etc', '--exclude=msg.*', '--exclude=./run', '-cf', join(made, to), '.']);
  await writeFile(join(made, 'passwords.json'), JSON.stringify(single.passwords), { mode: 0o600 });
  await rename(made, path).catch(() => rm(made, { recursive: true, force: true }));
  await rm(work, { recursive: true, force: true });
}

/** NTLM with the domain's name: Samba's own tools look KDCs up in DNS, and the laboratory has none. */
function asAdministrator({ domain }: Estate, { admin }: Passwords): readonly string[] {
  return ['-U', `${domain.netbios}\\Administrator%${admin}`, '--use-kerberos=off'];
}

export async function startSecond(
  home: string,
  estate: Estate,
  first: Domain,
  { secondTar, passwords, keytabs }: PairTemplate,
): Promise<SecondServer> {
  const options = { home, name: 'domain-2', host: HOST, tar: secondTar, passwords, keytabs, estate, caOf: first };
  const server = await startInstance(options);
  const base = estate.domain.realm
    .toLowerCase()
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
  return {
    ...server,
    async replicateFrom({ address }) {
      const by = [...asAdministrator(estate, passwords), '-s', server.smbConf];
      await run('samba-tool', ['drs', 'replicate', HOST, address, base, '--local', ...by]);
    },
  };
}
