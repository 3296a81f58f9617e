import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Where a shell loads its script from, after the arguments of the command. */
const HELP = `
Load it in the running shell, or put the same line into its start file:
  bash    source <(fixpoint completion bash)
  zsh     source <(fixpoint completion zsh)
  fish    fixpoint completion fish | source
The name that is completed is fixpoint. Where only npx has it, define a function first: fixpoint() { npx fixpoint "$@"; }`;

/** The completion script of a shell, from the commands of the program that prints it. */
export function completionCommands(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and values in your shell')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      const [{ placesOf }, { bashScript }, { zshScript }, { fishScript }] = await Promise.all([
        import('../completion/words.js'),
        import('../completion/bash.js'),
        import('../completion/zsh.js'),
        import('../completion/fish.js'),
      ]);
      const script = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
      process.stdout.write(script(placesOf(program)));
    });
}
