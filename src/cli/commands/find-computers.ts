import { Option, type Command } from 'commander';
import { csvText } from '../../platform/csv.js';
import { isName } from '../../domain/name.js';
import type { TargetKind } from '../../domain/manifest.js';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { isHostName } from '../../platform/address.js';
import { scanHostKeys } from '../../platform/host-key.js';
import { table, visible } from '../print.js';
import { warn } from '../say.js';
import { search, searchOptions, type SearchOptions } from '../search-job.js';
import { usage } from '../terminal.js';

interface Computer {
  readonly objectGuid: string;
  readonly name: string;
  /** Its name in DNS; absent where it never joined under one. */
  readonly host?: string;
  readonly operatingSystem?: string;
  readonly accountEnabled: boolean;
  readonly domainController: boolean;
}

interface Found {
  readonly computers: readonly Computer[];
  /** There are more computers than were returned. */
  readonly more: boolean;
}

interface FileOptions {
  readonly ssh?: string;
  readonly transport: 'ssh' | 'winrm';
  readonly credential?: string;
  readonly port?: string;
  readonly kind?: TargetKind;
  readonly site: string;
  readonly tier: string;
}

interface Options extends SearchOptions, FileOptions {
  readonly under: string;
  readonly names?: string;
  readonly includeDisabled?: boolean;
  readonly format: 'text' | 'csv';
}

/** Computers that are asked for their host keys at once. */
const SCANS_AT_ONCE = 16;

const HELP = `
--format csv writes a file for "fixpoint target import". With --transport winrm Kerberos proves each computer by its DNS name. With --ssh each computer is asked for its
SSH host key. A computer that does not answer is named and left out. A key that a computer shows proves nothing about who it is: compare the keys before you
import the file.
A domain controller gets tier 0 whatever --tier says.

Example:
  fixpoint target find-computers contoso --under "OU=PCs,DC=contoso,DC=test" --format csv --transport winrm --credential pc-admin > computers.csv
  fixpoint target import computers.csv`;

/** `target find-computers`: the computers of an organizational unit, by a read-only job, and as a file to import. */
export function findComputersCommand(target: Command, { client, print, asJson }: Io): void {
  const command = target
    .command('find-computers')
    .description('list the computers of an organizational unit; at most 500, and nothing is changed')
    .argument('<domain>', 'name of a target of kind domain')
    .requiredOption('--under <DN>', 'distinguished name of the organizational unit; those below it are searched too')
    .option('--names <text>', 'only those whose names begin with this text, to divide a large organizational unit')
    .option('--include-disabled', 'also computers whose account is disabled')
    .addOption(new Option('--format <format>', 'text, or csv for an import').choices(['text', 'csv']).default('text'))
    .option('--ssh <account>', 'account under which the computers are reached over SSH, for csv')
    .addOption(
      new Option('--transport <transport>', 'how the computers are reached, for csv; winrm signs in with Kerberos')
        .choices(['ssh', 'winrm'])
        .default('ssh'),
    )
    .option('--port <port>', 'port of their SSH servers or of WinRM, for csv; default 22 and 5985')
    .option('--credential <name>', 'credential for reading and changing them, for csv')
    .addOption(
      new Option('--kind <kind>', 'what they are, for csv; default: by their operating system').choices([
        'pc',
        'server',
      ]),
    )
    .option('--site <name>', 'where they are, for csv', 'main')
    .addOption(new Option('--tier <tier>', 'their tier, for csv').choices(['0', '1', '2']).default('2'))
    .addHelpText('after', HELP);
  searchOptions(command, 'to list the computers of an organizational unit').action(
    async (domain: string, options: Options) => {
      const { under, names, includeDisabled = false, format, reason, ticket, ...file } = options;
      const asCsv = format === 'csv' && !asJson();
      const { ssh, transport, credential } = file;
      if (asCsv && ((ssh === undefined) === (transport === 'ssh') || credential === undefined))
        throw usage(
          '--format csv needs --ssh <account> or --transport winrm, and --credential <name>: an import says how a target is reached.',
        );
      const parameters = { under, includeDisabled, ...(names === undefined ? {} : { namesBeginWith: names }) };
      const { found, job } = await search<Found>(client(), {
        ...{ runbook: 'list-ad-computers', domain, parameters, reason },
        ...(ticket === undefined ? {} : { ticket }),
      });
      const { computers = [], more = false } = found;
      if (!asCsv) {
        print({ job: job.id, computers, more }, lines(under, computers, more));
        return;
      }
      if (more) warn(`There are more than ${computers.length} computers. Divide them with --names.`);
      process.stdout.write(await importFile(computers, file));
    },
  );
}

/** The file for an import; on stderr each computer that is left out, and why. */
async function importFile(computers: readonly Computer[], options: FileOptions): Promise<string> {
  const rows: (readonly string[] | undefined)[] = [];
  const leftOut: string[] = [];
  const waiting = computers.entries();
  const scan = async () => {
    // The iterator is shared: each computer is taken once.
    for (const [index, computer] of waiting) {
      const why = await rowOf(computer, options).then(
        (row) => (typeof row === 'string' ? row : void (rows[index] = row)),
        (error: unknown) => (error as Error).message,
      );
      if (why !== undefined) leftOut.push(`  ${visible(computer.name)}: ${why}`);
    }
  };
  await Promise.all(Array.from({ length: SCANS_AT_ONCE }, scan));
  if (leftOut.length > 0) warn([`Left out: ${count(leftOut.length, 'computer')}.`, ...leftOut.sort()].join('\n'));
  const written = rows.filter((row) => row !== undefined);
  const next = options.transport === 'winrm' ? '' : ' Compare the host keys before you import the file.';
  warn(`Written: ${count(written.length, 'computer')}.${next}`);
  const columns = ['name', 'kind', 'host', 'transport', 'port', 'user', 'hostKey', 'credential', 'tier', 'site'];
  return csvText([columns, ...written]);
}

/** The row of a computer, or why it has none. */
async function rowOf(computer: Computer, options: FileOptions): Promise<readonly string[] | string> {
  const { name, host, operatingSystem = '', domainController } = computer;
  if (!isName(name)) return 'its name cannot be the name of a target.';
  if (host === undefined) return 'the directory has no DNS name of it.';
  if (!isHostName(host)) return 'what the directory has as its DNS name is none.';
  const kind = options.kind ?? (/server/i.test(operatingSystem) || domainController ? 'server' : 'pc');
  const { ssh = '', transport, credential = '', tier, site } = options;
  const winrm = transport === 'winrm';
  const port = options.port ?? (winrm ? '5985' : '22');
  const [hostKey] = winrm ? [''] : await scanHostKeys(host, Number(port));
  const rest = [credential, domainController ? '0' : tier, site];
  return [name, kind, host, transport, port, ssh, hostKey, ...rest];
}

function lines(under: string, computers: readonly Computer[], more: boolean): string {
  if (computers.length === 0) return `There is no computer under ${visible(under)}.`;
  const head = `${more ? 'The first ' : ''}${count(computers.length, 'computer')} under ${visible(under)}:`;
  const rows = computers.map(({ name, host = '', operatingSystem = '', accountEnabled, domainController }) => [
    visible(name),
    visible(host),
    visible(operatingSystem),
    [...(accountEnabled ? [] : ['disabled']), ...(domainController ? ['domain controller'] : [])].join(', '),
  ]);
  const foot = more ? '\n\nThere are more: divide them with --names.' : '';
  return `${head}\n\n${table([['NAME', 'HOST', 'OPERATING SYSTEM', ''], ...rows])}${foot}`;
}
