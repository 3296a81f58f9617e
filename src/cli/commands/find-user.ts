import type { Command } from 'commander';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';
import { search, searchOptions, type SearchOptions } from '../search-job.js';

/** The runbook that searches; its findings are the answer. */
const RUNBOOK = 'find-ad-user';

/** A user as the runbook finds one. */
interface FoundUser {
  readonly objectGuid: string;
  readonly dn: string;
  readonly name: string;
  readonly accountEnabled: boolean;
  readonly account?: string;
  readonly userPrincipalName?: string;
  readonly mail?: string;
  readonly title?: string;
  readonly department?: string;
}

interface Found {
  readonly users: readonly FoundUser[];
  /** More users fit than were returned. */
  readonly more: boolean;
}

/** `target find-user`: a read-only job that is submitted, awaited and printed. */
export function findUserCommand(target: Command, { client, print }: Io): void {
  const command = target
    .command('find-user')
    .description('find users of a domain and their objectGUIDs; at most 20, and nothing is changed')
    .argument('<domain>', 'name of a target of kind domain')
    .argument('<text...>', 'words of the name, account, user principal name or mail address; or an objectGUID');
  searchOptions(command, 'to find a user').action(
    async (domain: string, words: readonly string[], options: SearchOptions) => {
      const text = words.join(' ');
      const { job, found } = await search<Found>(client(), {
        runbook: RUNBOOK,
        domain,
        parameters: { text },
        ...options,
      });
      const { users = [], more = false } = found;
      print({ job: job.id, users, more }, foundLines(job.target.name, text, { users, more }));
    },
  );
}

function foundLines(domain: string, text: string, { users, more }: Found): string {
  const sought = `"${visible(text)}"`;
  if (users.length === 0) return `No user of ${domain} fits ${sought}.`;
  const head = `${more ? 'The first ' : ''}${count(users.length, 'user')} of ${domain} that fit ${sought}:`;
  const foot = more ? 'There are more: add a word of the name.' : 'Name a user in a request by the objectGUID.';
  return [head, ...users.map(userLines), foot].join('\n\n');
}

function userLines(user: FoundUser): string {
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    ['objectGUID', user.objectGuid],
    ['account', user.account],
    ['UPN', user.userPrincipalName],
    ['mail', user.mail],
    ['title', user.title],
    ['department', user.department],
    ['DN', user.dn],
  ];
  const lines = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [`  ${label.padEnd(10)}  ${visible(value)}`],
  );
  return [`${visible(user.name)}${user.accountEnabled ? '' : ' (disabled)'}`, ...lines].join('\n');
}
