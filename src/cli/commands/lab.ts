import type { Command } from 'commander';
import type { Io } from '../io.js';
import { table } from '../print.js';

/** The laboratory. */
export function labCommands(program: Command, io: Io): void {
  const { print } = io;
  const labGroup = program
    .command('lab')
    .description('the laboratory: a domain, Windows PCs and Linux endpoints on this machine');
  labGroup.command('up').action(async () => {
    const { settingsOrExit } = await import('../../process.js');
    const { startLab, labStatus } = await import('../../../lab/index.js');
    const { config } = settingsOrExit();
    await startLab({ home: config.home, engineDirectory: config.engineDirectory, log: (line) => console.error(line) });
    const status = await labStatus(config.home);
    print(status, `Up: ${status.map(({ what }) => what).join(', ')}`);
    process.exit(0);
  });
  labGroup.command('down').action(async () => {
    const { settingsOrExit } = await import('../../process.js');
    const { labDown } = await import('../../../lab/index.js');
    await labDown(settingsOrExit().config.home);
    print({ down: true }, 'Everything the laboratory started has ended.');
  });
  labGroup.command('status').action(async () => {
    const { settingsOrExit } = await import('../../process.js');
    const { labStatus } = await import('../../../lab/index.js');
    const status = await labStatus(settingsOrExit().config.home);
    print(
      status,
      status.length === 0
        ? 'The laboratory is down.'
        : table([
            ['PART', 'PROCESS', 'STATE'],
            ...status.map(({ what, pid, up }) => [what, String(pid), up ? 'up' : 'ended']),
          ]),
    );
    if (status.length === 0 || status.some(({ up }) => !up)) process.exitCode = 3;
  });
}
