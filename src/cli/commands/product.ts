import type { Command } from 'commander';
import { say } from '../say.js';
import { stopSignal, untilStopped } from '../until-stopped.js';

/** What the one-command start does not protect against: said at each start. */
const EVALUATION =
  'Evaluation mode: one operating system user owns every process, key and password, so whoever controls that user can approve and run anything. For production: docs/guides/production.md';

/** The product itself: up. */
export function productCommands(program: Command): void {
  program
    .command('up')
    .description('start every process of the product on this machine, as npm start does')
    .action(async () => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { startProduct } = await import('../../processes/supervisor.js');
      // Signals count from here on: a stop during the start takes effect once the product is up, and leaves nothing behind.
      const stopped = stopSignal();
      const settings = settingsOrExit('supervisor');
      const product = await startProduct(settings, say);
      console.log(EVALUATION);
      console.log(
        `\nFixpoint is up at ${product.url}\nAdd people: npx fixpoint person add <id> <name> <roles...>; sign in: npx fixpoint token issue <id>. Ctrl-C stops it.`,
      );
      await untilStopped(product.failed, stopped);
      await product.stop();
      process.exit(process.exitCode ?? 0);
    });
}
