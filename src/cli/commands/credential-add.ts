import { Option, type Command } from 'commander';
import { isName } from '../../domain/name.js';
import type { CredentialEntry } from '../../installation/credentials.js';
import { Refusal } from '../api/refusal.js';
import { collect, offering, type Io } from '../io.js';
import { usage } from '../terminal.js';
import { sourceOf, type SourceOptions } from './credential-source.js';
import { endsOfEntry, pathOf } from './credential-words.js';

type Use = CredentialEntry['use'][number];
type Tier = CredentialEntry['tiers'][number];

interface AddOptions extends SourceOptions {
  readonly kdc: readonly string[];
  readonly target: readonly string[];
  readonly host: readonly string[];
  readonly authority: readonly string[];
  readonly use: readonly Use[];
  readonly tier: readonly Tier[];
  readonly replace?: boolean;
}

const load = () => import('../../installation/credentials.js');
const loadInventory = () => import('../../installation/inventory.js');

/** `fixpoint credential add`. */
export function addCredentialCommand(credential: Command, { print }: Io): void {
  credential
    .command('add')
    .description('add a credential; the file gets a reference to the secret, never the secret')
    .argument('<name>', 'the name by which targets use it')
    .option('--key <file>', 'a private SSH key without a passphrase, or the private key of --certificate')
    .option('--generate-key', 'make an SSH key beside the credentials file; its public half is printed')
    .option('--keytab <file>', 'a keytab of a Kerberos account, mode 0600')
    .option('--password-file <file>', 'a file with a password, mode 0600')
    .option('--password-stdin', 'read a password from standard input into a file beside the credentials file')
    .option('--password-env <variable>', 'an environment variable of the worker with a password')
    .option('--principal <account@REALM>', 'the Kerberos account of a keytab or a password; nothing of it is ever sent')
    .option('--kdc <host>', 'a KDC of that realm; default the servers of the target; repeat it for more', collect, [])
    .option('--user <name>', 'the account of a password that is sent, such as CN=reader,OU=Service,DC=example,DC=org')
    .option('--simple-bind', 'allow that the password is sent to directory servers, over TLS; only with --user')
    .option('--ntlm', 'allow that the password signs in to machines over WinRM by NTLM; only with --user')
    .option('--basic', 'allow that the password is sent to machines over WinRM with TLS (Basic); only with --user')
    .option('--certificate <file>', 'a certificate (PEM) that signs in over WinRM with TLS; its private key is --key')
    .option('--target <name>', 'a target on which it may be used; repeat it for more', collect, [])
    .option(
      '--host <host>',
      'a host with which it may be used; repeat it for more; default those of the targets in the inventory',
      collect,
      [],
    )
    .option(
      '--authority <fingerprint>',
      'an authority (SHA-256 in hex) or host key (SHA256:…) with which it may be used; default those of the targets',
      collect,
      [],
    )
    .addOption(
      offering(
        new Option('--use <use>', 'detect (before an approval) or apply; default both').argParser(useOf).default([]),
        ['detect', 'apply'],
      ),
    )
    .addOption(
      offering(new Option('--tier <tier>', 'a tier on which it may be used; default 2').argParser(tierOf).default([]), [
        '0',
        '1',
        '2',
      ]),
    )
    .option('--replace', 'replace the secret of a credential; what no option names stays as it is')
    .action(async (name: string, options: AddOptions) => {
      // Before a secret is written: what fails later would leave it behind.
      const unfit = [name, ...options.target].find((one) => !isName(one));
      if (unfit !== undefined)
        throw usage(`${unfit} is no name: names have letters, digits, dots, underscores and hyphens.`);
      (await import('../../installation/set-up.js')).needSetUp();
      const { changeCredentials, credentialProblem, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const old = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (old && options.replace !== true)
        throw new Refusal({
          code: 'credential-exists',
          title: `There is a credential ${name} already.`,
          detail: 'Add --replace to replace it, or run `fixpoint credential allow` to let it be used on more targets.',
        });
      const targets = options.target.length > 0 ? [...new Set(options.target)] : (old?.targets ?? []);
      if (targets.length === 0) throw usage('Name the target on which it may be used: --target <name>.');
      const { members, publicKey } = await sourceOf(name, options, old);
      const entry = await entryOf(members, options, old, targets);
      const problem = await credentialProblem(name, entry);
      // A variable is set for the worker, not for this command. A file is read by both, and one that cannot be used is an error.
      if (problem !== undefined && options.passwordEnv === undefined)
        throw new Refusal({
          code: 'credential-unavailable',
          title: `The credential was not added: ${problem}.`,
          detail: `The file is ${pathOf(entry)}. Nothing was written.`,
        });
      await changeCredentials((known) => ({ ...known, [name]: entry }));
      print(
        { name, ...entry, ...(publicKey === undefined ? {} : { publicKey }), problem: problem ?? null },
        [
          `${name} may be used to ${entry.use.join(' and ')} on ${entry.targets.join(', ')} (tier ${entry.tiers.join(', ')}).`,
          ...endsOfEntry(entry),
          ...(publicKey === undefined
            ? []
            : ['Add this line to authorized_keys of the account on the target:', publicKey]),
          ...(problem === undefined ? [] : [`It cannot be used yet: ${problem}.`]),
        ].join('\n'),
      );
    });
}

async function entryOf(
  members: Awaited<ReturnType<typeof sourceOf>>['members'],
  { use, tier, kdc, host, authority }: AddOptions,
  old: CredentialEntry | undefined,
  targets: readonly string[],
): Promise<CredentialEntry> {
  if (kdc.length > 0 && members.principal === undefined) throw usage('--kdc belongs to --principal.');
  const kdcs = kdc.length > 0 ? [...new Set(kdc)] : members.principal === undefined ? undefined : old?.kdcs;
  const hosts = host.length > 0 ? [...new Set(host)] : old?.hosts;
  const authorities = authority.length > 0 ? [...new Set(authority)] : old?.authorities;
  const entry: CredentialEntry = {
    ...members,
    ...(kdcs === undefined ? {} : { kdcs }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(authorities === undefined ? {} : { authorities }),
    use: use.length > 0 ? [...use] : (old?.use ?? ['detect', 'apply']),
    targets: [...targets],
    tiers: tier.length > 0 ? [...tier] : (old?.tiers ?? [2]),
  };
  // Who names the ends knows better than the inventory.
  const wanted = host.length > 0 || authority.length > 0 ? [] : targets;
  const isNamed = members.userName !== undefined || members.principal !== undefined;
  const inventory = wanted.length > 0 && isNamed ? await (await loadInventory()).knownTargets() : undefined;
  return (await load()).withEnds(entry, inventory ?? [], wanted);
}

function useOf(text: string, known: readonly Use[]): readonly Use[] {
  if (text !== 'detect' && text !== 'apply') throw usage(`--use is detect or apply, not ${text}.`);
  return [...new Set<Use>([...known, text])];
}

function tierOf(text: string, known: readonly Tier[]): readonly Tier[] {
  if (text !== '0' && text !== '1' && text !== '2') throw usage(`--tier is 0, 1 or 2, not ${text}.`);
  return [...new Set([...known, Number(text) as Tier])];
}
