import { Argument, Option, type Command } from 'commander';
import { STATES, type State } from '../../domain/job.js';
import { parseObject, wholeNumber, type Io } from '../io.js';
import { confirmApproval, planToDecide } from '../approve.js';
import { table, visible } from '../print.js';
import { watchJob } from '../watch.js';

/** Requests and what became of them. */
export function jobCommands(program: Command, io: Io): void {
  const { asJson, client, print, showJob } = io;
  const job = program.command('job').description('submit requests, follow them, decide on them');
  job
    .command('submit')
    .description('request a change: a worker plans it, nothing is changed before an approval')
    .argument('<runbook>', 'id of a runbook in the catalogue')
    .argument('<target>', 'name of a target in the inventory')
    .argument('<parameters>', 'parameters of the runbook as a JSON object')
    .requiredOption('--reason <text>', 'why; approvers see it')
    .option('--ticket <id>', 'a ticket of your own system')
    .option('--follows <job>', 'your earlier job of which this one is the next step')
    .action(
      async (
        runbook: string,
        target: string,
        parameters: string,
        options: { reason: string; ticket?: string; follows?: string },
      ) => {
        const body = {
          runbook,
          target,
          parameters: parseObject(parameters),
          reason: options.reason,
          ...(options.ticket ? { ticket: options.ticket } : {}),
          ...(options.follows ? { follows: options.follows } : {}),
        };
        showJob(await client().post('/v1/jobs', { body }));
      },
    );
  job
    .command('list')
    .description('list jobs, newest first; without the right to see all jobs, your own')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(STATES))
    .option('--runbook <id>', 'only jobs of this runbook')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async (options: { state?: State; runbook?: string; limit: number }) => {
      const page = await client().get('/v1/jobs', { query: options });
      const rows = page.items.map((item) => [
        item.id,
        item.state,
        item.runbook.id,
        item.target.name,
        visible(item.requester.name),
        item.code ?? '',
      ]);
      print(
        page,
        page.items.length === 0
          ? 'No jobs.'
          : table([['JOB', 'STATE', 'RUNBOOK', 'TARGET', 'REQUESTED BY', 'CODE'], ...rows]),
      );
    });
  job
    .command('show')
    .description('show a job with its plan, approvals, changes and proof')
    .argument('<id>', 'id of a job')
    .action(async (id: string) => showJob(await client().get('/v1/jobs/{id}', { path: { id } })));
  job
    .command('watch')
    .argument('<id>', 'id of a job')
    .description('follow a job until it ends')
    .action(async (id: string) => watchJob(client(), id, asJson()));
  for (const decision of ['approve', 'reject'] as const) {
    const command = job
      .command(decision)
      .description(
        decision === 'approve'
          ? 'approve the plan that is shown; never your own request'
          : 'reject the plan that is shown',
      )
      .argument('<id>', 'id of a job')
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .addOption(
        new Option(
          '--on-failure <what>',
          'what happens to the earlier changes when one fails; default from the runbook',
        ).choices(['leave', 'rollback']),
      )
      .action(async (id: string, options: { reason: string; onFailure?: 'leave' | 'rollback'; yes?: boolean }) => {
        const { digest, text } = await planToDecide(client(), id);
        if (!asJson()) process.stdout.write(`${text}\n\n`);
        if (decision === 'approve' && options.yes !== true && !(await confirmApproval()))
          return print({ decided: false }, 'Nothing was decided.');
        const body = {
          decision,
          planDigest: digest,
          reason: options.reason,
          ...(options.onFailure ? { onFailure: options.onFailure } : {}),
        };
        showJob(await client().post('/v1/jobs/{id}/decision', { path: { id }, body }));
      });
    if (decision === 'approve') command.option('--yes', 'approve without asking; the plan is still printed');
  }
  for (const verb of ['cancel', 'rollback'] as const) {
    job
      .command(verb)
      .description(
        verb === 'cancel'
          ? 'cancel a job; a change in progress completes first'
          : 'request a rollback of a job that ended',
      )
      .argument('<id>', 'id of a job')
      .requiredOption('--reason <text>', 'why')
      .action(async (id: string, { reason }: { reason: string }) =>
        showJob(await client().post(`/v1/jobs/{id}/${verb}`, { path: { id }, body: { reason } })),
      );
  }
  job
    .command('resolve')
    .description('record what you found on the target of a job that needs attention')
    .argument('<id>', 'id of a job')
    .addArgument(
      new Argument('<resolution>', 'what you found; a worker checks in-place').choices(['in-place', 'not-in-place']),
    )
    .requiredOption('--reason <text>', 'what you saw')
    .action(async (id: string, resolution: 'in-place' | 'not-in-place', { reason }: { reason: string }) =>
      showJob(await client().post('/v1/jobs/{id}/resolve', { path: { id }, body: { resolution, reason } })),
    );
}
