import { knownValues, valuedOptions, type Place, type Values } from './words.js';

/** The completion script for bash 4.4 or later. */
export function bashScript(places: readonly Place[]): string {
  const at = (path: readonly string[]) => `'${path.join(' ')}'`;
  const commands = places.filter((place) => place.commands.length > 0);
  return `# Completion of fixpoint for bash. Load it with: source <(fixpoint completion bash)

_fixpoint_commands() {
  case "$1" in
${commands.map(({ path, commands: words }) => `    ${at(path)}) echo '${words.map(({ word }) => word).join(' ')}' ;;`).join('\n')}
  esac
}

_fixpoint_options() {
  case "$1" in
${places.map(({ path, options }) => `    ${at(path)}) echo '${options.map(({ word }) => word).join(' ')}' ;;`).join('\n')}
  esac
}

_fixpoint_values() {
  case "$1" in
${places
  .flatMap(knownValues)
  .map(({ key, values }) => `    '${key}') echo '${textOf(values)}' ;;`)
  .join('\n')}
  esac
}

_fixpoint() {
  # The lists below are cut at blanks and lines, whatever the shell of the user cuts at.
  local IFS=$' \\t\\n'
  local word at='' option='' only='' values
  local -i i count=0
  local current=\${COMP_WORDS[COMP_CWORD]}
  # Bash cuts --option=value into three words.
  [[ $current == = ]] && current=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == = ]]; then continue; fi
    if [[ -n $option ]]; then option=''; continue; fi
    if [[ -z $only && $word == -- ]]; then only=1; continue; fi
    if [[ -z $only && $word == -* ]]; then
      [[ ' ${valuedOptions(places).join(' ')} ' == *" $word "* ]] && option=$word
    elif [[ $count -eq 0 && " $(_fixpoint_commands "$at") " == *" $word "* ]]; then
      at="\${at:+$at }$word"
    else
      count+=1
    fi
  done
  COMPREPLY=()
  if [[ -n $option ]]; then
    values=$(_fixpoint_values "\${at:+$at }$option")
  elif [[ -z $only && $current == -* ]]; then
    values=$(_fixpoint_options "$at")
  else
    values=$(_fixpoint_commands "$at")
    [[ -z $values ]] && values=$(_fixpoint_values "$at $((count + 1))")
    [[ -z $values ]] && values=$(_fixpoint_values "$at +")
  fi
  if [[ $values == @file ]]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
  fi
}

complete -F _fixpoint fixpoint
`;
}

const textOf = (values: Values): string => (typeof values === 'object' ? values.words.join(' ') : '@file');
