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
    .requiredOption('--target <name>', 'a target on which it may be used; repeat it for more', collect, [])
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
    .option('--replace', 'replace a credential of this name')
    .action(async (name: string, options: AddOptions) => {
      // Before a secret is written: what fails later would leave it behind.
      const unfit = [name, ...options.target].find((one) => !isName(one));
      if (unfit !== undefined)
        throw usage(`${unfit} is no name: names have letters, digits, dots, underscores and hyphens.`);
      (await import('../../installation/set-up.js')).needSetUp();
      const { changeCredentials, credentialProblem, readCredentials } = await load();
      if (options.replace !== true && Object.hasOwn((await readCredentials()).credentials, name))
        throw new Refusal({
          code: 'credential-exists',
          title: `There is a credential ${name} already.`,
          detail: 'Add --replace to replace it, or run `fixpoint credential allow` to let it be used on more targets.',
        });
      const { reference, publicKey } = await referenceOf(name, options);
      const entry: CredentialEntry = {
        reference,
        ...(options.user === undefined ? {} : { userName: options.user }),
        use: options.use.length > 0 ? [...options.use] : ['detect', 'apply'],
        targets: [...new Set(options.target)],
        tiers: options.tier.length > 0 ? [...options.tier] : [2],
      };
      await changeCredentials((known) => ({ ...known, [name]: entry }));
      const problem = await credentialProblem(name, entry);
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
      print({ name, ...entry, targets: all }, `${name} may be used on ${all.join(', ')}.`);
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
      const found: { readonly name: string; readonly problem: string | null }[] = [];
      for (const one of names) {
        const entry = Object.hasOwn(credentials, one) ? credentials[one] : undefined;
        if (!entry) throw entryNotFound(one, Object.keys(credentials));
        found.push({ name: one, problem: (await credentialProblem(one, entry)) ?? null });
      }
      const lines = found.map(
        ({ name: one, problem }) => `${one}: ${problem === null ? 'can be used' : `cannot be used: ${problem}`}`,
      );
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
      print(
        { removed: name, reference: entry.reference },
        `${name} was removed. Its secret is still at ${entry.reference}.`,
      );
    });
}

/** The reference to the secret, which is written first where the command makes it. @throws CommanderError (usage) unless there is one source */
async function referenceOf(
  name: string,
  { key, generateKey, passwordFile, passwordStdin, passwordEnv, user }: AddOptions,
): Promise<{ readonly reference: string; readonly publicKey?: string }> {
  const sources = [key, generateKey, passwordFile, passwordStdin, passwordEnv].filter((one) => one !== undefined);
  if (sources.length !== 1)
    throw usage(
      'Name the secret with one of --key, --generate-key, --password-file, --password-stdin and --password-env.',
    );
  const isKey = key !== undefined || generateKey === true;
  if (isKey && user !== undefined)
    throw usage('--user belongs to a password. The account of an SSH key is that of the target.');
  if (!isKey && user === undefined) throw usage('Add --user: the account that the password belongs to.');
  if (generateKey === true) {
    const made = await (await load()).generateKey(name);
    return { reference: `secret://file${made.path}`, publicKey: made.publicKey };
  }
  if (passwordEnv !== undefined) return { reference: `secret://env/${passwordEnv}` };
  if (passwordStdin === true)
    return { reference: `secret://file${(await load()).writeSecret(name, await readPassword())}` };
  return { reference: `secret://file${resolve(key ?? passwordFile ?? '')}` };
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
