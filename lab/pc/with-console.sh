#!/bin/sh
# Starts a Windows program under Wine with a console. Its standard input and output stay the caller's. Its error stream is a terminal, and what
# is written there goes on to the caller's: Wine gives a program a console only where one of the three is a terminal, and PowerShell needs one.
exec 3<&0 4>&1
command=exec
for word; do
  command="$command '$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'"
done
exec script -qfec "$command <&3 >&4 3<&- 4>&-" /dev/null </dev/null >&2
