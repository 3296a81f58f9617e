import { Option, type Command } from 'commander';
import { TARGET_KINDS, TOPOLOGIES } from '../domain/manifest.js';
import type { Target } from './api/types.js';
import { hostKeyOf, type HostKeyOptions } from './host-key.js';
import { collect } from './io.js';
import { hostAndPort } from './host-and-port.js';
import { usage } from './terminal.js';
import {
  addWinRmOptions,
  certificateFingerprint,
  namesWinRm,
  winRmTransport,
  type WinRmOptions,
} from './winrm-options.js';

/** What `target add` and `target edit` take. */
export interface TargetOptions extends HostKeyOptions, WinRmOptions {
  readonly name?: string;
  readonly kind?: string;
  readonly ssh?: string;
  readonly ldaps?: string;
  readonly ldap?: string;
  readonly credential?: string;
  readonly detectCredential?: string;
  readonly applyCredential?: string;
  readonly tier?: string;
  readonly site?: string;
  readonly tag?: readonly string[];
  readonly set?: readonly string[];
}

/** Settings that are lists; every other one is a text. */
const LISTS = ['verifiedDomains', 'ntpServers'];
const SETTINGS = ['topology', 'globalCatalog', 'userSession', 'directory', 'pool', 'backupDir', ...LISTS];

export function addTargetOptions(command: Command): Command {
  return addWinRmOptions(command)
    .addOption(new Option('--kind <kind>', 'what it is').choices(TARGET_KINDS))
    .option('--ssh <account@host[:port]>', 'reach it over SSH; an IPv6 address stands in brackets')
    .option('--host-key <key>', 'its SSH host key, or @file; without it the key is fetched and shown')
    .option('--fingerprint <fingerprint>', 'accept the fetched host key when it has this fingerprint (SHA256:…)')
    .option('--ldap <host,host[:port]>', 'reach a domain with Kerberos, which seals LDAP, at these controllers')
    .option(
      '--ldaps <host,host[:port]>',
      'reach a domain over LDAPS at these controllers, with a password that is sent',
    )
    .option(
      '--ca <file>',
      'certificate (PEM) of the authority that signed those of the controllers, or that of a machine for WinRM over TLS; it is pinned',
    )
    .option('--credential <name>', 'credential for reading and changing')
    .option('--detect-credential <name>', 'credential for reading, used before an approval')
    .option('--apply-credential <name>', 'credential for changing, used after an approval')
    .addOption(new Option('--tier <tier>', '0 (most privileged), 1 or 2').choices(['0', '1', '2']))
    .option('--site <name>', 'where it is')
    .option('--tag <name>', 'a tag; repeat it for more', collect)
    .option(
      '--set <name=value>',
      `a setting, such as topology=${TOPOLOGIES[0]}; a list has commas, an empty value removes it. Names: ${SETTINGS.join(', ')}`,
      collect,
    );
}

/**
 * The members of a target that these options name.
 * @param known the target that is changed; undefined for a new one
 */
export async function membersOf(
  options: TargetOptions,
  known?: Target,
): Promise<Partial<Record<keyof Target, unknown>>> {
  const transport = await transportOf(options, known);
  const { credential, detectCredential = credential, applyCredential = credential } = options;
  const credentials = {
    ...known?.credentials,
    ...(detectCredential === undefined ? {} : { detect: detectCredential }),
    ...(applyCredential === undefined ? {} : { apply: applyCredential }),
  };
  return {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.kind === undefined ? {} : { kind: options.kind }),
    ...(transport === undefined ? {} : { transport }),
    ...(detectCredential === undefined && applyCredential === undefined ? {} : { credentials }),
    ...(options.tier === undefined ? {} : { tier: Number(options.tier) }),
    ...(options.site === undefined ? {} : { site: options.site }),
    ...(options.tag === undefined ? {} : { tags: [...new Set(options.tag.filter((tag) => tag !== ''))] }),
    ...(options.set === undefined ? {} : { settings: settingsOf(options.set, known) }),
  };
}

async function transportOf(options: TargetOptions, known: Target | undefined): Promise<unknown> {
  const { ssh, ldap, ldaps, ca, hostKey, fingerprint } = options;
  const isWinRm = namesWinRm(options);
  const ways = [ssh ?? hostKey ?? fingerprint, ldap, ldaps, isWinRm ? 'winrm' : undefined];
  if (ways.filter((one) => one !== undefined).length > 1)
    throw usage(
      'Choose one of --ssh, --winrm, --ldap and --ldaps, with its own options: a target is reached in one way.',
    );
  if (ldap !== undefined && ca !== undefined)
    throw usage('--ca belongs to --ldaps and --winrm: with --ldap Kerberos proves the controllers.');
  const old = known?.transport;
  const reached = old?.type === 'winrm' ? old : undefined;
  if (isWinRm || (reached && ca !== undefined && ldaps === undefined)) return winRmTransport(options, reached);
  if (ldap !== undefined) return { type: 'ldap', ...controllers(ldap, 389) };
  if (ldaps !== undefined || ca !== undefined) {
    const before = old?.type === 'ldaps' ? old : undefined;
    const caFingerprint = ca === undefined ? before?.caFingerprint : certificateFingerprint(ca);
    const at = ldaps === undefined ? before && { servers: before.servers, port: before.port } : controllers(ldaps, 636);
    if (at === undefined || caFingerprint === undefined) throw usage('A domain needs --ldaps and --ca.');
    return { type: 'ldaps', ...at, caFingerprint };
  }
  if (ssh === undefined && hostKey === undefined && fingerprint === undefined) return undefined;
  const before = old?.type === 'ssh' ? old : undefined;
  const at = ssh === undefined ? before : sshAddress(ssh);
  if (at === undefined) throw usage('Name the account and the host: --ssh account@host.');
  const { host, port, user } = at;
  const kept = hostKey === undefined && fingerprint === undefined ? before?.hostKey : undefined;
  return { type: 'ssh', host, port, user, hostKey: kept ?? (await hostKeyOf(host, port, options)) };
}

/** `account@host`, `account@host:port`, `account@[address]:port`; an account may have an @ of its own. */
export function sshAddress(text: string): { readonly user: string; readonly host: string; readonly port: number } {
  const at = text.lastIndexOf('@');
  if (at < 1) throw usage(`--ssh ${text} names no account: write account@host or account@host:port.`);
  return { user: text.slice(0, at), ...hostAndPort(text.slice(at + 1), 22) };
}

function controllers(text: string, otherwise: number): { readonly servers: readonly string[]; readonly port: number } {
  const all = text.split(',').map((one) => hostAndPort(one, otherwise));
  const ports = [...new Set(all.map(({ port }) => port))];
  if (ports.length !== 1) throw usage('All controllers of a domain listen on the same port.');
  return { servers: all.map(({ host }) => host), port: ports[0] ?? otherwise };
}

function settingsOf(words: readonly string[], known: Target | undefined): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...known?.settings };
  for (const word of words) {
    const at = word.indexOf('=');
    const name = word.slice(0, at);
    if (at < 1 || !SETTINGS.includes(name))
      throw usage(`--set ${word}: write name=value. The settings are ${SETTINGS.join(', ')}.`);
    const value = word.slice(at + 1);
    if (value === '') delete settings[name];
    else settings[name] = LISTS.includes(name) ? value.split(',') : value;
  }
  return settings;
}
