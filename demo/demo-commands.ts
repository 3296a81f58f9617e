import type { Command } from 'commander';
import { clientFromEnvironment } from '../src/cli/api/sign-in.js';
import { homeDirectory } from '../src/platform/install-root.js';
import { untilStopped } from '../src/cli/until-stopped.js';
import { DEMO_PEOPLE, startDemo } from './demo.js';
import { playTour } from './tour/index.js';

/** The product with the laboratory: demo and tour. */
export function demoCommands(program: Command): void {
  program
    .command('demo')
    .description('start the product with the laboratory, play the tour and stay up, as npm run demo does')
    .option('--once', 'stop after the tour')
    .action(playDemo);
  program.command('tour').description('play the tour against a running demo, or start one for it').action(playTourOnly);
}

async function playDemo({ once }: { readonly once?: boolean }): Promise<void> {
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
  // Everything has stopped; sockets of the clients' keep-alive pool would hold the process for seconds.
  process.exit(process.exitCode ?? 0);
}

async function playTourOnly(): Promise<void> {
  const say = (line: string) => console.log(line);
  const url = process.env.FIXPOINT_URL ?? `http://127.0.0.1:${process.env.FIXPOINT_PORT ?? 8400}`;
  const running = await fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
  if (running) {
    const people = Object.fromEntries(
      Object.keys(DEMO_PEOPLE).map((id) => [id, clientFromEnvironment(id)]),
    ) as Parameters<typeof playTour>[0]['people'];
    return playTour({ home: homeDirectory(), people, say });
  }
  const demo = await startDemo((line) => (/^starting/.test(line) ? say(line) : undefined));
  try {
    await playTour({ ...demo, say });
  } finally {
    await demo.stop();
  }
  // As after the demo: nothing is left to do, and keep-alive sockets must not hold the process.
  process.exit(0);
}
