import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Option, type Command } from 'commander';
import { auditLines } from '../audit-lines.js';
import { sinceTime, wholeNumber, type Io } from '../io.js';
import type { VerifyOptions } from '../../installation/verify-audit.js';
import type { AuditVerdict } from '../../domain/verify-audit.js';
import { proveCommands } from './audit-prove.js';
import { eraseCommand } from './audit-erase.js';
import { AUDIT_ACTIONS } from '../../domain/audit-actions.js';
import type { AuditAction } from '../../domain/audit.js';
import { findJob } from '../job-id.js';
import { writeWhole } from '../../platform/own-files.js';
import { usage } from '../terminal.js';
import { ownOnly } from '../own-only.js';
import type { AuditEntry } from '../api/types.js';
import { count } from '../../platform/count.js';
import { named, table, visibleLines } from '../print.js';

/** The target of an event as it was called then; `-` for an event about none. */
function targetOf({ target, data }: AuditEntry): string {
  const { targetId, targetName } = data as { readonly targetId?: unknown; readonly targetName?: unknown };
  const id = target ?? targetId;
  if (typeof id !== 'string') return '-';
  return named({ id, ...(typeof targetName === 'string' ? { name: targetName } : {}) });
}

/** What a verification found, for people. */
function verdictText({ ok, events, head, problems, missing, restored, covered }: AuditVerdict): string {
  if (ok && events === 0) return 'There is nothing to verify: the audit log has no event.';
  const signed = covered === 0 ? 'No checkpoint covers them.' : `Signed checkpoints cover ${covered} of them.`;
  const lines = problems.map(({ seq, reason }) => `  event ${seq} ${reason}`);
  const verdict = ok
    ? [`The audit log verifies: ${count(events, 'event')}, head ${head}`, signed]
    : problems.length > 0
      ? [`The audit log does NOT verify, from event ${problems[0]?.seq}:`, ...lines]
      : ['The audit log is INCOMPLETE:'];
  return [...verdict, ...missing.map((each) => `  ${each}`), ...restored].join('\n');
}

/** The log holds no values, and whoever verifies it may be anybody. */
const EXPORT_MODE = 0o644;

/** Writes a file whole or not at all: one that was cut off would verify as a shorter log. @throws CommanderError (usage) before anything is asked of the server */
function writerOf(file: string, overwrite: boolean): (text: string) => void {
  // The folder first: of a path below a file, versions of Node say different things.
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw usage(`There is no folder ${dirname(file)}.`);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw usage(`${file} is a folder. Name a file in it.`);
  // A pipe or a device, such as /dev/stdout.
  if (found && !found.isFile()) return (text) => writeFileSync(file, text);
  if (found && !overwrite) throw usage(`${file} exists already. Name another file, or add --overwrite to replace it.`);
  return (text) => writeWhole(file, text, EXPORT_MODE);
}

interface SearchOptions {
  readonly person?: string;
  readonly subject?: string;
  readonly runbook?: string;
  readonly target?: string;
  readonly job?: string;
  readonly action: AuditAction | 'all';
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly format: 'text' | 'csv' | 'jsonl';
}

