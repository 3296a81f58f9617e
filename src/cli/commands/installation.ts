import type { Command } from 'commander';
import type { Io } from '../io.js';
import type { RestoreWith } from '../../installation/backup-and-restore.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';

/** The installation: init, doctor, backup and restore. */
export function installationCommands(program: Command, io: Io): void {
  const { print } = io;
  const say = (message: string) => console.error(message);
  program
    .command('init')
    .description(
      'set up a new installation: database, keys, the first person (admin, operator, auditor) and their token',
    )
    .argument('<id>', 'id of the first person: lower-case letters, digits, dot, underscore and hyphen')
    .argument('<name>', 'the name that others see')
    .action(async (id: string, name: string) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { initialise } = await import('../../installation/initialise.js');
      const made = await initialise(settingsOrExit('supervisor'), { id, name }, say);
      print(
        made,
        [
          `Fixpoint is set up in ${made.home}.`,
          ...(made.kept.length === 0 ? [] : [`These files were there and were kept: ${made.kept.join(', ')}.`]),
          `${visible(made.person.name)} (${id}) is ${made.person.roles.join(', ')}. Their token is shown once and is valid for 12 hours:`,
          made.token,
          'Next: start Fixpoint with npm start, then add people (fixpoint person add), credentials and targets.',
        ].join('\n'),
      );
    });
  program
    .command('doctor')
    .description('find what is wrong with this installation, and say what to do')
    .action(async () => {
      const { INSTALL_ROOT } = await import('../../platform/install-root.js');
      const { folderProblems, readConfig } = await import('../../processes/config.js');
      const { finding } = await import('../../installation/doctor/finding.js');
      const { examine } = await import('../../installation/doctor/index.js');
      const read = readConfig(process.env, INSTALL_ROOT);
      const problems = read.ok ? folderProblems(read.value.config) : read.error;
      const diagnosis =
        read.ok && problems.length === 0
          ? await examine(read.value)
          : {
              ok: false,
              looked: ['settings'],
              findings: problems.map(({ variable, problem }) => finding('settings-invalid', `${variable} ${problem}`)),
            };
      const lines = diagnosis.findings.map(({ severity, code, what, detail, toDo }) =>
        [
          `${severity === 'wrong' ? 'WRONG' : 'note '} ${code}: ${what}`,
          `      ${visible(detail)}`,
          `      ${toDo}`,
        ].join('\n'),
      );
      const sum = diagnosis.ok
        ? `Nothing is wrong. Looked at: ${diagnosis.looked.join(', ')}.`
        : 'Something is wrong; see above.';
      print(diagnosis, [...lines, sum].join('\n'));
      process.exitCode = diagnosis.ok ? 0 : 1;
    });
  program
    .command('backup')
    .argument('<folder>', 'a folder that does not exist yet')
    .description('write the whole database, as of one moment, into a new folder')
    .action(async (folder: string) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { backup, KEEP_YOURSELF } = await import('../../installation/backup-and-restore.js');
      const index = await backup(settingsOrExit(), folder, say);
      const rows = index.tables.reduce((sum, table) => sum + table.rows, 0);
      print(
        { folder, ...index, notIncluded: KEEP_YOURSELF },
        [
          `${count(rows, 'row')} of ${count(index.tables.length, 'table')} written to ${folder}`,
          `The audit log ends with event ${index.head.seq}, ${index.head.hash}: note it elsewhere, and name it at the restore.`,
          `Not included, keep them apart: ${KEEP_YOURSELF.join(', ')}`,
        ].join('\n'),
      );
    });
  program
    .command('restore')
    .argument('<folder>', 'a backup')
    .option('--head <hash>', 'hash at which the audit log must end, as you noted it')
    .option('--despite-problems', 'restore although events of the audit log do not verify; their number is recorded')
    .description('restore a backup into an installation whose database is empty')
    .action(async (folder: string, how: RestoreWith) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { restore, RestoreRefused } = await import('../../installation/backup-and-restore.js');
      const { Refusal } = await import('../api/refusal.js');
      try {
        const restored = await restore(settingsOrExit(), folder, how, say);
        print(
          restored,
          [
            restored.problems === 0
              ? `Restored as of ${restored.madeAt}; the audit log verifies, up to event ${restored.head.seq}.`
              : `Restored as of ${restored.madeAt}, up to event ${restored.head.seq}, DESPITE ${count(restored.problems, 'problem')} of the audit log: fixpoint audit verify names them.`,
            `${count(restored.unknown, 'job')} ran then: each is unknown until Fixpoint has checked its target.`,
            `${count(restored.blocked, 'job was', 'jobs were')} approved and had not begun: nothing is run for them, submit them again.`,
            `No longer valid: ${count(restored.revokedGrants, 'grant')}, ${count(restored.refusedDecisions, 'decision')} and ${count(restored.revokedTokens, 'token')} from before. Sign in with new tokens.`,
            `Paused: ${count(restored.pausedSchedules, 'schedule')}. What they fired since the backup is not known; look, then resume them.`,
          ].join('\n'),
        );
      } catch (error) {
        if (!(error instanceof RestoreRefused)) throw error;
        throw new Refusal({ code: error.code, title: 'Nothing was restored.', detail: error.message });
      }
    });
}
