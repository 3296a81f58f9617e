import type { Command } from 'commander';
import { askForRemoval, askForTargets, changeOf, orAsk, type Asking } from '../admission/ask-for-targets.js';
import { askingOptions, split } from '../admission/asking-options.js';
import { Refusal } from '../api/refusal.js';
import { Unchecked, type Target } from '../api/types.js';
import { hostKeyOf } from '../host-key.js';
import type { Io } from '../io.js';
import { keyOptions } from '../sign-decision.js';
import { needEditor, noteUnknownCredentials } from '../target-checks.js';
import { addressOf, targetLines } from '../target-lines.js';
import { addTargetOptions, membersOf, sshAddress, type TargetOptions } from '../target-options.js';
import { confirm, usage } from '../terminal.js';

/** Changing, admitting and removing targets. */
export function editCommands(target: Command, io: Io): void {
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
