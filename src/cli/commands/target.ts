import type { Command } from 'commander';
import type { Target as DomainTarget } from '../../domain/target.js';
import type { TargetCheck } from '../../installation/target-test/index.js';
import { bracketedHost } from '../../platform/address.js';
import { askForRemoval, askForTargets, changeOf, orAsk, type Asking } from '../admission/ask-for-targets.js';
import { requestCommands } from '../admission/request-commands.js';
import { fingerprintOf } from '../../platform/host-key.js';
import type { Client } from '../api/client.js';
import { Refusal } from '../api/refusal.js';
import { Unchecked, type Target } from '../api/types.js';
import { hostKeyOf } from '../host-key.js';
import { parseObject, type Io } from '../io.js';
import { count } from '../../platform/count.js';
import { table, visible } from '../print.js';
import { findUserCommand } from './find-user.js';
import { atLines, targetsIn } from '../target-file.js';
import { say } from '../say.js';
import { keyOptions } from '../sign-decision.js';
import { needEditor, needNewName, noteUnknownCredentials } from '../target-checks.js';
import { addTargetOptions, membersOf, sshAddress, type TargetOptions } from '../target-options.js';
import { confirm, readStdin, readText, usage } from '../terminal.js';

const IMPORT_HELP = `
CSV: a comma stands between the columns, and the first line names them. Each row is a target that is reached over SSH.
  name, kind, host, user, hostKey   required
  port                              22 where it is empty
  credential                        for reading and changing; or detect and apply for each
  tier                              2 where it is empty
  site                              main where it is empty
  tags                              with blanks or semicolons between them
JSON: a list of targets as the API takes them, or an object with the list "targets"; targets of every kind.
A target that the inventory has already is refused: change it with target edit.`;

