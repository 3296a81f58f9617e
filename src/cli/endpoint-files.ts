import type { ListedCommand } from '../domain/listed-command.js';
import { sha256 } from '../domain/digest.js';

/** What a session configuration says of itself beside what every one of Fixpoint says. */
export interface SessionConfiguration {
  /** Who may connect: a group, or a single account. */
  readonly group: string;
  /** The name of the role capability file, without its ending. */
  readonly role: string;
  /** The folder on the target that gets a transcript of each session. */
  readonly transcripts: string;
  /** Groups of the virtual account; none: it is an administrator. */
  readonly accountGroups: readonly string[];
  /** A group managed service account in place of the virtual account. */
  readonly gmsa?: string | undefined;
}

/** PowerShell itself, which is no module: a session that is to import a module of this name is refused. */
const NO_MODULE = 'Microsoft.PowerShell.Core';

/** Where Windows has programs of its own. */
const SYSTEM = 'C:\\Windows\\System32';

/** A text as a PowerShell literal. @param text printable ASCII */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The text of a role capability file (.psrc) that makes exactly these commands visible. */
export function roleCapabilityText(runbooks: readonly string[], commands: readonly ListedCommand[]): string {
  const named = (kinds: readonly ListedCommand['kind'][], nameOf: (command: ListedCommand) => string) =>
    commands
      .filter(({ kind }) => kinds.includes(kind))
      .map(nameOf)
      .sort();
  return data([
    ['Author', literal('Fixpoint')],
    ['Description', literal(`Commands that Fixpoint calls on a target: ${runbooks.join(', ')}`)],
    ['VisibleCmdlets', list(named(['cmdlet', 'function'], qualified))],
    ['VisibleFunctions', list(named(['function'], qualified))],
    ['VisibleExternalCommands', list(named(['program'], ({ name }) => pathOf(name)))],
  ]);
}

/** The modules of these commands that PowerShell does not bring. */
export const modulesOfProducts = (commands: readonly ListedCommand[]): readonly string[] =>
  [...new Set(commands.flatMap(({ module }) => module ?? []))]
    .filter((name) => !name.startsWith('Microsoft.PowerShell.'))
    .sort();

/** The text of a session configuration file (.pssc): who may connect, as whom it runs, where its transcripts are. */
export function sessionConfigurationText(of: SessionConfiguration): string {
  const runsAs: Members =
    of.gmsa === undefined
      ? [
          ['RunAsVirtualAccount', '$true'],
          ['RunAsVirtualAccountGroups', list([...of.accountGroups].sort())],
        ]
      : [['GroupManagedServiceAccount', literal(of.gmsa)]];
  const members: Members = [
    ['Author', literal('Fixpoint')],
    ['Description', literal('Sessions of Fixpoint')],
    ['SessionType', literal('Default')],
    ['LanguageMode', literal('FullLanguage')],
    ...runsAs,
    ['TranscriptDirectory', literal(of.transcripts)],
    ['RoleDefinitions', `@{\n        ${literal(of.group)} = @{ RoleCapabilities = ${literal(of.role)} }\n    }`],
  ];
  const guid = guidOf(data(members));
  return data([['SchemaVersion', literal('2.0.0.0')], ['GUID', literal(guid)], ...members]);
}

type Members = readonly (readonly [string, string | undefined])[];

/** A table of PowerShell data; a member without a value is left out. */
const data = (members: Members): string =>
  ['@{', ...members.flatMap(([name, value]) => (value === undefined ? [] : [`    ${name} = ${value}`])), '}'].join(
    '\n',
  );

const list = (texts: readonly string[]): string | undefined =>
  texts.length === 0 ? undefined : ['@(', ...texts.map((text) => `        ${literal(text)}`), '    )'].join('\n');

const qualified = ({ name, module }: ListedCommand): string =>
  module === undefined || module === NO_MODULE ? name : `${module}\\${name}`;

const pathOf = (program: string): string => (program.endsWith('.exe') ? `${SYSTEM}\\${program}` : program);

/** A GUID by the text itself (RFC 9562, version 8): the same text has the same. */
function guidOf(text: string): string {
  const hex = sha256(text);
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
