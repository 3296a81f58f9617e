import { Option, type Command } from 'commander';
import { csvText } from '../../platform/csv.js';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { table, visible } from '../print.js';
import { warn } from '../say.js';
import { search, searchOptions, type SearchOptions } from '../search-job.js';

interface Member {
  readonly objectGuid: string;
  readonly name: string;
  readonly account?: string;
  readonly accountEnabled: boolean;
}

interface Found {
  readonly group: string;
  readonly users: readonly Member[];
  /** The group has more users than were returned. */
  readonly more: boolean;
}

interface Options extends SearchOptions {
  readonly format: 'text' | 'csv';
  readonly column: string;
  readonly includeDisabled?: boolean;
}

const HELP = `
--format csv writes a table for a rollout: the target, and the objectGUID of each user under the parameter that --column names.
Users whose account is disabled are left out of the table unless you add --include-disabled.

Example:
  fixpoint target find-members contoso sip-users --format csv > users.csv
  fixpoint rollout submit enable-sip-user --table users.csv --expect 40 --reason "INC-1042"`;

/** `target find-members`: the users of a group of a directory, by a read-only job. */
export function findMembersCommand(target: Command, { client, print, asJson }: Io): void {
  const command = target
    .command('find-members')
    .description('list the users of a group of a domain, through other groups too; at most 500, and nothing is changed')
    .argument('<domain>', 'name of a target of kind domain')
    .argument('<group>', 'sAMAccountName or objectGUID of the group')
    .addOption(new Option('--format <format>', 'text, or csv for a rollout').choices(['text', 'csv']).default('text'))
    .option('--column <name>', 'parameter of the runbook that names the user, for csv', 'users')
    .option('--include-disabled', 'write users whose account is disabled into the table too')
    .addHelpText('after', HELP);
  searchOptions(command, 'to list the users of a group').action(
    async (domain: string, group: string, options: Options) => {
      const { format, column, includeDisabled = false, ...asked } = options;
      const parameters = { group };
      const { job, found } = await search<Found>(client(), {
        runbook: 'list-ad-members',
        domain,
        parameters,
        ...asked,
      });
      const { users = [], more = false } = found;
      if (format === 'text' || asJson()) {
        print({ job: job.id, ...found }, lines(found.group ?? group, users, more));
        return;
      }
      const rows = users.filter(({ accountEnabled }) => accountEnabled || includeDisabled);
      if (more) warn(`The group has more than ${users.length} users. The table has the first of them by their names.`);
      if (rows.length < users.length)
        warn(`Left out because their accounts are disabled: ${count(users.length - rows.length, 'user')}.`);
      const values = rows.map(({ objectGuid }) => [job.target.name, objectGuid]);
      process.stdout.write(csvText([['target', column], ...values]));
    },
  );
}

function lines(group: string, users: readonly Member[], more: boolean): string {
  if (users.length === 0) return `No user of the domain is a member of ${visible(group)}.`;
  const head = `${more ? 'The first ' : ''}${count(users.length, 'user')} of ${visible(group)}:`;
  const rows = users.map(({ name, account = '', objectGuid, accountEnabled }) => [
    visible(name),
    visible(account),
    objectGuid,
    accountEnabled ? '' : 'disabled',
  ]);
  const foot = more ? '\n\nThere are more: list smaller groups.' : '';
  return `${head}\n\n${table([['NAME', 'ACCOUNT', 'OBJECTGUID', ''], ...rows])}${foot}`;
}
