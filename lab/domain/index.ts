import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Estate } from '../estate.js';
import { templatePath } from '../home.js';
import { run } from '../run.js';

const BUILD = new URL('./build.py', import.meta.url);
const VERSIONS = new URL('./versions.py', import.meta.url);
/** Debian's own Python holds Samba's modules; another one on PATH does not. */
const PYTHON = '/usr/bin/python3';

export interface Domain {
  readonly address: string;
  readonly port: number;
  readonly caFile: string;
  readonly caFingerprint: string;
  /** The realm, and files with the Kerberos keys of its two accounts. */
  readonly realm: string;
  readonly keytabs: { readonly reader: string; readonly writer: string };
  readonly passwordFiles: { readonly reader: string; readonly writer: string; readonly sync: string };
  readonly smbConf: string;
  readonly directory: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export type Passwords = Readonly<Record<'admin' | 'reader' | 'writer' | 'sync', string>>;

export interface Instance {
  /** Where its certificate and passwords go. */
  readonly home: string;
  /** Its folder below the home. */
  readonly name: string;
  readonly host: string;
  readonly tar: string;
  readonly passwords: Passwords;
  /** Where the template keeps the keytabs. */
  readonly keytabs: string;
  readonly estate: Estate;
  /** The server whose CA signs for this one too; without it a CA of its own. */
  readonly caOf?: Pick<Domain, 'directory'>;
  /** Whether it becomes a template: what goes with its address is left out. */
  readonly isTemplate?: boolean;
}

/** Starts a real directory server (Samba AD DC) from a template that is built once. */
export async function startDomain(
  home: string,
  estate: Estate,
  template: Pick<Instance, 'tar' | 'passwords' | 'keytabs'>,
): Promise<Domain> {
  return startInstance({ home, name: 'domain', host: estate.domain.host, estate, ...template });
}

/** The stored directory of a domain with one server. */
export async function domainTemplate(home: string, estate: Estate, estateFile: string) {
  const path = await ensureTemplate(home, estate, estateFile);
  return { path, keytabs: path, tar: join(path, 'directory.tar'), passwords: await passwordsOf(path) };
}

export async function passwordsOf(template: string): Promise<Passwords> {
  return JSON.parse(await readFile(join(template, 'passwords.json'), 'utf8')) as Passwords;
}

/** Unpacks a stored directory to a free address, with certificates of its own, and starts its server. */
export async function startInstance({
  home,
  name,
  host,
  tar,
  passwords,
  keytabs,
  estate,
  caOf,
  isTemplate = false,
}: Instance): Promise<Domain> {
  const { address, release } = await reserveAddress();
  const directory = join(home, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await run('tar', ['-C', directory, '--no-same-owner', '-xf', tar]);
  const caFile = join(home, `${name}-ca.pem`);
  await makeCertificates(directory, caFile, address, `${host}.${estate.domain.realm.toLowerCase()}`, caOf);
  await mkdir(join(directory, 'run', 'winbindd'), { recursive: true });
  const smbConf = join(directory, 'etc', 'smb.conf');
  await mkdir(join(directory, 'etc'), { recursive: true });
  await writeFile(smbConf, configuration(directory, address, host, estate));
  const passwordFiles = {
    reader: join(home, 'svc-read.password'),
    writer: join(home, 'svc-write.password'),
    sync: join(home, 'svc-sync.password'),
  };
  for (const who of ['reader', 'writer', 'sync'] as const)
    await writeFile(passwordFiles[who], passwords[who], { mode: 0o600 });
  const keytabFiles = { reader: join(home, 'svc-read.keytab'), writer: join(home, 'svc-write.keytab') };
  for (const who of ['reader', 'writer'] as const) {
    await copyFile(join(keytabs, `${who}.keytab`), keytabFiles[who]);
    await chmod(keytabFiles[who], 0o600);
  }
  if (!isTemplate) await addServiceName({ directory, estate, host }, `ldap/${address}`);
  // Its own process group: stopping it ends all of its children and nothing else.
  const child = spawn('samba', ['-s', smbConf, '-F', '--no-process-group'], { stdio: 'ignore', detached: true });
  child.unref();
  await answering(address, 636, child, directory);
  const raw = new X509Certificate(await readFile(caFile)).raw;
  return {
    address,
    port: 636,
    caFile,
    caFingerprint: createHash('sha256').update(raw).digest('hex'),
    realm: estate.domain.realm,
    keytabs: keytabFiles,
    passwordFiles,
    smbConf,
    directory,
    pid: child.pid ?? 0,
    stop: async () => {
      await stopGroup(child);
      await release();
    },
  };
}

/** Lets a server be asked by this service name: Kerberos proves the name by which a client asks, and the laboratory has addresses only. */
export async function addServiceName(
  { directory, estate, host }: { readonly directory: string; readonly estate: Estate; readonly host: string },
  name: string,
): Promise<void> {
  const base = estate.domain.realm
    .toLowerCase()
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
  const path = join(directory, 'service-name.ldif');
  await writeFile(
    path,
    `dn: CN=${host.toUpperCase()},OU=Domain Controllers,${base}\nchangetype: modify\nadd: servicePrincipalName\nservicePrincipalName: ${name}\n`,
  );
  await run('ldbmodify', ['-H', join(directory, 'private', 'sam.ldb'), path]);
}

/**
 * How often an attribute was written, by objectGUID: its version in the replication metadata, read from the directory's own
 * database. The oracle of "changed exactly once".
 */
export async function attributeVersions(
  domain: Pick<Domain, 'directory'>,
  attribute: string,
  filter: string,
): Promise<Readonly<Record<string, number>>> {
  const text = await run(PYTHON, [VERSIONS.pathname, domain.directory, attribute, filter]);
  return JSON.parse(text) as Record<string, number>;
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.ref();
  process.kill(child.pid, 'SIGTERM');
  const stubborn = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(stubborn);
}

async function ensureTemplate(home: string, estate: Estate, estateFile: string): Promise<string> {
  const inputs = [await readFile(estateFile), await readFile(BUILD), 'template 3'];
  const { path, ready } = templatePath(home, 'domain', inputs);
  if (ready) return path;
  const work = `${path}.${process.pid}`;
  const directory = join(work, 'dc');
  await mkdir(work, { recursive: true, mode: 0o755 });
  const secret = () => `Aa1!${randomBytes(12).toString('hex')}`;
  const { realm, netbios, host } = estate.domain;
  const passwords = { admin: secret(), people: secret(), reader: secret(), writer: secret(), sync: secret() };
  await run('samba-tool', [
    'domain',
    'provision',
    `--realm=${realm}`,
    `--domain=${netbios}`,
    `--host-name=${host}`,
    `--adminpass=${passwords.admin}`,
    '--server-role=dc',
    '--dns-backend=NONE',
    `--targetdir=${directory}`,
    '--use-rfc2307',
    '--option=interfaces=lo',
    '--host-ip=127.0.0.1',
  ]);
  await writeFile(join(work, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  await run(PYTHON, [BUILD.pathname, directory, estateFile, join(work, 'passwords.json')]);
  const { accounts } = estate.domain;
  for (const who of ['reader', 'writer'] as const) {
    const words = [join(work, `${who}.keytab`), `--principal=${accounts[who]}@${realm}`];
    await run('samba-tool', ['domain', 'exportkeytab', ...words, '-s', join(directory, 'etc', 'smb.conf')]);
  }
  await run('tar', ['-C', directory, '--exclude=./etc', '--exclude=msg.*', '-cf', join(work, 'directory.tar'), '.']);
  await rm(directory, { recursive: true, force: true });
  await rename(work, path).catch(() => rm(work, { recursive: true, force: true }));
  return path;
}

function configuration(directory: string, address: string, host: string, { domain }: Estate): string {
  return `[global]
  netbios name = ${host.toUpperCase()}
  realm = ${domain.realm}
  workgroup = ${domain.netbios}
  server role = active directory domain controller
  interfaces = ${address}/8
  bind interfaces only = yes
  server services = ldap, cldap, kdc, rpc
  dns forwarder =
  private dir = ${directory}/private
  state directory = ${directory}/state
  cache directory = ${directory}/cache
  lock directory = ${directory}
  binddns dir = ${directory}/bind-dns
  pid directory = ${directory}/run
  ncalrpc dir = ${directory}/run/ncalrpc
  winbindd socket directory = ${directory}/run/winbindd
  log file = ${directory}/log.%m
  disable netbios = yes
  dsdb:schema update allowed = yes
  tls enabled = yes
  tls keyfile = ${directory}/private/tls/key.pem
  tls certfile = ${directory}/private/tls/cert.pem
  tls cafile = ${directory}/private/tls/ca.pem
`;
}

/** A leaf for an instance's address and name, of a CA of its own or of another instance's; EC P-256. */
async function makeCertificates(
  directory: string,
  caFile: string,
  address: string,
  name: string,
  caOf?: Pick<Domain, 'directory'>,
): Promise<void> {
  const tls = join(directory, 'private', 'tls');
  await rm(tls, { recursive: true, force: true });
  await mkdir(tls, { recursive: true, mode: 0o700 });
  const at = (file: string) => join(tls, file);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  if (caOf) {
    for (const file of ['ca.key', 'ca.pem']) await copyFile(join(caOf.directory, 'private', 'tls', file), at(file));
  } else {
    const subject = ['-days', '30', '-subj', '/CN=Fixpoint laboratory CA'];
    await run('openssl', ['req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), ...subject]);
  }
  await run('openssl', ['req', ...key, '-keyout', at('key.pem'), '-out', at('leaf.csr'), '-subj', `/CN=${name}`]);
  await writeFile(at('leaf.ext'), `subjectAltName=DNS:${name},IP:${address}\nextendedKeyUsage=serverAuth\n`);
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    at('leaf.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-out',
    at('cert.pem'),
    '-days',
    '30',
    '-extfile',
    at('leaf.ext'),
  ]);
  await chmod(at('key.pem'), 0o600);
  await copyFile(at('ca.pem'), caFile);
}

/** A port that nothing else uses: whoever listens on it has the address, from before its server starts until after it ended. */
const RESERVED_BY = 21_636;

/** LDAP's ports are fixed, so each laboratory takes a loopback address of its own; two that start at once never take the same. */
export async function reserveAddress(): Promise<{ readonly address: string; readonly release: () => Promise<void> }> {
  for (let i = 0; i < 230; i++) {
    const address = `127.0.77.${20 + ((i + process.pid) % 230)}`;
    const held = await listening(address, RESERVED_BY);
    if (!held) continue;
    held.unref();
    const release = () => new Promise<void>((resolve) => held.close(() => resolve()));
    const free = await Promise.all([88, 389, 636].map((port) => isFree(address, port)));
    if (free.every(Boolean)) return { address, release };
    await release();
  }
  throw new Error(
    'no loopback address has its LDAP and Kerberos ports free (they are below 1024: start as root, or allow them)',
  );
}

function listening(address: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, address, () => resolve(server));
  });
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = await listening(address, port);
  if (server) await new Promise((resolve) => server.close(resolve));
  return server !== undefined;
}

async function answering(address: string, port: number, child: ChildProcess, directory: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    // A start that ends looks like one that is slow.
    if (child.exitCode !== null)
      throw new Error(`samba ended: ${await run('sh', ['-c', `tail -n 5 ${directory}/log.samba`]).catch(() => '')}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the directory server does not answer on ${address}:${port}`);
}
