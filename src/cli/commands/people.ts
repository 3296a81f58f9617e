import { Argument, Option, type Command } from 'commander';
import { ROLES } from '../../domain/people.js';
import { Refusal } from '../api/refusal.js';
import { offering, type Io } from '../io.js';
import { failureText } from '../failure-text.js';
import { confirmLastOfRole } from '../last-of-a-role.js';
import { count } from '../../platform/count.js';
import { named, table, visible } from '../print.js';
import { usage } from '../terminal.js';

/** People and tokens of this machine. */
export function peopleCommands(program: Command, io: Io): void {
  personCommands(program, io);
  tokenCommands(program, io);
}

/** Of the people file, what a person is called; the id alone for one who was removed. */
async function namesOf(): Promise<(id: string) => { readonly id: string; readonly name?: string }> {
  const people = new Map((await load()).readPeople().map(({ id, name }) => [id, name]));
  return (id) => ({ id, ...(people.has(id) ? { name: people.get(id) ?? '' } : {}) });
}

const load = () => import('../../installation/people.js');
const loadTokens = () => import('../../installation/tokens.js');
const databaseUrl = async () => (await import('../../installation/database-url.js')).apiDatabaseUrl();

function personCommands(program: Command, { print }: Io): void {
  const person = program.command('person').description('the people file of this installation');
  person
    .command('add')
    .description('add a person')
    .argument('<id>', 'lower-case letters, digits, dot, underscore and hyphen')
    .argument('<name>', 'the name that others see')
    .addArgument(offering(new Argument('<roles...>', 'their roles'), ROLES))
    .action(async (id: string, name: string, roles: readonly string[]) => {
      (await import('../../installation/set-up.js')).needSetUp();
      const added = (await load()).addPerson(id, name, roles);
      print(added, `${visible(name)} (${id}): ${added.roles.join(', ')}`);
    });
  person
    .command('set')
    .description('give a person another name or other roles; it counts at their next request')
    .argument('<id>', 'id of a person')
    .option('--name <name>', 'the name that others see')
    .addOption(offering(new Option('--roles <roles...>', 'all their roles from now on'), ROLES))
    .option('--yes', 'do not ask where nobody has a role any more')
    .action(async (id: string, { yes, ...options }: { name?: string; roles?: readonly string[]; yes?: true }) => {
      if (options.name === undefined && options.roles === undefined)
        throw usage('Say what to change: --name or --roles.');
      const { changePeople, personSet } = await load();
      const change = personSet(id, options);
      await confirmLastOfRole(change, yes === true);
      changePeople(change);
      const { name, roles } = change.person;
      print({ id, name, roles }, `${visible(name)} (${id}): ${roles.join(', ')}`);
    });
  person
    .command('remove')
    .description('remove a person and revoke their tokens; their jobs and decisions stay on record')
    .argument('<id>', 'id of a person')
    .option('--yes', 'do not ask where nobody has a role any more')
    .action(async (id: string, { yes }: { yes?: true }) => {
      const { changePeople, personRemoved } = await load();
      const change = personRemoved(id);
      await confirmLastOfRole(change, yes === true);
      changePeople(change);
      const { name } = change.person;
      const { listTokens, revokeTokens } = await loadTokens();
      try {
        const url = await databaseUrl();
        const revoked = await revokeTokens(url, await listTokens(url, id));
        print(
          { removed: id, revoked: revoked.length },
          `${visible(name)} (${id}) was removed; ${count(revoked.length, 'token was', 'tokens were')} revoked.`,
        );
      } catch (error) {
        throw new Refusal({
          code: 'tokens-not-revoked',
          title: `${visible(name)} (${id}) was removed and can no longer sign in, but their tokens were not revoked.`,
          detail: `${failureText(error)} If a person with this id is added again, run \`fixpoint token revoke --person ${id}\` first.`,
        });
      }
    });
  person
    .command('list')
    .description('list people and roles')
    .action(async () => {
      const people = (await load()).readPeople();
      print(
        people,
        table([['ID', 'NAME', 'ROLES'], ...people.map(({ id, name, roles }) => [id, visible(name), roles.join(', ')])]),
      );
    });
}

function tokenCommands(program: Command, { print }: Io): void {
  const token = program.command('token').description('sign-in tokens');
  token
    .command('issue')
    .description('issue a token for a person; shown once, valid for 12 hours')
    .argument('<person>', 'id of a person')
    .option('--service', 'a service token: submits and reads, never decides; valid for 90 days')
    .action(async (id: string, { service }: { service?: boolean }) => {
      const { readPeople } = await load();
      if (!readPeople().some((known) => known.id === id))
        throw new Refusal({
          code: 'person-not-found',
          title: `There is no person ${id}.`,
          detail: 'Add them first: fixpoint person add <id> <name> <roles...>',
        });
      const issued = await (await loadTokens()).issueToken(await databaseUrl(), id, service ? 'service' : 'personal');
      print({ token: issued }, issued);
    });
  token
    .command('list')
    .description('list tokens, newest first; their secrets are stored nowhere')
    .addOption(new Option('--person <id>', 'only the tokens of this person'))
    .action(async ({ person }: { person?: string }) => {
      const { isValid, listTokens } = await loadTokens();
      const tokens = await listTokens(await databaseUrl(), person);
      const nameOf = await namesOf();
      const shown = tokens.map((one) => ({
        ...one,
        personName: nameOf(one.person).name ?? null,
        state: isValid(one) ? 'valid' : one.revokedAt ? 'revoked' : 'expired',
      }));
      const minute = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');
      const head = ['ID', 'KIND', 'STATE', 'ISSUED', 'EXPIRES'];
      const rows = shown.map(({ id, kind, state, createdAt, expiresAt }) => [
        id,
        kind,
        state,
        minute(createdAt),
        minute(expiresAt),
      ]);
      // One table, cut into the tokens of each person: a name has any length, and the lines stay within 80 columns.
      const [heading = '', ...lines] = table([head, ...rows]).split('\n');
      const blocks = [...new Set(shown.map((one) => one.person))].map((of) =>
        [named(nameOf(of)), ...lines.filter((_, i) => shown[i]?.person === of).map((line) => `  ${line}`)].join('\n'),
      );
      print(shown, shown.length === 0 ? 'There are no tokens.' : [`  ${heading}`, ...blocks].join('\n'));
    });
  token
    .command('revoke')
    .description('revoke a token, or all tokens of a person; open streams end within 15 seconds')
    .argument('[id]', 'id of a token: the 16 characters after fxp_')
    .option('--person <id>', 'all tokens of this person')
    .action(async (id: string | undefined, { person }: { person?: string }) => {
      if ((id === undefined) === (person === undefined)) throw usage('Name a token, or a person with --person.');
      const { listTokens, revokeTokens } = await loadTokens();
      const url = await databaseUrl();
      const known = await listTokens(url, person);
      const meant = id === undefined ? known : known.filter((one) => one.id === id.replace(/^fxp_/, '').split('_')[0]);
      if (meant.length === 0)
        throw new Refusal({
          code: 'token-not-found',
          title: id === undefined ? `${person} has no token.` : 'There is no token with this id.',
          detail: 'List the tokens: fixpoint token list',
        });
      const revoked = await revokeTokens(url, meant);
      const nameOf = await namesOf();
      print(
        revoked,
        revoked.length === 0
          ? 'No token was revoked: each has expired or was revoked before.'
          : revoked.map((one) => `${one.id} of ${named(nameOf(one.person))} was revoked.`).join('\n'),
      );
    });
}
