import type { Command } from 'commander';
import type { Client } from '../api/client.js';
import { Refusal } from '../api/refusal.js';
import type { JobDetail } from '../api/types.js';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';
import { warn } from '../say.js';

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
  target
    .command('find-user')
    .description('find users of a domain and their objectGUIDs; at most 20, and nothing is changed')
    .argument('<domain>', 'name of a target of kind domain')
    .argument('<text...>', 'words of the name, account, user principal name or mail address; or an objectGUID')
    .option('--reason <text>', 'why; it is kept with the job', 'to find a user')
    .option('--ticket <id>', 'a ticket of your own system')
    .action(async (domain: string, words: readonly string[], options: { reason: string; ticket?: string }) => {
      const { reason, ticket } = options;
      const text = words.join(' ');
      const body = {
        runbook: RUNBOOK,
        target: domain,
        parameters: { text },
        reason,
        ...(ticket === undefined ? {} : { ticket }),
      };
      const { id } = await client().post('/v1/jobs', { body });
      const job = await ended(client(), id);
      if (job.state !== 'compliant') throw unfinished(job);
      const { users = [], more = false } = (job.findings ?? {}) as Partial<Found>;
      print({ job: id, users, more }, foundLines(job.target.name, text, { users, more }));
    });
}

/** The job once it has ended; on stderr, why it takes longer. */
async function ended(client: Client, id: string): Promise<JobDetail> {
  await client.follow(
    '/v1/jobs/{id}/events',
    { path: { id } },
    {
      take(event) {
        if (event.event === 'state' && event.data.state === 'deferred')
          warn(`The directory was not searched yet (${event.data.code ?? 'deferred'}). It is tried again.`);
      },
    },
  );
  return client.get('/v1/jobs/{id}', { path: { id } });
}

const unfinished = ({ id, state, code, meaning, detail }: JobDetail): Refusal =>
  new Refusal({
    code: code ?? state,
    title: meaning ?? `The search ended ${state}.`,
    detail: `${detail === undefined || detail === code ? '' : `${visible(detail)} `}Show the job with: fixpoint job show ${id}`,
  });

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
