import type { Command } from 'commander';
import type { Target as DomainTarget } from '../../domain/target.js';
import type { TargetCheck } from '../../installation/target-test/index.js';
import { count } from '../../platform/count.js';
import { requestCommands } from '../admission/request-commands.js';
import type { Client } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import type { Io } from '../io.js';
import { table, visible } from '../print.js';
import { say } from '../say.js';
import { addressOf, targetLines } from '../target-lines.js';
import { allStatuses, minuteOf, noteOf, statusLines } from '../target-status.js';
import { findComputersCommand } from './find-computers.js';
import { findMembersCommand } from './find-members.js';
import { findUserCommand } from './find-user.js';
import { addCommand } from './target-add.js';
import { maintenanceCommands } from './maintenance.js';
import { editCommands } from './target-edit.js';

/** The inventory of targets. */
export function targetCommands(program: Command, io: Io): void {
  const target = program.command('target').description('the inventory of targets');
  addCommand(target, io);
  editCommands(target, io);
  testCommand(target, io);
  maintenanceCommands(target, io);
  findUserCommand(target, io);
  findMembersCommand(target, io);
  findComputersCommand(target, io);
  requestCommands(target, io, 'target');
  const { client, print } = io;
  target
    .command('list')
    .description('list the targets')
    .action(async () => {
      const targets = await allTargets(client());
      const statuses = await allStatuses(client());
      const rows = targets.map(({ id, name, kind, transport, tier, site }) => {
        const status = statuses.get(id);
        const seen = status?.seenAt === undefined ? '' : minuteOf(status.seenAt);
        return [name, kind, addressOf(transport), `${tier}`, site, seen, noteOf(status ?? {})];
      });
      const head = ['TARGET', 'KIND', 'ADDRESS', 'TIER', 'SITE', 'SEEN (UTC)', 'NOTE'];
      const items = targets.map((one) => ({ ...one, status: statuses.get(one.id) }));
      print({ items, next: null }, table([head, ...rows]));
    });
  target
    .command('show')
    .description('show a target')
    .argument('<target>', 'name or id of a target')
    .action(async (id: string) => {
      const shown = await client().get('/v1/targets/{id}', { path: { id } });
      const status = await client().get('/v1/targets/{id}/status', { path: { id: shown.id } });
      print({ ...shown, status }, `${targetLines(shown)}\n${statusLines(status)}`);
    });
}

function testCommand(target: Command, { client, print, asJson }: Io): void {
  target
    .command('test')
    .description('look at a target as the worker of this machine reaches it; nothing is changed there')
    .argument('<target>', 'name or id of a target')
    .action(async (id: string) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { testTarget } = await import('../../installation/target-test/index.js');
      const shown = await client().get('/v1/targets/{id}', { path: { id } });
      const tell = ({ check, state, detail, code, toDo }: TargetCheck) => {
        if (asJson()) return;
        const next = toDo === undefined ? '' : `\n       ${toDo}`;
        say(`${STATES[state]} ${check.padEnd(20)} ${visible(detail)}${code === undefined ? '' : ` [${code}]`}${next}`);
      };
      const checks = await testTarget(settingsOrExit(), shown as DomainTarget, tell);
      const failures = checks.filter(({ state }) => state === 'failed').length;
      print(
        checks,
        failures === 0
          ? `${shown.name} is ready.`
          : `${shown.name} is not ready: ${failures} of ${count(checks.length, 'check')} failed.`,
      );
      process.exitCode = failures === 0 ? 0 : 1;
    });
}

const STATES = { ok: 'ok    ', failed: 'FAILED', note: 'note  ' } as const;

/** The whole inventory. */
const allTargets = (client: Client) => everyPage((query) => client.get('/v1/targets', { query }));
