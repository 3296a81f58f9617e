import { knownValues, valuedOptions, type Place, type Values, type Word } from './words.js';

/** The completion script for zsh. */
export function zshScript(places: readonly Place[]): string {
  const at = (path: readonly string[]) => quoted(path.join(' '));
  const commands = places.filter((place) => place.commands.length > 0);
  return `#compdef fixpoint
# Completion of fixpoint for zsh. Load it with: source <(fixpoint completion zsh)

_fixpoint_commands() {
  reply=()
  case "$1" in
${commands.map(({ path, commands: words }) => `    ${at(path)}) reply=(${words.map(described).join(' ')}) ;;`).join('\n')}
  esac
}

_fixpoint_options() {
  reply=()
  case "$1" in
${places.map(({ path, options }) => `    ${at(path)}) reply=(${options.map(described).join(' ')}) ;;`).join('\n')}
  esac
}

_fixpoint_values() {
  reply=()
  case "$1" in
${places
  .flatMap(knownValues)
  .map(({ key, values }) => `    ${quoted(key)}) reply=(${wordsOf(values).map(quoted).join(' ')}) ;;`)
  .join('\n')}
  esac
}

_fixpoint() {
  local word at='' option='' only=''
  local -i i count=0
  local -a reply names valued
  valued=(${valuedOptions(places).map(quoted).join(' ')})
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $option ]]; then option=''; continue; fi
    if [[ -z $only && $word == -- ]]; then only=1; continue; fi
    if [[ -z $only && $word == -* ]]; then
      (( \${valued[(Ie)$word]} )) && option=$word
    else
      _fixpoint_commands "$at"
      names=(\${reply%%:*})
      if (( count == 0 && \${names[(Ie)$word]} )); then
        at="\${at:+$at }$word"
      else
        count+=1
      fi
    fi
  done
  word=\${words[CURRENT]}
  if [[ -z $option && -z $only && $word == --*=* ]]; then
    option=\${word%%=*}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    _fixpoint_values "\${at:+$at }$option"
  elif [[ -z $only && $word == -* ]]; then
    _fixpoint_options "$at"
    _describe 'option' reply
    return
  else
    _fixpoint_commands "$at"
    if (( \${#reply} )); then
      _describe 'command' reply
      return
    fi
    _fixpoint_values "$at $((count + 1))"
    (( \${#reply} )) || _fixpoint_values "$at +"
  fi
  if [[ \${reply[1]} == @file ]]; then
    _files
  elif (( \${#reply} )); then
    compadd -a reply
  fi
}

# Loaded from a folder of fpath this file is the function itself.
if [[ \${funcstack[1]} == _fixpoint ]]; then
  _fixpoint "$@"
else
  compdef _fixpoint fixpoint
fi
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** \`_describe\` cuts at the first colon. */
const described = ({ word, meaning }: Word): string => quoted(`${word}:${meaning}`);
const wordsOf = (values: Values): readonly string[] => (typeof values === 'object' ? values.words : ['@file']);