/** The audit log, and who you are. */
export function auditCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const audit = program.command('audit').description('the audit log');
  audit
    .command('verify')
    .description('verify the hash chain, the signed approvals and the checkpoints')
    .argument('[export]', 'an exported file; without it, the database of this installation')
    .option('--keys <file>', 'public keys of authority; default keys/grant-public.json in the home')
    .option(
      '--checkpoints <path>',
      'a file of checkpoints, or a folder of such files; default checkpoints.txt in the home',
    )
    .option('--head <hash>', 'hash of an event that was noted before and must be in the log')
    .addHelpText('after', '\nExit code: 0 intact, 1 tampered with, 3 incomplete or empty.')
    .action(async (file: string | undefined, options: Omit<VerifyOptions, 'file'>) => {
      const { verifyAudit } = await import('../../installation/verify-audit.js');
      const verdict = await verifyAudit({ ...(file === undefined ? {} : { file }), ...options });
      print(verdict, verdictText(verdict));
      process.exitCode = verdict.problems.length > 0 ? 1 : verdict.ok && verdict.events > 0 ? 0 : 3;
    });
  audit
    .command('export')
    .description('export every chained event as JSON Lines, for offline verification')
    .argument('<file>', 'file to write')
    .option('--overwrite', 'replace a file that exists')
    .action(async (file: string, { overwrite }: { overwrite?: true }) => {
      const put = writerOf(file, overwrite === true);
      const text = await client().text('application/jsonl', '/v1/audit/export');
      put(text);
      const events = text.split('\n').length - 1;
      print({ file, events }, `${count(events, 'event')} written to ${file}`);
    });
  audit
    .command('search')
    .description('show who changed what, who approved it, and whether that is verified')
    .option('--person <who>', 'id or name of the actor, the requester or an approver')
    .option('--subject <text>', 'part of a name, an id or a changed object that the job is about')
    .option('--runbook <id>', 'only events of jobs of this runbook')
    .option('--target <name>', 'name or id of a target')
    .option('--job <id>', 'only events of this job: its id, or its first characters')
    .addOption(
      new Option('--action <action>', 'such as job.approved; "all" for every action')
        .choices([...AUDIT_ACTIONS, 'all'])
        .default('change.result'),
    )
    .option('--since <time>', 'only events since then: 2h, 30d, or a time such as 2026-01-31T08:00:00Z; UTC', sinceTime)
    .option('--until <time>', 'only events before then', sinceTime)
    .option('--limit <n>', 'maximum number, at most 500; csv and jsonl have no limit by default', wholeNumber)
    .addOption(new Option('--format <form>', 'form of the output').choices(['text', 'csv', 'jsonl']).default('text'))
    .addHelpText(
      'after',
      '\nWho changed the title of Ann Lee last month, and who approved it:\n  fixpoint audit search --subject "Ann Lee" --runbook update-ad-attribute --since 30d',
    )
    .action(async ({ format, job, action, since, until, ...filter }: SearchOptions) => {
      const query = {
        ...filter,
        ...(job === undefined ? {} : { job: await findJob(client(), job) }),
        ...(action === 'all' ? {} : { action }),
        ...(since === undefined ? {} : { from: since }),
        ...(until === undefined ? {} : { to: until }),
      };
      if (format !== 'text') {
        const media = format === 'csv' ? 'text/csv' : 'application/jsonl';
        const text = await client().text(media, '/v1/audit', { ...query, format });
        // A file or a program gets the bytes; a person sees what is in them.
        process.stdout.write(process.stdout.isTTY ? visibleLines(text) : text);
        return;
      }
      const page = await client().get('/v1/audit', { query });
      const more = page.next === null ? '' : '\n\nThere are more: narrow the search, or use --limit or --format.';
      const none = page.items.length === 0 ? await ownOnly(client(), 'read-all-audit') : '';
      print(page, auditLines(page.items) + more + none);
    });
  proveCommands(audit, io);
  eraseCommand(audit, io);
  audit
    .command('list')
    .description('list audit events, oldest first')
    .option('--job <id>', 'only events of this job: its id, or its first characters')
    .option('--limit <n>', 'maximum number', wholeNumber, 50)
    .action(async ({ job, limit }: { job?: string; limit: number }) => {
      const of = job === undefined ? {} : { job: await findJob(client(), job) };
      const page = await client().get('/v1/audit', { query: { ...of, limit } });
      print(
        page,
        table([
          ['SEQ', 'TIME', 'ACTION', 'OUTCOME', 'ACTOR', 'WRITER', 'JOB', 'TARGET'],
          ...page.items.map((e) => [
            String(e.seq ?? '-'),
            e.at,
            e.action,
            e.outcome,
            named(e.actor),
            e.writer,
            e.job ?? '-',
            targetOf(e),
          ]),
        ]),
      );
    });

  program
    .command('me')
    .description('show who you are signed in as')
    .action(async () => {
      const me = await client().get('/v1/me');
      print(me, `${named(me)}: ${me.roles.join(', ')}`);
    });
}
