import type { Command } from 'commander';
import type { TargetStatus } from '../api/types.js';
import { comingTime, type Io } from '../io.js';
import { minuteOf } from '../target-status.js';

const HELP = `
No job begins on a target that is in maintenance. What is running is finished, and what waits is tried again when the maintenance ends, until the
deadline of the job. Nothing of the target is changed: approvals of jobs on it hold.

Examples:
  fixpoint target maintenance start pc-17 pc-18 --until 4h --reason "new disks"
  fixpoint target maintenance end pc-17 pc-18`;

/** Maintenance of targets: no job begins on them. */
export function maintenanceCommands(target: Command, { client, print }: Io): void {
  /** Each of them is there before anything is changed: a mistyped name must not leave half of them done. */
  const known = async (ids: readonly string[]) => {
    const found: string[] = [];
    for (const id of ids) found.push((await client().get('/v1/targets/{id}', { path: { id } })).id);
    return found;
  };
  const maintenance = target
    .command('maintenance')
    .description('keep jobs from targets for some time')
    .addHelpText('after', HELP);
  maintenance
    .command('start')
    .description('let no job begin on these targets until a time; of one that is in maintenance, change its end')
    .argument('<target...>', 'names or ids of targets')
    .requiredOption('--until <time>', 'its end: 4h, 2d, or a time such as 2026-01-31T08:00:00Z', comingTime)
    .requiredOption('--reason <text>', 'why; everybody who may see the target sees it')
    .action(async (ids: readonly string[], body: { until: string; reason: string }) => {
      const changed: TargetStatus[] = [];
      for (const id of await known(ids))
        changed.push(await client().post('/v1/targets/{id}/maintenance', { path: { id }, body }));
      const lines = changed.map(({ name }) => `${name} is in maintenance until ${minuteOf(body.until)} UTC.`);
      print({ items: changed }, lines.join('\n'));
    });
  maintenance
    .command('end')
    .description('end the maintenance of these targets')
    .argument('<target...>', 'names or ids of targets')
    .action(async (ids: readonly string[]) => {
      const changed: TargetStatus[] = [];
      for (const id of await known(ids))
        changed.push(await client().delete('/v1/targets/{id}/maintenance', { path: { id } }));
      print({ items: changed }, changed.map(({ name }) => `${name} is not in maintenance.`).join('\n'));
    });
}
