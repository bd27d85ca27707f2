#!/usr/bin/env bash
# Builds and runs the demo. Arguments go to it; without any it gets a checkpoint that is part of the repository.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The first build takes a minute.
[ -d "$root/artifacts/bin/Lanyard.Demo" ] || echo 'Building the demo' >&2
# Errors come on the error stream then, and the property alone on the other.
program=$(cd "$root" && dotnet build samples/Demo -c Release -v quiet -t:Build -getProperty:TargetPath)
[ $# -gt 0 ] || set -- "$root/tests/fixtures/llama4"
exec dotnet "$program" "$@"
