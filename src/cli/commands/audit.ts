import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Io } from '../io.js';
import { table, visible } from '../print.js';

/** The audit log, and who you are. */
export function auditCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const audit = program.command('audit').description('the audit log');
  audit
    .command('verify')
    .argument('[export]', 'a file of JSON Lines; without it, the database of this machine')
    .option('--keys <file>', 'public keys')
    .action(async (file: string | undefined, { keys }: { keys?: string }) => {
      const { verifyAudit } = await import('../../installation/verify-audit.js');
      const verdict = await verifyAudit({
        ...(file === undefined ? {} : { file }),
        ...(keys === undefined ? {} : { keys }),
      });
      const text = verdict.ok
        ? `The audit log holds: ${verdict.events} events, head ${verdict.head}`
        : `The audit log does NOT hold, from event ${verdict.problems[0]?.seq}:\n${verdict.problems.map(({ seq, reason }) => `  event ${seq} ${reason}`).join('\n')}`;
      print(verdict, text);
      process.exitCode = verdict.ok ? (verdict.events === 0 ? 3 : 0) : 1;
    });
  audit
    .command('export')
    .argument('<file>')
    .action(async (file: string) => {
      const text = await client().text('/v1/audit/export');
      writeFileSync(file, text);
      const events = text.split('\n').length - 1;
      print({ file, events }, `${events} events written to ${file}`);
    });
  audit
    .command('list')
    .option('--job <id>')
    .option('--limit <n>', 'at most', '50')
    .action(async (options: Record<string, string>) => {
      const page = await client().get<{
        items: readonly {
          seq?: number;
          at: string;
          action: string;
          outcome: string;
          actor: { name: string };
          writer: string;
        }[];
      }>(`/v1/audit?${new URLSearchParams(options).toString()}`);
      print(
        page,
        table([
          ['SEQ', 'TIME', 'ACTION', 'OUTCOME', 'ACTOR', 'WRITER'],
          ...page.items.map((e) => [String(e.seq ?? '-'), e.at, e.action, e.outcome, visible(e.actor.name), e.writer]),
        ]),
      );
    });

  program.command('me').action(async () => {
    const me = await client().get<{ id: string; name: string; roles: string[] }>('/v1/me');
    print(me, `${me.name} (${me.id}): ${me.roles.join(', ')}`);
  });
}
