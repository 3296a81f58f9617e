#!/usr/bin/env bash
# Builds the PowerShell engine into engine/dist. Does nothing when the sources are those of the last build.
set -euo pipefail
cd "$(dirname "$0")"
stamp=$(find . \( -name bin -o -name obj -o -name 'dist*' -o -name DesktopApi \) -prune -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.config.json' -o -name 'desktop-api.txt' -o -name 'build.sh' -o -name 'packages.lock.json' \) -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
is_built() { [ -f dist/stamp ] && [ "$(cat dist/stamp)" = "$stamp" ]; }
# Before anything is written: whoever only starts the product may not be allowed to.
is_built && exit 0
command -v dotnet >/dev/null || { echo 'The .NET SDK 10 is needed to build the engine: https://dot.net' >&2; exit 1; }
exec 9>.build.lock
flock 9
is_built && exit 0
echo 'Building the PowerShell engine (about two minutes) …' >&2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf dist.new
publish() { # project, output, arguments: a stale obj of another publish mode makes a broken host
  rm -rf "$1/obj" "$1/bin"
  dotnet publish "$1" -c Release -o "$2" --nologo -v quiet "${@:3}"
}
publish Pwsh dist.new/linux-x64 -r linux-x64 --self-contained false -p:PublishReadyToRun=true
publish Host dist.new/host -r linux-x64 --self-contained false -p:PublishReadyToRun=true
publish Pwsh dist.new/win-x64 -r win-x64 --self-contained true -p:PublishReadyToRun=true
# Start-Job looks for a program of this name beside the engine.
ln -sf fixpoint-pwsh dist.new/linux-x64/pwsh
cp dist.new/host/Fixpoint.Engine.Host.dll dist.new/linux-x64/
rm -rf dist.new/host dist
mv dist.new dist
echo "$stamp" > dist/stamp
