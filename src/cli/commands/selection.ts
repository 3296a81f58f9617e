import type { Command } from 'commander';
import type { Selection } from '../api/types.js';
import type { Io } from '../io.js';
import { table, visible } from '../print.js';
import { conditionWords, filterOptions, selectOf, type FilterOptions } from '../selection.js';
import { usage } from '../terminal.js';

const SELECTION = 'name or id of a selection';

const HELP = `
Values of one option are alternatives; different options must all fit. What a selection means is found anew each time it is used:
a rollout or a scan over it freezes its list when it is submitted.

Examples:
  fixpoint selection add taipei-servers --site taipei --kind server
  fixpoint rollout submit write-example-file directory=/srv/a names=fixpoint-notice.txt text=new --selection taipei-servers --expect 60 --reason "the new notice"`;

/** Filters over the inventory under names. */
export function selectionCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const selection = program.command('selection').description('filters over the targets, kept under names');
  const read = (id: string) => client().get('/v1/selections/{id}', { path: { id } });
  const withFilter = (command: Command) => {
    filterOptions(command);
    return command.addHelpText('after', HELP);
  };
  withFilter(selection.command('add').description('keep a filter under a name').argument('<name>', 'its name')).action(
    async (name: string, options: FilterOptions) => {
      const added = await client().post('/v1/selections', { body: { name, select: conditionsOf(options) } });
      print(added, selectionLines(added));
    },
  );
  withFilter(
    selection
      .command('edit')
      .description('change a selection; the conditions that are named take the place of all that it has')
      .argument('<selection>', SELECTION),
  ).action(async (id: string, options: FilterOptions) => {
    const known = await read(id);
    const body = { name: known.name, select: conditionsOf(options) };
    const changed = await client().patch('/v1/selections/{id}', { path: { id: known.id }, body });
    print(changed, selectionLines(changed));
  });
  selection
    .command('list')
    .description('list the selections')
    .action(async () => {
      const page = await client().get('/v1/selections');
      const rows = page.items.map(({ name, select }) => [visible(name), conditionWords(select).join('; ')]);
      print(page, table([['SELECTION', 'TARGETS WITH'], ...rows]));
    });
  selection
    .command('show')
    .description('show a selection and the targets that it means now')
    .argument('<selection>', SELECTION)
    .action(async (id: string) => {
      const shown = await read(id);
      const { items } = await client().get('/v1/selections/{id}/targets', { path: { id: shown.id } });
      const names = items.map(({ name }) => `  ${visible(name)}`);
      const count = `${items.length} ${items.length === 1 ? 'target' : 'targets'} now`;
      print({ ...shown, targets: items }, [selectionLines(shown), `  ${count}`, ...names].join('\n'));
    });
  selection
    .command('remove')
    .description('remove a selection; what was submitted over it stays')
    .argument('<selection>', SELECTION)
    .action(async (id: string) => {
      const known = await read(id);
      await client().delete('/v1/selections/{id}', { path: { id: known.id } });
      print({ removed: known.id, name: known.name }, `${visible(known.name)} was removed.`);
    });
}

/** @throws CommanderError (usage) for a filter without a condition */
function conditionsOf(options: FilterOptions) {
  const select = selectOf(options);
  if (Object.keys(select).length === 0) throw usage('Name a condition: --site, --tag, --tier, --kind or --name.');
  return select;
}

function selectionLines({ id, name, select }: Selection): string {
  return [
    `Selection ${visible(name)}`,
    `  id         ${id}`,
    ...conditionWords(select).map((words) => `  ${words}`),
  ].join('\n');
}
