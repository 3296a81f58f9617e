import { Option, type Command } from 'commander';
import { TARGET_KINDS, type JsonSchema, type TargetKind } from '../domain/manifest.js';
import { collect, wholeNumber } from './io.js';
import { readParameters } from './parameters.js';
import { itemsIn } from './table-file.js';
import { readText, terminal, usage } from './terminal.js';

/** What names the items of a rollout or a scan: a table or a filter. */
export interface SelectionOptions {
  readonly table?: string;
  readonly site?: readonly string[];
  readonly tag?: readonly string[];
  readonly tier?: readonly string[];
  readonly kind?: readonly TargetKind[];
  readonly name?: readonly string[];
}

export function selectionOptions(command: Command): void {
  command
    .option('--table <file>', 'CSV with the column target and one for each parameter')
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

/** The items as they are sent, and the parameters of every item. @throws CommanderError (usage) for a table and a filter together */
export async function selectionOf(words: readonly string[], options: SelectionOptions, schema: JsonSchema) {
  const select = selectOf(options);
  if (options.table !== undefined && Object.keys(select).length > 0)
    throw usage('Name either --table or a filter (--site, --tag, --tier, --kind, --name), not both.');
  const nobody = { ...terminal(), ask: undefined };
  const parameters = await readParameters(words, schema, nobody);
  const chosen =
    options.table === undefined ? { select } : { items: await itemsIn(readText(options.table), options.table, schema) };
  return { parameters, chosen };
}

function selectOf({ site, tag, tier, kind, name }: SelectionOptions) {
  return {
    ...(site ? { sites: site } : {}),
    ...(tag ? { tags: tag } : {}),
    ...(tier ? { tiers: tier.map(Number) } : {}),
    ...(kind ? { kinds: kind } : {}),
    ...(name ? { names: name } : {}),
  };
}

/** The number of items, as a person types it to this question. @throws CommanderError (usage) where nobody can be asked */
export async function typedNumber(question = 'How many items does it have? '): Promise<number> {
  const { ask } = terminal();
  if (!ask) throw usage('Say how many items it must have: --expect <n>.');
  return wholeNumber((await ask(question)).trim());
}
