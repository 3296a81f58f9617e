import { Option, type Command } from 'commander';
import type { AllowedNames } from '../../ports/powershell-host.js';
import type { Io } from '../io.js';

const ROLES = ['detect', 'plan', 'apply', 'verify', 'rollback', 'module'] as const;

const HELP = `
A type is named without the leading System. A phase may also call the functions of the modules that its manifest names,
and functions of its own. A module is shared PowerShell below _modules.`;

/** `runbook commands`: what the gate lets scripts call, from its own lists. */
export function namesCommand(runbook: Command, { print }: Io): void {
  runbook
    .command('commands')
    .description('list the commands, types and modules that each phase may use, as the gate has them')
    .addOption(new Option('--phase <phase>', 'only those of one phase, or of a module').choices(ROLES))
    .addHelpText('after', HELP)
    .action(async ({ phase }: { phase?: (typeof ROLES)[number] }) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { allowedNames, withEngine } = await import('../../processes/authoring.js');
      const { config } = settingsOrExit();
      const { phases, modules } = await withEngine(config, (host) => allowedNames(config, host));
      const roles = phase === undefined ? ROLES : [phase];
      print(
        { phases: Object.fromEntries(roles.map((role) => [role, phases[role]])), modules },
        [
          ...roles.flatMap((role) => roleLines(role, phases[role])),
          'modules',
          ...modules.map(({ name, functions }) => wrapped(name, functions)),
        ].join('\n'),
      );
    });
}

const roleLines = (role: string, { commands, types }: AllowedNames) => [
  role,
  wrapped('commands', commands),
  wrapped('types', types),
];

const WIDTH = 80;

/** A list with its title, in lines that fit a terminal. */
function wrapped(title: string, names: readonly string[]): string {
  const lines = [`  ${title}:`];
  for (const [i, name] of names.entries()) {
    const word = i + 1 < names.length ? `${name},` : name;
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (line.length > WIDTH) lines.push(`    ${word}`);
    else lines[lines.length - 1] = line;
  }
  return lines.join('\n');
}
