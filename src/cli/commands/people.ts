import type { Command } from 'commander';
import { Refusal } from '../api/refusal.js';
import type { Io } from '../io.js';
import { table } from '../print.js';

/** People and tokens of this machine. */
export function peopleCommands(program: Command, io: Io): void {
  const { print } = io;
  const person = program.command('person').description('the people file of this installation');
  person
    .command('add')
    .description('add a person, or replace their roles')
    .argument('<id>', 'lower-case letters, digits, dot, underscore and hyphen')
    .argument('<name>', 'the name that others see')
    .argument('<roles...>', 'helpdesk, approver, operator, auditor, admin')
    .action(async (id: string, name: string, roles: string[]) => {
      const { savePerson } = await import('../../installation/people-and-tokens.js');
      savePerson(id, name, roles);
      print({ id, name, roles }, `${name} (${id}): ${roles.join(', ')}`);
    });
  person
    .command('list')
    .description('list people and roles')
    .action(async () => {
      const { readPeople } = await import('../../installation/people-and-tokens.js');
      print(
        readPeople(),
        table([['ID', 'NAME', 'ROLES'], ...readPeople().map(({ id, name, roles }) => [id, name, roles.join(', ')])]),
      );
    });

  const token = program.command('token').description('sign-in tokens');
  token
    .command('issue')
    .description('issue a token for a person; shown once, valid for 12 hours')
    .argument('<person>', 'id of a person')
    .option('--service', 'a service token: submits and reads, never decides; valid for 90 days')
    .action(async (id: string, { service }: { service?: boolean }) => {
      const { issueToken, readPeople } = await import('../../installation/people-and-tokens.js');
      const { apiDatabaseUrl } = await import('../../installation/database-url.js');
      if (!readPeople().some((known) => known.id === id))
        throw new Refusal({
          code: 'person-not-found',
          title: `There is no person ${id}.`,
          detail: 'Add them first: fixpoint person add <id> <name> <roles...>',
        });
      const issued = await issueToken(apiDatabaseUrl(), id, service ? 'service' : 'personal');
      print({ token: issued }, issued);
    });
}
