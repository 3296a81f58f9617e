import type { Command } from 'commander';

/** The product with the laboratory: demo and tour. What they need is loaded when they run, as for every command. */
export function demoCommands(program: Command): void {
  program
    .command('demo')
    .description('start the product with the laboratory, play the tour and stay up, as npm run demo does')
    .option('--once', 'stop after the tour')
    .action(async (options: { readonly once?: boolean }) => (await import('./play.js')).playDemo(options));
  program
    .command('tour')
    .description('play the tour against a running demo, or start one for it')
    .action(async () => (await import('./play.js')).playTourOnly());
}
