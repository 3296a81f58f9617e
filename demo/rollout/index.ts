import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { homeDirectory, INSTALL_ROOT } from '../../src/platform/install-root.js';
import { untilStopped } from '../../src/cli/until-stopped.js';
import { startDemo } from '../demo.js';
import { furnishServers, serverNames } from './servers.js';
import { playRollout } from './story.js';

/** What the demonstration ran on in place of a real estate. */
const RAN_ON = [
  'The servers: an OpenSSH server each, with the full PowerShell engine behind it, on this one machine.',
  'PowerShell, SSH, PostgreSQL, the signatures and the audit log are real.',
];

/** The process id of the worker that this process has started. */
function workerProcess(): number {
  const lines = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' }).split(
    '\n',
  );
  const line = lines.find((one) => /\bmain\S* worker$/.test(one.trim()));
  if (line === undefined) throw new Error('The process of the worker is not there.');
  return Number.parseInt(line, 10);
}

/**
 * The demonstration of rollouts: the product, that many Linux servers of which four are broken, and one rollout over all of them.
 * @param servers at least 8, so that there is a last wave; at most 99
 */
export async function playRolloutDemo({
  servers: count,
  once,
}: {
  readonly servers: number;
  readonly once: boolean;
}): Promise<void> {
  const names = serverNames(count);
  process.env.FIXPOINT_RUNBOOKS ??= join(INSTALL_ROOT, 'demo', 'rollout', 'runbooks');
  const quiet: string[] = [];
  const demo = await startDemo(
    (line) => (/^(starting|stopping|the database)/.test(line) ? console.log(line) : quiet.push(line)),
    { parts: ['linux'], linux: names },
  );
  const started = Date.now();
  try {
    await playRollout({
      people: demo.people,
      servers: furnishServers(join(homeDirectory(), 'lab', 'notices'), names),
      say: (line) => console.log(line),
      killWorker: () => process.kill(workerProcess(), 'SIGKILL'),
    });
  } catch (error) {
    console.error(quiet.slice(-15).join('\n'));
    await demo.stop();
    throw error;
  }
  console.log(`\nIt took ${Math.round((Date.now() - started) / 1000)} s and ran on:`);
  for (const what of RAN_ON) console.log(`  ${what}`);
  if (!once) {
    console.log(
      `\nFixpoint stays up at ${demo.product.url}. Try: npx fixpoint --as operator rollout list    Ctrl-C stops everything.`,
    );
    await untilStopped(demo.product.failed);
  }
  await demo.stop();
  // Everything has stopped; sockets of the clients' keep-alive pool would hold the process for seconds.
  process.exit(process.exitCode ?? 0);
}
