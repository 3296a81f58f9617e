import type { Command } from 'commander';
import { clientFromEnvironment } from '../client.js';

/** The product itself: up, demo, tour. */
export function productCommands(program: Command): void {
  program
    .command('up')
    .description('start the product: npm start')
    .action(async () => {
      const { settingsOrExit } = await import('../../process.js');
      const { startProduct } = await import('../../supervisor.js');
      // Heard from here on: told to stop while it starts, it stops once it is up, and leaves nothing behind.
      const told = signalled();
      const product = await startProduct(settingsOrExit(), (line) => console.log(line));
      console.log(
        `\nFixpoint is up at ${product.url}\nAdd people: npx fixpoint person add <id> <name> <roles...>; sign in: npx fixpoint token issue <id>. Ctrl-C stops it.`,
      );
      await untilStopped(product.failed, told);
      await product.stop();
      process.exit(process.exitCode ?? 0);
    });
  program
    .command('demo')
    .description('start the product with the laboratory, play the tour, stay up')
    .option('--once', 'stop after the tour')
    .action(async ({ once }: { once?: boolean }) => {
      const { startDemo } = await import('../demo.js');
      const { playTour } = await import('../tour/index.js');
      const quiet: string[] = [];
      const demo = await startDemo((line) =>
        /^(starting|stopping|the database)/.test(line) ? console.log(line) : quiet.push(line),
      );
      try {
        await playTour({ ...demo, say: (line) => console.log(line) });
      } catch (error) {
        console.error(quiet.slice(-15).join('\n'));
        await demo.stop();
        throw error;
      }
      if (once !== true) {
        console.log(
          `\nFixpoint stays up at ${demo.product.url}. The demo people's tokens are in ${demo.home}/demo.json.\nTry: npx fixpoint --as helpdesk job list    Ctrl-C stops everything.`,
        );
        await untilStopped(demo.product.failed);
      }
      await demo.stop();
      process.exit(process.exitCode ?? 0);
    });
  program
    .command('tour')
    .description('play both runbooks against a running demo, or start one for it')
    .action(async () => {
      const { playTour } = await import('../tour/index.js');
      const { DEMO_PEOPLE, startDemo } = await import('../demo.js');
      const { home } = await import('../client.js');
      const say = (line: string) => console.log(line);
      const running = await fetch(
        `${process.env.FIXPOINT_URL ?? `http://127.0.0.1:${process.env.FIXPOINT_PORT ?? 8400}`}/healthz`,
      ).then(
        (r) => r.ok,
        () => false,
      );
      if (running) {
        const people = Object.fromEntries(
          Object.keys(DEMO_PEOPLE).map((id) => [id, clientFromEnvironment(id)]),
        ) as Parameters<typeof playTour>[0]['people'];
        return playTour({ home: home(), people, say });
      }
      const demo = await startDemo((line) => (/^starting/.test(line) ? say(line) : undefined));
      try {
        await playTour({ ...demo, say });
      } finally {
        await demo.stop();
      }
      process.exit(0);
    });
}

function signalled(): Promise<undefined> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(undefined));
    process.once('SIGTERM', () => resolve(undefined));
  });
}

async function untilStopped(failed: Promise<string>, told = signalled()): Promise<void> {
  const why = await Promise.race([told, failed]);
  if (why !== undefined) {
    console.error(`Stopping: ${why}`);
    process.exitCode = 1;
  } else console.log('\nStopping …');
}
