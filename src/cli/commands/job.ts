import { Argument, Option, type Command } from 'commander';
import { STATES, type State } from '../../domain/job.js';
import { comingTime, sinceTime, wholeNumber, type Io } from '../io.js';
import { planChanged, planToDecide } from '../approve.js';
import { readParameters } from '../parameters.js';
import { say } from '../say.js';
import { confirm, terminal, usage } from '../terminal.js';
import { findJob } from '../job-id.js';
import { endedBadly } from '../job-end.js';
import { jobList } from '../job-list.js';
import { ownOnly } from '../own-only.js';
import { keyOptions, signDecision, type KeyOptions } from '../sign-decision.js';
import { watchJob } from '../watch.js';

/** Shown after the options of `job submit`; a test checks the examples against the runbooks. */
export const SUBMIT_HELP = `
Values get the type that the runbook gives them (fixpoint runbook show <id>). A name that is repeated adds to a list. On a terminal the
command asks for what is missing. The file of name=@file is UTF-8; a byte order mark is dropped, every other character is part of the value.

Examples:
  fixpoint job submit update-ad-attribute contoso identity=user@contoso.com attribute=title operation=set value=Manager --reason "new role"
  fixpoint job submit enable-sip-user contoso searchBase=OU=Sales,DC=contoso,DC=com maxObjects=50 --reason "the old pool was removed"`;

const JOB_ID = 'id of a job, or its first characters';

