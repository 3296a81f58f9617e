import type { Argument, Command, Option } from 'commander';

/** A word that may come next, and what it means. */
export interface Word {
  readonly word: string;
  readonly meaning: string;
}

/** What may stand as a value: words of a closed list, a file, or anything else. */
export type Values = { readonly words: readonly string[] } | 'file' | 'free';

/** What may follow the words of one command. */
export interface Place {
  /** The words of the command, without the program: `['job', 'list']`; none for the program itself. */
  readonly path: readonly string[];
  readonly commands: readonly Word[];
  readonly options: readonly (Word & { readonly flags: readonly string[]; readonly value?: Values })[];
  /** By position; the last one repeats where it is variadic. */
  readonly positions: readonly Values[];
  readonly isVariadic: boolean;
}

/** Names by which the commands call a value that is a path. */
const FILES = ['file', 'folder', 'folders', 'export', 'path'];

/** Every command of the program with what may follow it, from the table that runs them. */
export function placesOf(program: Command): readonly Place[] {
  return placesBelow(program, [], program.options.map(optionOf), program);
}

function placesBelow(
  command: Command,
  path: readonly string[],
  common: Place['options'],
  program: Command,
): readonly Place[] {
  const own = command === program ? [] : command.options.map(optionOf);
  const help = { word: '--help', flags: ['--help', '-h'], meaning: 'show the help of the command' };
  const last = command.registeredArguments.at(-1);
  const isHelp = path.join(' ') === 'help';
  const place: Place = {
    path,
    commands: command.commands.map((one) => ({ word: one.name(), meaning: one.description() })),
    options: [...own, ...common, help],
    positions: isHelp
      ? [{ words: program.commands.map((one) => one.name()) }]
      : command.registeredArguments.map((argument) => valuesOf(argument, argument.name())),
    isVariadic: !isHelp && last?.variadic === true,
  };
  return [place, ...command.commands.flatMap((one) => placesBelow(one, [...path, one.name()], common, program))];
}

function optionOf(option: Option): Place['options'][number] {
  const { long, short, flags, description } = option;
  const names = [long, short].flatMap((name) => (name === undefined ? [] : [name]));
  const value = /[<[]([^>\]]+?)(\.\.\.)?[>\]]/.exec(flags)?.[1];
  return {
    word: long ?? short ?? '',
    flags: names,
    meaning: description,
    ...(value === undefined ? {} : { value: valuesOf(option, value) }),
  };
}

function valuesOf({ argChoices }: Pick<Argument | Option, 'argChoices'>, name: string): Values {
  if (argChoices !== undefined && argChoices.length > 0) return { words: argChoices };
  return FILES.includes(name) ? 'file' : 'free';
}

/** Names of the options that take a value, in any command. No option takes one in one command and none in another; a test holds that. */
export function valuedOptions(places: readonly Place[]): readonly string[] {
  const valued = places.flatMap(({ options }) => options.filter(({ value }) => value !== undefined));
  return [...new Set(valued.flatMap(({ flags }) => flags))].sort();
}

/** A closed list that the scripts look up: which values follow these words. */
export interface Known {
  /** The command and the option, or the command and the number of the argument, counted from 1. */
  readonly key: string;
  readonly values: Values;
}

/** Values of each option and each argument that has a closed list or is a file. A variadic argument has the number `+`. */
export function knownValues({ path, options, positions, isVariadic }: Place): readonly Known[] {
  const key = (last: string) => [...path, last].join(' ');
  return [
    ...options.flatMap(({ flags, value = 'free' }) => flags.map((flag) => ({ key: key(flag), values: value }))),
    ...positions.map((values, i) => ({
      key: key(isVariadic && i === positions.length - 1 ? '+' : `${i + 1}`),
      values,
    })),
  ].filter(({ values }) => values !== 'free');
}
