import type { Command } from 'commander';
import { parseObject, text, type Io } from '../io.js';
import { jobLines, table, visible, type ShownJob } from '../print.js';

/** Requests and what became of them. */
export function jobCommands(program: Command, io: Io): void {
  const { asJson, client, print, showJob } = io;
  const job = program.command('job').description('requests and what became of them');
  job
    .command('submit')
    .argument('<runbook>')
    .argument('<target>')
    .argument('<parameters>', 'a JSON object')
    .requiredOption('--reason <text>')
    .option('--ticket <id>')
    .option('--follows <job>', 'a job of yours that this one is the next step of')
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
        showJob(await client().send<ShownJob>('POST', '/v1/jobs', body));
      },
    );
  job
    .command('list')
    .option('--state <state>')
    .option('--runbook <id>')
    .option('--limit <n>', 'at most', '20')
    .action(async (options: Record<string, string>) => {
      const page = await client().get<{ items: readonly ShownJob[] }>(
        `/v1/jobs?${new URLSearchParams(options).toString()}`,
      );
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
          : table([['JOB', 'STATE', 'RUNBOOK', 'TARGET', 'ASKED BY', 'CODE'], ...rows]),
      );
    });
  job
    .command('show')
    .argument('<id>')
    .action(async (id: string) => showJob(await client().get<ShownJob>(`/v1/jobs/${encodeURIComponent(id)}`)));
  job
    .command('watch')
    .argument('<id>')
    .description('follow a job until it ends')
    .action(async (id: string) => {
      await client().follow(`/v1/jobs/${encodeURIComponent(id)}/events`, (event, data) => {
        if (asJson()) return process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
        const said =
          event === 'record'
            ? `${String(data.stream)}: ${visible(String(data.text))}`
            : event === 'state'
              ? `${String(data.state)} ${((data.facts as string[] | undefined) ?? []).join(', ')}`
              : text(data.state);
        process.stdout.write(`${text(data.at).padEnd(24)} ${said}\n`);
      });
    });
  for (const decision of ['approve', 'reject'] as const) {
    job
      .command(decision)
      .argument('<id>')
      .requiredOption('--reason <text>')
      .option('--on-failure <what>', 'leave or rollback')
      .action(async (id: string, options: { reason: string; onFailure?: string }) => {
        const { planDigest } = await import('../../domain/plan.js');
        const path = `/v1/jobs/${encodeURIComponent(id)}`;
        const seen = await client().get<ShownJob>(path);
        // The digest is taken from the bytes that are shown, never from what the server says it is.
        const digest = seen.plan
          ? planDigest(JSON.parse(await client().text(`${path}/plan`)) as Parameters<typeof planDigest>[0])
          : '0'.repeat(64);
        if (!asJson()) process.stdout.write(`${jobLines(seen)}\n\n`);
        const body = {
          decision,
          planDigest: digest,
          reason: options.reason,
          ...(options.onFailure ? { onFailure: options.onFailure } : {}),
        };
        showJob(await client().send<ShownJob>('POST', `${path}/decision`, body));
      });
  }
  for (const verb of ['cancel', 'rollback'] as const) {
    job
      .command(verb)
      .argument('<id>')
      .requiredOption('--reason <text>')
      .action(async (id: string, { reason }: { reason: string }) =>
        showJob(await client().send<ShownJob>('POST', `/v1/jobs/${encodeURIComponent(id)}/${verb}`, { reason })),
      );
  }
  job
    .command('settle')
    .argument('<id>')
    .argument('<resolution>', 'in-place or not-in-place')
    .requiredOption('--reason <text>')
    .action(async (id: string, resolution: string, { reason }: { reason: string }) =>
      showJob(
        await client().send<ShownJob>('POST', `/v1/jobs/${encodeURIComponent(id)}/settle`, { resolution, reason }),
      ),
    );
}
