#!/usr/bin/env bash
# Builds the sample of ranks, and runs it on five processes. An argument is the checkpoint; without, it gets one that is part of the repository.
# Where Open MPI cannot be had, it says so, and ends with 77.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$root/eng/mpi.sh" >/dev/null
# Errors come on the error stream then, and the property alone on the other.
program=$(cd "$root" && dotnet build samples/Ranks -c Release -v quiet -t:Build -getProperty:TargetPath)
[ $# -gt 0 ] || set -- "$root/tests/fixtures/llama4"
exec "$root/eng/mpi.sh" -np 5 dotnet "$program" "$@"
