import { clientFromEnvironment } from '../src/cli/api/sign-in.js';
import { untilStopped } from '../src/cli/until-stopped.js';
import { apiAddress } from '../src/platform/home-address.js';
import { homeDirectory } from '../src/platform/install-root.js';
import { DEMO_PEOPLE, startDemo } from './demo.js';
import { playTour } from './tour/index.js';

/** The demo: product, laboratory and tour; afterwards it stays up until it is stopped. */
export async function playDemo({ once }: { readonly once?: boolean }): Promise<void> {
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

/** The tour against the demo that runs, or against one that is started for it. */
export async function playTourOnly(): Promise<void> {
  const say = (line: string) => console.log(line);
  const running = await fetch(`${apiAddress()}/healthz`).then(
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
