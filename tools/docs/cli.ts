import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';
import { demoCommands } from '../../demo/demo-commands.js';
import { labCommands } from '../../demo/lab-commands.js';
import { createProgram, PRODUCT_COMMANDS } from '../../src/cli/program.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `\`npx fixpoint <command>\` in the folder of the program. Commands that talk to the API take its address from \`FIXPOINT_URL\` (default
\`http://127.0.0.1:8400\`) and your token from \`FIXPOINT_TOKEN\`. Commands marked _on the server_ work on the files or the database of this
installation and need no token.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 incomplete (nothing to verify, or a part is down).`;

/** Commands that need the installation itself rather than a token. */
const ON_THE_SERVER =
  /^fixpoint (person|token|audit verify|doctor|backup|restore|up|demo|tour|lab|runbook (new|check|test|try|schema|commands|role-capability))/;

/** Every command with its arguments and options, from the program that runs them. */
export function cliPage(): string {
  const { program } = createProgram([...PRODUCT_COMMANDS, demoCommands, labCommands]);
  const global = ['## Options of every command', optionTable(program.options)];
  return [heading('Command line', INTRODUCTION), ...global, ...program.commands.flatMap((each) => group(each))].join(
    '\n\n',
  );
}

function group(command: Command): string[] {
  if (command.commands.length === 0) return [`## fixpoint ${command.name()}`, ...body(command, 'fixpoint')];
  const path = `fixpoint ${command.name()}`;
  return [
    `## ${path}`,
    sentence(command.description()),
    ...command.commands.flatMap((each) => section(each, path)),
  ].filter((text) => text !== '');
}

/** A command, or each of those below it. */
function section(command: Command, parent: string): string[] {
  const path = `${parent} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((each) => section(each, path));
  return [`### ${path}`, ...body(command, parent)];
}

function body(command: Command, parent: string): string[] {
  const path = `${parent} ${command.name()}`;
  const usage = [path, ...command.registeredArguments.map(usageOf)].join(' ');
  const place = ON_THE_SERVER.test(path) ? ' _On the server._' : '';
  const explained = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `${sentence(command.description())}${place}`.trim(),
    `\`\`\`text\n${usage}${command.options.length > 0 ? ' [options]' : ''}\n\`\`\``,
    ...(explained.length > 0
      ? [
          table(
            ['argument', 'meaning'],
            explained.map((argument) => [code(argument.name()), `${argument.description}${choicesOf(argument)}`]),
          ),
        ]
      : []),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
    helpAfter(command),
  ].filter((text) => text !== '');
}

/** What `--help` prints below the options. */
function helpAfter(command: Command): string {
  let text = '';
  // A command emits its help texts; its type does not say so.
  (command as unknown as EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (part: string) => (text += part),
  });
  return text.trim() === '' ? '' : `\`\`\`text\n${text.trim()}\n\`\`\``;
}

function usageOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [
    code(option.flags),
    `${option.description}${choicesOf(option)}${option.mandatory ? ' (required)' : ''}${byDefault(option)}`,
  ]);
  return table(['option', 'meaning'], rows);
}

function byDefault(option: Option): string {
  const value: unknown = option.defaultValue;
  return typeof value === 'string' || typeof value === 'number' ? ` (default ${value})` : '';
}

function sentence(text: string): string {
  if (text === '') return '';
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.:!?]$/.test(capital) ? capital : `${capital}.`;
}

/** The allowed values, where they fit into a line; `--help` prints all. */
function choicesOf({ argChoices = [] }: Argument | Option): string {
  return argChoices.length === 0 || argChoices.length > 8 ? '' : `: ${argChoices.map(code).join(', ')}`;
}
