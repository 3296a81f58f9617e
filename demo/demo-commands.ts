import type { Command } from 'commander';
import { wholeNumber } from '../src/cli/io.js';
import { usage } from '../src/cli/terminal.js';

/** The product with the laboratory: demo and tour. What they need is loaded when they run, as for every command. */
export function demoCommands(program: Command): void {
  program
    .command('demo')
    .description('start the product with the laboratory, play the tour and stay up, as npm run demo does')
    .option('--once', 'stop after the tour')
    .action(async (options: { readonly once?: boolean }) => (await import('./play.js')).playDemo(options));
  program
    .command('rollout-demo')
    .description('start the product with Linux servers, four of them broken, and play a rollout over all of them')
    .option('--servers <n>', 'how many servers, 8 to 99', wholeNumber, 60)
    .option('--once', 'stop after the rollout')
    .action(async ({ servers, once = false }: { readonly servers: number; readonly once?: boolean }) => {
      if (servers < 8 || servers > 99) throw usage('The demonstration has 8 to 99 servers.');
      await (await import('./rollout/index.js')).playRolloutDemo({ servers, once });
    });
  program
    .command('tour')
    .description('play the tour against a running demo, or start one for it')
    .action(async () => (await import('./play.js')).playTourOnly());
}