interface ListOptions {
  readonly state?: State;
  readonly runbook?: string;
  readonly target?: string;
  readonly requester?: string;
  readonly ticket?: string;
  readonly since?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface DecideOptions extends KeyOptions {
  readonly reason: string;
  readonly onFailure?: 'leave' | 'rollback';
  readonly plan?: string;
}

/** Requests and what became of them. */
export function jobCommands(program: Command, io: Io): void {
  const { asJson, client, print, showJob } = io;
  const job = program.command('job').description('submit requests, follow them, decide on them');
  job
    .command('submit')
    .description('request a change: a worker plans it, nothing is changed before an approval')
    .argument('<runbook>', 'id of a runbook in the catalogue')
    .argument('<target>', 'name of a target in the inventory')
    .argument(
      '[parameters...]',
      'name=value, name=@file (the whole text of the file, its last newline too), a JSON object, @file, or - for standard input',
    )
    .option('--reason <text>', 'why; approvers see it')
    .option('--ticket <id>', 'a ticket of your own system')
    .option('--follows <job>', 'your earlier job of which this one is the next step')
    .option(
      '--from <time>',
      'begin to change nothing before then: 2h, or a time such as 2026-01-31T22:00:00Z',
      comingTime,
    )
    .option('--to <time>', 'begin to change nothing from then on', comingTime)
    .addHelpText('after', SUBMIT_HELP)
    .action(
      async (
        runbook: string,
        target: string,
        words: string[],
        options: { reason?: string; ticket?: string; follows?: string; from?: string; to?: string },
      ) => {
        const sources = terminal();
        const { parameters: schema } = await client().get('/v1/runbooks/{id}', { path: { id: runbook } });
        const parameters = await readParameters(words, schema, sources);
        const reason = options.reason ?? (await sources.ask?.('Reason (approvers see it): '));
        if (!reason) throw usage('Say why: --reason <text>.');
        const { ticket, follows, from = new Date().toISOString(), to } = options;
        if (options.from !== undefined && to === undefined) throw usage('Say when the window ends: --to <time>.');
        const body = {
          runbook,
          target,
          parameters,
          reason,
          ...(ticket ? { ticket } : {}),
          ...(follows ? { follows: await findJob(client(), follows) } : {}),
          ...(to === undefined ? {} : { window: { from, to } }),
        };
        showJob(await client().post('/v1/jobs', { body }));
      },
    );
  job
    .command('list')
    .description('list jobs, newest first; without the right to see all jobs, your own')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(STATES))
    .option('--runbook <id>', 'only jobs of this runbook')
    .option('--target <name>', 'only jobs on this target')
    .option('--requester <id>', 'only jobs that this person requested')
    .option('--ticket <id>', 'only jobs with this ticket')
    .option(
      '--since <time>',
      'only jobs submitted since then: 2h, 3d, or a time such as 2026-01-31T08:00:00Z; UTC',
      sinceTime,
    )
    .option('--limit <n>', 'maximum number', wholeNumber, 20)
    .option('--cursor <next>', 'the page that follows another')
    .action(async ({ since, ...query }: ListOptions) => {
      const page = await client().get('/v1/jobs', {
        query: { ...query, ...(since === undefined ? {} : { from: since }) },
      });
      const more = page.next === null ? '' : `\n\nThere are more: --cursor ${page.next}`;
      const none = page.items.length === 0 ? await ownOnly(client(), 'read-all-jobs') : '';
      print(page, `${jobList(page.items)}${more}${none}`);
    });
  job
    .command('show')
    .description('show a job with its plan, approvals, changes and proof')
    .argument('<id>', JOB_ID)
    .option('--exit-status', 'exit with 1 unless the job is on its way or has done what it was for')
    .action(async (id: string, { exitStatus }: { exitStatus?: boolean }) => {
      const shown = await client().get('/v1/jobs/{id}', { path: { id: await findJob(client(), id) } });
      showJob(shown);
      if (exitStatus === true && endedBadly(shown.state)) process.exitCode = 1;
    });
  job
    .command('watch')
    .argument('<id>', JOB_ID)
    .description('follow a job until it ends')
    .addHelpText('after', '\nExit code: 0 where the job has done what it was for, 1 where it ended otherwise.')
    .action(async (id: string) => {
      const isGood = await watchJob(client(), await findJob(client(), id), asJson());
      if (!isGood) process.exitCode = 1;
    });
  for (const decision of ['approve', 'reject'] as const) {
    const command = job
      .command(decision)
      .description(
        decision === 'approve'
          ? 'approve the plan that is shown; never your own request'
          : 'reject the plan that is shown',
      )
      .argument('<id>', JOB_ID)
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .addOption(
        new Option(
          '--on-failure <what>',
          'what happens to the earlier changes when one fails; default from the runbook',
        ).choices(['leave', 'rollback']),
      )
      .action(async (id: string, options: DecideOptions) => {
        const of = { path: { id: await findJob(client(), id) } };
        const { digest, text, salt } = await planToDecide(client(), of.path.id, decision);
        if (!asJson()) say(`${text}\n`);
        if (options.plan !== undefined && options.plan !== digest) throw planChanged(digest);
        if (
          decision === 'approve' &&
          options.plan === undefined &&
          !(await confirm('Approve?', `Add --plan ${digest} once you have read the plan.`))
        )
          return print({ decided: false }, 'Nothing was decided.');
        const { reason, onFailure } = options;
        const decided = {
          job: of.path.id,
          planDigest: digest,
          decision,
          executeBy: null,
          onFailure: onFailure ?? null,
        };
        const proof = await signDecision({ ...decided, reason, salt }, options);
        const body = {
          ...{ decision, planDigest: digest, reason },
          ...(onFailure ? { onFailure } : {}),
          ...(proof ? { proof } : {}),
        };
        showJob(await client().post('/v1/jobs/{id}/decision', { ...of, body }));
      });
    keyOptions(command);
    if (decision === 'approve')
      command.option(
        '--plan <digest>',
        'approve without asking, if the plan still has this digest: that of the plan you read',
      );
  }
  for (const verb of ['cancel', 'rollback'] as const) {
    job
      .command(verb)
      .description(
        verb === 'cancel'
          ? 'cancel a job; a change in progress completes first'
          : 'request a rollback of a job that ended',
      )
      .argument('<id>', JOB_ID)
      .requiredOption('--reason <text>', 'why')
      .action(async (id: string, { reason }: { reason: string }) =>
        showJob(
          await client().post(`/v1/jobs/{id}/${verb}`, { path: { id: await findJob(client(), id) }, body: { reason } }),
        ),
      );
  }
  job
    .command('resolve')
    .description('record what you found on the target of a job that needs attention')
    .argument('<id>', JOB_ID)
    .addArgument(
      new Argument('<resolution>', 'what you found; a worker checks in-place').choices(['in-place', 'not-in-place']),
    )
    .requiredOption('--reason <text>', 'what you saw')
    .action(async (id: string, resolution: 'in-place' | 'not-in-place', { reason }: { reason: string }) =>
      showJob(
        await client().post('/v1/jobs/{id}/resolve', {
          path: { id: await findJob(client(), id) },
          body: { resolution, reason },
        }),
      ),
    );
}
