import type { Command } from 'commander';
import { labDown, labStatus, startLab } from '../lab/index.js';
import type { Io } from '../src/cli/io.js';
import { table } from '../src/cli/print.js';
import { settingsOrExit } from '../src/processes/process.js';

/** The laboratory. */
export function labCommands(program: Command, { print }: Io): void {
  const lab = program
    .command('lab')
    .description('the laboratory: a domain, Windows PCs and Linux endpoints on this machine');
  lab
    .command('up')
    .description('start the laboratory')
    .action(async () => {
      const { config } = settingsOrExit();
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
      await labDown(settingsOrExit().config.home);
      print({ down: true }, 'The laboratory has stopped.');
    });
  lab
    .command('status')
    .description('show its processes')
    .action(async () => {
      const status = await labStatus(settingsOrExit().config.home);
      const rows = status.map(({ what, pid, up }) => [what, String(pid), up ? 'up' : 'ended']);
      print(status, rows.length === 0 ? 'The laboratory is down.' : table([['PART', 'PROCESS', 'STATE'], ...rows]));
      if (status.length === 0 || status.some(({ up }) => !up)) process.exitCode = 3;
    });
}
