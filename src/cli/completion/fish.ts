import { valuedOptions, type Place, type Values } from './words.js';

/** The completion script for fish 3 or later. */
export function fishScript(places: readonly Place[]): string {
  return `# Completion of fixpoint for fish. Load it with: fixpoint completion fish | source

# The words of the line that are commands and arguments, without options and their values.
function __fixpoint_words
    set -l valued ${valuedOptions(places).join(' ')}
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $valued
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# Whether the line is at the command of these words; the first one is the number of words that stand so far, + for any.
function __fixpoint_at
    set -l stands (__fixpoint_words)
    set -l count $argv[1]
    set -l path $argv[2..-1]
    if test $count != +
        test (count $stands) -eq $count; or return 1
    end
    test (count $path) -gt 0; or return 0
    for i in (seq (count $path))
        test "$stands[$i]" = "$path[$i]"; or return 1
    end
end

complete -c fixpoint -f
${places.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options, positions, isVariadic }: Place): readonly string[] {
  const at = (count: number | '+') => `-n '__fixpoint_at ${[count, ...path].join(' ')}'`;
  return [
    ...commands.map(({ word, meaning }) => `complete -c fixpoint ${at(path.length)} -a ${word} -d ${quoted(meaning)}`),
    ...options.map(({ flags, meaning, value }) => {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `complete -c fixpoint ${at('+')} ${names.join(' ')} -d ${quoted(meaning)}${value === undefined ? '' : ` ${takes(value)}`}`;
    }),
    ...positions.flatMap((values, i) => {
      if (values === 'free') return [];
      const count = isVariadic && i === positions.length - 1 ? '+' : path.length + i;
      return [`complete -c fixpoint ${at(count)} ${values === 'file' ? '-F' : `-a ${quoted(values.words.join(' '))}`}`];
    }),
  ];
}

const takes = (value: Values): string =>
  value === 'file' ? '-r -F' : value === 'free' ? '-x' : `-x -a ${quoted(value.words.join(' '))}`;
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