/** The inventory of targets. */
export function targetCommands(program: Command, io: Io): void {
  const target = program.command('target').description('the inventory of targets');
  addCommand(target, io);
  editCommands(target, io);
  testCommand(target, io);
  findUserCommand(target, io);
  requestCommands(target, io, 'target');
  const { client, print } = io;
  target
    .command('list')
    .description('list the targets')
    .action(async () => {
      const targets = await allTargets(client());
      const rows = targets.map(({ name, kind, transport, tier, site }) => [
        name,
        kind,
        addressOf(transport),
        `${tier}`,
        site,
      ]);
      print({ items: targets, next: null }, table([['TARGET', 'KIND', 'ADDRESS', 'TIER', 'SITE'], ...rows]));
    });
  target
    .command('show')
    .description('show a target')
    .argument('<target>', 'name or id of a target')
    .action(async (id: string) => {
      const shown = await client().get('/v1/targets/{id}', { path: { id } });
      print(shown, targetLines(shown));
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
      const tell = ({ check, state, detail, toDo }: TargetCheck) => {
        if (asJson()) return;
        const next = toDo === undefined ? '' : `\n       ${toDo}`;
        say(`${STATES[state]} ${check.padEnd(20)} ${visible(detail)}${next}`);
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

function addCommand(target: Command, io: Io): void {
  const { client, print } = io;
  addTargetOptions(
    askingOptions(
      target
        .command('add')
        .description('add a target; its SSH host key is fetched and shown, and you confirm it')
        .argument('<name>', 'its name; or a whole target as a JSON object, @file, or - for standard input'),
    ),
  ).action(async (word: string, all: TargetOptions & Asking) => {
    const { asking, options } = split(all);
    const whole =
      word === '-'
        ? readStdin()
        : word.startsWith('@')
          ? readText(word.slice(1))
          : word.startsWith('{')
            ? word
            : undefined;
    if (whole !== undefined && Object.keys(options).length > 0)
      throw usage('A whole target takes no options: put them into the JSON object.');
    if (whole === undefined) {
      await needEditor(client());
      await needNewName(client(), word);
    }
    const body = whole === undefined ? await newTarget(word, options) : parseObject(whole);
    await orAsk(
      async () => {
        const added = await client().post('/v1/targets', { body: new Unchecked(body) });
        print(added, `${added.name} is in the inventory: ${added.id}`);
        await noteUnknownCredentials(added);
      },
      async () => askForTargets(io, [await changeOf(client(), undefined, body)], asking),
    );
  });
  const importing = target
    .command('import')
    .description('add the targets of a CSV or JSON file: all, or none and every row that is refused is named')
    .argument('<file>', 'a CSV or JSON file, or - for standard input')
    .addHelpText('after', IMPORT_HELP)
    .action(async (path: string, asking: Asking) => {
      const targets = targetsIn(path === '-' ? readStdin() : readText(path), path === '-' ? 'Standard input' : path);
      const body = new Unchecked({ targets: targets.map((one) => one.body) });
      const add = async () => {
        const { items } = await client().post('/v1/targets:import', { body });
        const added = count(items.length, 'target was', 'targets were');
        print({ items }, `${added} added. No target was changed.`);
      };
      const ask = async () => {
        const made = targets.map((one) => changeOf(client(), undefined, one.body as object));
        await askForTargets(io, await Promise.all(made), asking);
      };
      try {
        await orAsk(add, ask);
      } catch (error) {
        throw error instanceof Refusal ? atLines(error, targets) : error;
      }
    });
  askingOptions(importing);
}

/** The options for the case that two people change the inventory, apart from those of the target. */
function split<T extends Asking>(all: T) {
  const { reason, digest, key, passphraseFile, ...options } = all;
  const given = Object.entries({ reason, digest, key, passphraseFile }).filter(([, value]) => value !== undefined);
  return { asking: Object.fromEntries(given) as Asking, options };
}

const askingOptions = (command: Command): Command =>
  keyOptions(
    command
      .option('--reason <text>', 'why; needed in production, where another person confirms it')
      .option('--digest <digest>', 'ask without a question, if what is asked for has this digest'),
  );

async function newTarget(name: string, options: TargetOptions): Promise<Record<string, unknown>> {
  const { ssh, ldap, ldaps, kind = ldap === undefined && ldaps === undefined ? undefined : 'domain' } = options;
  if (ssh === undefined && ldap === undefined && ldaps === undefined)
    throw usage('Say how it is reached: --ssh account@host, or --ldap (Kerberos) or --ldaps for a domain.');
  if (kind === undefined) throw usage('Say what it is: --kind pc, --kind server …');
  const members = await membersOf({ ...options, name, kind });
  const { detect, apply } = (members.credentials ?? {}) as { detect?: string; apply?: string };
  if (detect === undefined || apply === undefined)
    throw usage('Name the credential: --credential <name>, or --detect-credential and --apply-credential.');
  return { tier: 2, site: 'main', tags: [], ...members };
}

function editCommands(target: Command, io: Io): void {
  const { client, print } = io;
  addTargetOptions(
    askingOptions(
      target
        .command('edit')
        .description('change a target; jobs that were submitted for the old one stop')
        .argument('<target>', 'name or id of a target')
        .option('--name <name>', 'another name')
        .option(
          '--fetch-host-key',
          'fetch its host key again, such as after the computer was installed anew; you confirm it',
        ),
    ),
  ).action(async (id: string, all: TargetOptions & Asking & { readonly fetchHostKey?: boolean }) => {
    const { asking, options } = split(all);
    await needEditor(client());
    const known = await client().get('/v1/targets/{id}', { path: { id } });
    const change = {
      ...(await membersOf(options, known)),
      ...(options.fetchHostKey ? await refetched(options, known) : {}),
    };
    if (Object.keys(change).length === 0) throw usage('Say what to change, such as --site or --tier.');
    await orAsk(
      async () => {
        const path = { id: known.id };
        const changed = await client().patch('/v1/targets/{id}', { path, body: new Unchecked(change) });
        print(changed, targetLines(changed));
        if (changed.name !== known.name || change.credentials !== undefined) await noteUnknownCredentials(changed);
      },
      async () => askForTargets(io, [await changeOf(client(), known, { ...known, ...change })], asking),
    );
  });
  const admit = target
    .command('admit')
    .description('ask that targets count as they stand in the inventory; another person confirms it')
    .argument('<target...>', 'names or ids of targets')
    .action(async (ids: readonly string[], asking: Asking) => {
      const known = await Promise.all(ids.map((id) => client().get('/v1/targets/{id}', { path: { id } })));
      const changes = await Promise.all(known.map((one) => changeOf(client(), one, one)));
      await askForTargets(io, changes, asking);
    });
  askingOptions(admit);
  const remove = target
    .command('remove')
    .description('remove a target from the inventory; its finished jobs stay on record')
    .argument('<target>', 'name or id of a target')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes, ...asking }: { yes?: boolean } & Asking) => {
      await needEditor(client());
      const known = await client().get('/v1/targets/{id}', { path: { id } });
      if (
        yes !== true &&
        !(await confirm(`Remove ${known.name} (${addressOf(known.transport)})?`, 'Add --yes to remove it.'))
      )
        throw new Refusal({ code: 'not-confirmed', title: 'Nothing was removed.' });
      await orAsk(
        async () => {
          await client().delete('/v1/targets/{id}', { path: { id: known.id } });
          print({ removed: known.id, name: known.name }, `${known.name} was removed.`);
        },
        () => askForRemoval(io, known, asking),
      );
    });
  keyOptions(remove.option('--reason <text>', 'why; needed in production'));
}

/** The transport with the host key that the server shows now, confirmed by a person. */
async function refetched(options: TargetOptions, known: Target): Promise<{ readonly transport: unknown }> {
  if (known.transport.type !== 'ssh') throw usage(`${known.name} is not reached over SSH: it has no host key.`);
  if (options.hostKey !== undefined) throw usage('Choose --host-key or --fetch-host-key.');
  const { hostKey: _, ...at } = known.transport;
  const { host, port, user } = { ...at, ...(options.ssh === undefined ? {} : sshAddress(options.ssh)) };
  return { transport: { type: 'ssh', host, port, user, hostKey: await hostKeyOf(host, port, options) } };
}

/** The whole inventory, page by page. */
async function allTargets(client: Client): Promise<readonly Target[]> {
  const targets: Target[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly Target[]; readonly next: string | null } = await client.get('/v1/targets', {
      query: { limit: 200, ...(cursor === null ? {} : { cursor }) },
    });
    targets.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return targets;
}

/** Where a target is reached, as a person writes it. */
function addressOf(transport: Target['transport']): string {
  if (transport.type === 'local') return 'this computer';
  if (transport.type === 'ldaps' || transport.type === 'ldap')
    return `${transport.type} ${transport.servers.map(bracketedHost).join(',')}:${transport.port}`;
  return `ssh ${transport.user}@${bracketedHost(transport.host)}${transport.port === 22 ? '' : `:${transport.port}`}`;
}

function targetLines({ id, name, kind, transport, credentials, tier, site, tags, settings }: Target): string {
  const { detect, apply } = credentials;
  return [
    `Target ${name}`,
    `  id          ${id}`,
    `  kind        ${kind}, tier ${tier}`,
    `  site        ${site}${tags.length === 0 ? '' : `, tags ${tags.join(', ')}`}`,
    `  address     ${addressOf(transport)}`,
    ...(transport.type === 'ssh'
      ? [`  host key    ${transport.hostKey.split(' ')[0] ?? ''} ${fingerprintOf(transport.hostKey)}`]
      : []),
    ...(transport.type === 'ldaps' ? [`  authority   ${transport.caFingerprint}`] : []),
    `  credential  ${detect === apply ? detect : `${detect} to read, ${apply} to change`}`,
    ...Object.entries(settings).map(
      ([name, value]) => `  ${name.padEnd(11)} ${visible(Array.isArray(value) ? value.join(', ') : String(value))}`,
    ),
  ].join('\n');
}
