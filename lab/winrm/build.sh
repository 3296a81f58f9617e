#!/usr/bin/env bash
# Builds the double of WinRM into lab/winrm/dist, for tests and the laboratory alone. Does nothing when the sources are those of the last build.
set -euo pipefail
cd "$(dirname "$0")"
stamp=$(find . \( -name bin -o -name obj -o -name 'dist*' \) -prune -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name 'build.sh' \) -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
is_built() { [ -f dist/stamp ] && [ "$(cat dist/stamp)" = "$stamp" ]; }
is_built && exit 0
mkdir -p obj
exec 9>obj/lock
flock 9
is_built && exit 0
echo 'Building the double of WinRM …' >&2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf dist.new
dotnet publish Double -c Release -o dist.new --nologo -v quiet
rm -rf dist
mv dist.new dist
echo "$stamp" > dist/stamp
