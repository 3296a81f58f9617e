import type { Command } from 'commander';
import type { Io } from '../src/cli/io.js';
import { table } from '../src/cli/print.js';

/** The laboratory. */
export function labCommands(program: Command, { print }: Io): void {
  const lab = program
    .command('lab')
    .description('the laboratory: a domain, Windows PCs and Linux endpoints on this machine');
  lab
    .command('up')
    .description('start the laboratory')
    .action(async () => {
      const { labStatus, startLab, config } = await laboratory();
      await startLab({
        home: config.home,
        engineDirectory: config.engineDirectory,
        log: (line) => console.error(line),
      });
      const status = await labStatus(config.home);
      print(status, `Up: ${status.map(({ what }) => what).join(', ')}`);
      // The laboratory's processes stay up on purpose; their pipes must not hold this command.
      process.exit(0);
    });
  lab
    .command('down')
    .description('stop everything that the laboratory started')
    .action(async () => {
      const { labDown, config } = await laboratory();
      await labDown(config.home);
      print({ down: true }, 'The laboratory has stopped.');
    });
  lab
    .command('status')
    .description('show its processes')
    .action(async () => {
      const { labStatus, config } = await laboratory();
      const status = await labStatus(config.home);
      const rows = status.map(({ what, pid, up }) => [what, String(pid), up ? 'up' : 'ended']);
      print(status, rows.length === 0 ? 'The laboratory is down.' : table([['PART', 'PROCESS', 'STATE'], ...rows]));
      if (status.length === 0 || status.some(({ up }) => !up)) process.exitCode = 3;
    });
}

/** What these commands need, loaded when one of them runs. */
async function laboratory() {
  const [lab, { settingsOrExit }] = await Promise.all([
    import('../lab/index.js'),
    import('../src/processes/process.js'),
  ]);
  return { ...lab, config: settingsOrExit().config };
}
