# shellcheck shell=bash
# Sourced by the other scripts: where the checkout is, what `dotnet` needs to hear, and whether it is there.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# A build node that stays behind keeps our output open, and whoever reads it waits for the node to end.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# NuGet looks for its packages in HOME, which a service or a container may not have set.
[ -n "${HOME:-}" ] || export HOME=~

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK 10 is needed, and there is no 'dotnet' on PATH: see https://dotnet.microsoft.com/download" >&2
    exit 1
fi
if ! dotnet --list-sdks 2>/dev/null | grep '^10\.' >/dev/null; then
    echo "The .NET SDK 10 is needed, and 'dotnet --list-sdks' shows none: see https://dotnet.microsoft.com/download" >&2
    exit 1
fi

# shellcheck source=eng/libstdcxx.sh
. "$root/eng/libstdcxx.sh"
