import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { isName } from '../../domain/name.js';
import type { CredentialEntry } from '../../installation/credentials.js';
import { Refusal } from '../api/refusal.js';
import { collect, offering, type Io } from '../io.js';
import { table, visible } from '../print.js';
import { readStdinBytes, usage } from '../terminal.js';

type Use = CredentialEntry['use'][number];
type Tier = CredentialEntry['tiers'][number];

interface AddOptions {
  readonly key?: string;
  readonly generateKey?: boolean;
  readonly passwordFile?: string;
  readonly passwordStdin?: boolean;
  readonly passwordEnv?: string;
  readonly user?: string;
  readonly target: readonly string[];
  readonly use: readonly Use[];
  readonly tier: readonly Tier[];
  readonly replace?: boolean;
}

const load = () => import('../../installation/credentials.js');
const loadInventory = () => import('../../installation/inventory.js');
const entryNotFound = (name: string, known: readonly string[]) =>
  new Refusal({
    code: 'credential-not-found',
    title: `There is no credential ${name}.`,
    detail: known.length === 0 ? 'There are none.' : `There are: ${known.join(', ')}.`,
  });

/** The credentials file of this machine: names, what each may be used for, and where its secret is. */
export function credentialCommands(program: Command, io: Io): void {
  const { print } = io;
  const credential = program.command('credential').description('the credentials file of this installation');
  credential
    .command('add')
    .description('add a credential; the file gets a reference to the secret, never the secret')
    .argument('<name>', 'the name by which targets use it')
    .option('--key <file>', 'a private SSH key without a passphrase')
    .option('--generate-key', 'make an SSH key beside the credentials file; its public half is printed')
    .option('--password-file <file>', 'a file with a password, mode 0600')
    .option('--password-stdin', 'read a password from standard input into a file beside the credentials file')
    .option('--password-env <variable>', 'an environment variable of the worker with a password')
    .option('--user <name>', 'the account that a password belongs to, such as CN=reader,OU=Service,DC=example,DC=org')
    .option('--target <name>', 'a target on which it may be used; repeat it for more', collect, [])
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
      const { reference, publicKey, userName } = await referenceOf(name, options, old);
      const entry: CredentialEntry = {
        reference,
        ...(userName === undefined ? {} : { userName }),
        use: options.use.length > 0 ? [...options.use] : (old?.use ?? ['detect', 'apply']),
        targets,
        tiers: options.tier.length > 0 ? [...options.tier] : (old?.tiers ?? [2]),
      };
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
          ...(publicKey === undefined
            ? []
            : ['Add this line to authorized_keys of the account on the target:', publicKey]),
          ...(problem === undefined ? [] : [`It cannot be used yet: ${problem}.`]),
        ].join('\n'),
      );
    });
  credential
    .command('allow')
    .description('let a credential be used on more targets')
    .argument('<name>', 'a credential')
    .argument('<targets...>', 'names of targets')
    .action(async (name: string, targets: readonly string[]) => {
      const { changeCredentials, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const entry = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (!entry) throw entryNotFound(name, Object.keys(credentials));
      const all = [...new Set([...entry.targets, ...targets])];
      await changeCredentials((known) => ({ ...known, [name]: { ...entry, targets: all } }));
      const inventory = await (await loadInventory()).knownTargets();
      const unknown = inventory ? targets.filter((one) => !inventory.some((target) => target.name === one)) : [];
      print(
        { name, ...entry, targets: all, unknown },
        [
          `${name} may be used on ${all.join(', ')}.`,
          ...unknown.map((one) => `Note: the inventory has no target ${one} yet. Check the name.`),
        ].join('\n'),
      );
    });
  credential
    .command('list')
    .description('list the credentials; secrets are never shown')
    .action(async () => {
      const { credentials } = await (await load()).readCredentials();
      const rows = Object.entries(credentials).map(([name, entry]) => [
        name,
        entry.userName === undefined ? 'SSH key' : `password of ${visible(entry.userName)}`,
        entry.use.join(', '),
        entry.tiers.join(', '),
        entry.targets.join(', '),
      ]);
      print(credentials, table([['NAME', 'WHAT', 'USE', 'TIERS', 'TARGETS'], ...rows]));
    });
  credential
    .command('check')
    .description(
      'check that secrets can be read on this machine, that ssh can load keys, and that no other user can read them',
    )
    .argument('[name]', 'one credential; without it, all')
    .action(async (name: string | undefined) => {
      const { credentialProblem, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const names = name === undefined ? Object.keys(credentials) : [name];
      const found: { readonly name: string; readonly path: string | null; readonly problem: string | null }[] = [];
      for (const one of names) {
        const entry = Object.hasOwn(credentials, one) ? credentials[one] : undefined;
        if (!entry) throw entryNotFound(one, Object.keys(credentials));
        const problem = (await credentialProblem(one, entry)) ?? null;
        found.push({ name: one, path: pathOf(entry) ?? null, problem });
      }
      const lines = found.map(({ name: one, path, problem }) => {
        const where = path === null ? '' : ` (${path})`;
        return `${one}: ${problem === null ? 'can be used' : `cannot be used: ${problem}`}${where}`;
      });
      print(found, lines.length === 0 ? 'There are no credentials.' : lines.join('\n'));
      process.exitCode = found.every(({ problem }) => problem === null) ? 0 : 1;
    });
  credential
    .command('remove')
    .description('remove a credential from the file; the file of its secret stays')
    .argument('<name>', 'a credential')
    .action(async (name: string) => {
      const { changeCredentials, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const entry = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (!entry) throw entryNotFound(name, Object.keys(credentials));
      await changeCredentials((known) => Object.fromEntries(Object.entries(known).filter(([one]) => one !== name)));
      const users = ((await (await loadInventory()).knownTargets()) ?? [])
        .filter(({ credentials: { detect, apply } }) => detect === name || apply === name)
        .map((target) => target.name);
      print(
        { removed: name, reference: entry.reference, targets: users },
        [
          `${name} was removed. Its secret is still at ${pathOf(entry) ?? entry.reference}.`,
          ...(users.length === 0
            ? []
            : [`These targets still name it, and their next job is blocked: ${users.join(', ')}.`]),
        ].join('\n'),
      );
    });
}

/** The file that a reference names; undefined for a variable. */
const pathOf = ({ reference }: CredentialEntry): string | undefined => /^secret:\/\/file(\/.+)$/.exec(reference)?.[1];

/** The reference to the secret, which is written first where the command makes it. @throws CommanderError (usage) unless there is one source */
async function referenceOf(
  name: string,
  { key, generateKey, passwordFile, passwordStdin, passwordEnv, user }: AddOptions,
  old: CredentialEntry | undefined,
): Promise<{ readonly reference: string; readonly publicKey?: string; readonly userName?: string }> {
  const sources = [key, generateKey, passwordFile, passwordStdin, passwordEnv].filter((one) => one !== undefined);
  if (sources.length !== 1)
    throw usage(
      'Name the secret with one of --key, --generate-key, --password-file, --password-stdin and --password-env.',
    );
  const isKey = key !== undefined || generateKey === true;
  if (isKey && user !== undefined)
    throw usage('--user belongs to a password. The account of an SSH key is that of the target.');
  const userName = user ?? old?.userName;
  if (!isKey && userName === undefined) throw usage('Add --user: the account that the password belongs to.');
  if (generateKey === true) {
    const made = await (await load()).generateKey(name);
    return { reference: `secret://file${made.path}`, publicKey: made.publicKey };
  }
  if (key !== undefined) return { reference: `secret://file${resolve(key)}` };
  const of = userName === undefined ? {} : { userName };
  if (passwordEnv !== undefined) return { reference: `secret://env/${passwordEnv}`, ...of };
  if (passwordStdin === true)
    return { reference: `secret://file${(await load()).writeSecret(name, await readPassword())}`, ...of };
  return { reference: `secret://file${resolve(passwordFile ?? '')}`, ...of };
}

async function readPassword(): Promise<string> {
  const password = (await load()).passwordIn(readStdinBytes());
  if (!password.ok) throw usage(`No password was read: standard input ${password.error}.`);
  return password.value;
}

function useOf(text: string, known: readonly Use[]): readonly Use[] {
  if (text !== 'detect' && text !== 'apply') throw usage(`--use is detect or apply, not ${text}.`);
  return [...new Set<Use>([...known, text])];
}

function tierOf(text: string, known: readonly Tier[]): readonly Tier[] {
  if (text !== '0' && text !== '1' && text !== '2') throw usage(`--tier is 0, 1 or 2, not ${text}.`);
  return [...new Set([...known, Number(text) as Tier])];
}
