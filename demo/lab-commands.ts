import type { Command } from 'commander';
import type { Io } from '../src/cli/io.js';
import { table } from '../src/cli/print.js';

/** The laboratory. */
export function labCommands(program: Command, { print, client }: Io): void {
  const lab = program
    .command('lab')
    .description('the laboratory: a domain, Windows PCs and Linux endpoints on this machine');
  lab
    .command('up')
    .description('start the laboratory')
    .option('--register', 'register its targets and credentials with the running product of this home')
    .action(async ({ register = false }: { readonly register?: boolean }) => {
      const { labStatus, startLab, config } = await laboratory();
      const { assertMayRegister, registerEstate } = await import('./register.js');
      if (register) await assertMayRegister(client());
      const started = await startLab({
        home: config.home,
        engineDirectory: config.engineDirectory,
        log: (line) => console.error(line),
      });
      const status = await labStatus(config.home);
      const targets = register ? await registerEstate(client(), started) : undefined;
      const said = targets?.map(({ name, outcome }) => `\n${name} is in the inventory (${outcome}).`).join('') ?? '';
      print(
        targets === undefined ? status : { processes: status, targets },
        `Up: ${status.map(({ what }) => what).join(', ')}${said}`,
      );
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
