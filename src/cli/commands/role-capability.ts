import { InvalidArgumentError, type Command } from 'commander';
import { modulesOfProducts, roleCapabilityText, sessionConfigurationText } from '../endpoint-files.js';
import { collect, type Io } from '../io.js';
import { visible } from '../print.js';
import { warn } from '../say.js';
import { usage } from '../terminal.js';

const HELP = `
The list holds the commands that the gate finds in the phases on the target and in the modules of these runbooks, and
what the engine calls by itself. Write it to a file of the target, and the session configuration to another one:
  fixpoint runbook role-capability trigger-directory-sync > Fixpoint.psrc
  fixpoint runbook role-capability --session-configuration --group 'CONTOSO\\Fixpoint' > Fixpoint.pssc
Phases are scripts and need full language, in which a session can use .NET: the list does not bound what a session can
do. docs/guides/jea.md says what does.`;

interface Options {
  readonly sessionConfiguration?: boolean;
  readonly group?: string;
  readonly role: string;
  readonly transcripts: string;
  readonly accountGroup: readonly string[];
  readonly gmsa?: string;
}

/** `runbook role-capability`: the files of a JEA endpoint for some runbooks. */
export function roleCapabilityCommand(runbook: Command, io: Io): void {
  runbook
    .command('role-capability')
    .description('print the role capability file of a JEA endpoint for runbooks, or its session configuration')
    .argument('[runbooks...]', 'folders, or ids of runbooks of this installation; none: all of this installation')
    .option('--session-configuration', 'print the session configuration (.pssc) in place of the role capability file')
    .option('--group <name>', 'who may connect, such as CONTOSO\\Fixpoint', ascii)
    .option('--role <name>', 'name of the role capability file, without .psrc', roleName, 'Fixpoint')
    .option(
      '--transcripts <folder>',
      'folder on the target for a transcript of each session',
      windowsPath,
      'C:\\ProgramData\\Fixpoint\\Transcripts',
    )
    .option(
      '--account-group <name>',
      'local group of the virtual account in place of Administrators; may be repeated',
      (text: string, known: readonly string[]) => collect(ascii(text), known),
      [],
    )
    .option('--gmsa <account>', 'group managed service account in place of the virtual account', ascii)
    .addHelpText('after', HELP)
    .action(async (names: string[], options: Options) => {
      if (options.sessionConfiguration === true) return printConfiguration(io, names, options);
      if (options.group !== undefined || options.gmsa !== undefined || options.accountGroup.length > 0)
        throw usage('--group, --account-group and --gmsa belong to the session configuration: --session-configuration');
      await printCapability(io, names);
    });
}

function printConfiguration({ print }: Io, names: readonly string[], options: Options): void {
  const { group, role, transcripts, accountGroup: accountGroups, gmsa } = options;
  if (names.length > 0) throw usage('A session configuration names no runbooks: leave them out.');
  if (group === undefined) throw usage('Say who may connect: --group CONTOSO\\Fixpoint');
  if (gmsa !== undefined && accountGroups.length > 0) throw usage('Choose one of --gmsa and --account-group.');
  const text = sessionConfigurationText({ group, role, transcripts, accountGroups, gmsa });
  print({ text }, text);
}

async function printCapability({ print, asJson }: Io, names: readonly string[]): Promise<void> {
  const { settingsOrExit } = await import('../../processes/process.js');
  const { commandsOnTargets, foldersOf, loadNamed, withEngine } = await import('../../processes/authoring.js');
  const { config } = settingsOrExit();
  const folders = foldersOf(config, names);
  if (!folders.ok) throw usage(`There is no folder ${folders.error}, and no runbook of this id.`);
  const { runbooks, without, commands } = await withEngine(config, async (host) => {
    const loaded = await loadNamed(config, host, folders.value);
    if (loaded.length === 0) throw usage('There is no runbook: a runbook is a folder with a runbook.yaml.');
    const bundles = loaded.map(({ id, bundle }) => {
      if (!bundle) throw usage(`${visible(id)} is not a runbook that can be loaded: run fixpoint runbook check`);
      return bundle;
    });
    return commandsOnTargets(host, bundles);
  });
  for (const id of without) warn(`${id} has no phase that runs on the target.`);
  for (const module of modulesOfProducts(commands))
    warn(`Each machine with this file needs the module ${module}: without it PowerShell opens no session.`);
  if (runbooks.length === 0) process.exitCode = 1;
  const text = runbooks.length === 0 ? null : roleCapabilityText(runbooks, commands);
  if (text !== null || asJson()) print({ runbooks, without, commands, text }, text ?? '');
}

/** A name that every PowerShell reads as it is written. @throws InvalidArgumentError (usage) */
function ascii(text: string): string {
  if (!/^[\x20-\x7e]{1,256}$/.test(text) || text.trim() !== text)
    throw new InvalidArgumentError('Only printable ASCII: Windows PowerShell may read other characters as others.');
  return text;
}

/** @throws InvalidArgumentError (usage) */
function roleName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(text))
    throw new InvalidArgumentError('Letters, digits, point, hyphen and underscore.');
  return text;
}

/** @throws InvalidArgumentError (usage) */
function windowsPath(text: string): string {
  if (!/^[A-Za-z]:\\/.test(text)) throw new InvalidArgumentError('An absolute path of Windows: C:\\Transcripts');
  return ascii(text);
}
