import { Option, type Command } from 'commander';
import { TARGET_KINDS, type JsonSchema, type TargetKind } from '../domain/manifest.js';
import type { TargetScope } from '../domain/policy/policy.js';
import { collect, wholeNumber } from './io.js';
import { readParameters } from './parameters.js';
import { visible } from './print.js';
import { itemsIn } from './table-file.js';
import { readText, terminal, usage } from './terminal.js';

/** A filter over the inventory, as options. */
export interface FilterOptions {
  readonly site?: readonly string[];
  readonly tag?: readonly string[];
  readonly tier?: readonly string[];
  readonly kind?: readonly TargetKind[];
  readonly name?: readonly string[];
}

/** What names the items of a rollout or a scan: a table, a filter, or a filter that is kept under a name. */
export interface SelectionOptions extends FilterOptions {
  readonly table?: string;
  readonly selection?: string;
}

export function selectionOptions(command: Command): void {
  command
    .option('--table <file>', 'CSV with the column target and one for each parameter')
    .option('--selection <name>', 'targets of a selection, by its name or id');
  filterOptions(command);
}

export function filterOptions(command: Command): void {
  command
    .option('--site <name>', 'targets of this site; may be repeated', collect)
    .option('--tag <name>', 'targets with one of these tags; may be repeated', collect)
    .addOption(
      new Option('--tier <tier>', 'targets of this tier; may be repeated').choices(['0', '1', '2']).argParser(collect),
    )
    .addOption(
      new Option('--kind <kind>', 'targets of this kind; may be repeated').choices(TARGET_KINDS).argParser(collect),
    )
    .option('--name <name>', 'a target by its name; may be repeated', collect);
}

/** The items as they are sent, and the parameters of every item. @throws CommanderError (usage) unless they are named in one way */
export async function selectionOf(words: readonly string[], options: SelectionOptions, schema: JsonSchema) {
  const select = selectOf(options);
  const { table, selection } = options;
  const ways = [table !== undefined, selection !== undefined, Object.keys(select).length > 0];
  if (ways.filter(Boolean).length > 1)
    throw usage('Name only one of --table, --selection and a filter (--site, --tag, --tier, --kind, --name).');
  const nobody = { ...terminal(), ask: undefined };
  const parameters = await readParameters(words, schema, nobody);
  if (table !== undefined) return { parameters, chosen: { items: await itemsIn(readText(table), table, schema) } };
  return { parameters, chosen: selection === undefined ? { select } : { selection } };
}

/** The filter as it is sent: the conditions that are named. */
export function selectOf({ site, tag, tier, kind, name }: FilterOptions): TargetScope {
  return {
    ...(site ? { sites: site } : {}),
    ...(tag ? { tags: tag } : {}),
    ...(tier ? { tiers: tier.map(Number) as (0 | 1 | 2)[] } : {}),
    ...(kind ? { kinds: kind } : {}),
    ...(name ? { names: name } : {}),
  };
}

/** The conditions of a filter, each as a person reads it. */
export const conditionWords = (select: TargetScope): readonly string[] =>
  Object.entries(select).map(
    ([list, values]: [string, readonly unknown[]]) =>
      `${list}: ${values.map((value) => visible(String(value))).join(', ')}`,
  );

/** The number of items, as a person types it to this question. @throws CommanderError (usage) where nobody can be asked */
export async function typedNumber(question = 'How many items does it have? '): Promise<number> {
  const { ask } = terminal();
  if (!ask) throw usage('Say how many items it must have: --expect <n>.');
  return wholeNumber((await ask(question)).trim());
}
