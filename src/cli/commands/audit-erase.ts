import { Option, type Command } from 'commander';
import { isErasableSubject, SHORTEST_ERASED } from '../../domain/subjects.js';
import { isUuid } from '../../domain/uuid.js';
import { Refusal } from '../api/refusal.js';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { table, visible } from '../print.js';
import { confirm, usage } from '../terminal.js';

interface EraseOptions {
  readonly subject?: string;
  readonly job?: string;
  readonly reason: string;
  readonly yes?: true;
}

/** `fixpoint audit erase`: the values of a person who may ask for it. */
export function eraseCommand(audit: Command, { print }: Io): void {
  audit
    .command('erase')
    .description('erase the values of ended jobs; the audit log still verifies')
    .option('--subject <text>', 'part of a name, an id or a changed object that the jobs are about')
    .addOption(new Option('--job <id>', 'one job, by its whole id').conflicts('subject'))
    .requiredOption('--reason <text>', 'why; kept in the audit log, so without personal data')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nParameters, states seen, changes, reasons and output of these jobs are removed. Runbook, target, times, people who acted, and digests stay.\nA job whose values were erased cannot be rolled back. Backups keep what they hold.',
    )
    .action(async ({ subject, job, reason, yes }: EraseOptions) => {
      const which = job === undefined ? (subject === undefined ? undefined : { subject }) : { job };
      if (!which) throw usage('Name the jobs: --subject <text> or --job <id>.');
      if (subject !== undefined && !isErasableSubject(subject))
        throw usage(
          `--subject has at least ${SHORTEST_ERASED} characters: a shorter text fits too many jobs. Erase them one by one with --job.`,
        );
      if (job !== undefined && !isUuid(job)) throw usage(`${visible(job)} is not a whole id of a job.`);
      const { settingsOrExit } = await import('../../processes/process.js');
      const { erasable, erase } = await import('../../installation/erase-values.js');
      const settings = settingsOrExit();
      const found = await erasable(settings, which);
      const left =
        found.notEnded === 0
          ? ''
          : `\n${count(found.notEnded, 'more has', 'more have')} not ended, and nothing of that is erased.`;
      if (found.jobs.length === 0) return print({ erased: [], notEnded: found.notEnded }, `No ended job fits.${left}`);
      const rows = found.jobs.map(({ id, runbook, target }) => [id, runbook, visible(target)]);
      if (yes !== true) {
        console.error(table([['JOB', 'RUNBOOK', 'TARGET'], ...rows]) + left);
        const agreed = await confirm(
          `Erase the values of ${count(rows.length, 'job')}? This cannot be undone.`,
          'Add --yes.',
        );
        if (!agreed)
          throw new Refusal({ code: 'not-confirmed', title: 'Nothing was erased.', detail: 'You did not confirm.' });
      }
      const erased = await erase(
        settings,
        found.jobs.map(({ id }) => id),
        reason,
      );
      print({ erased, notEnded: found.notEnded }, `The values of ${count(erased.length, 'job')} were erased.${left}`);
    });
}
