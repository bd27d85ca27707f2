#!/usr/bin/env bash
# Runs the benchmarks and prints one table of aims, figures and verdicts; what the programs print besides goes to the error stream.
# Adds the rows to a history, with which the next run is compared: where one is a loss, this ends with 1.
#     --history FILE  artifacts/benchmarks.jsonl where nothing is said
#     --quick         small sizes and few rounds, to try this script: the figures mean nothing
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

history=$root/artifacts/benchmarks.jsonl quick=()
while [ $# -gt 0 ]; do
    case $1 in
        --history) history=${2:?a file is missing} && shift ;;
        --quick) quick=(--quick) ;;
        *) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    esac
    shift
done

# Errors come on the error stream then, and the property alone on the other.
build() { (cd "$root" && dotnet build "benchmarks/$1" -c Release -v quiet -m:1 -t:Build -getProperty:TargetPath); }
table=$(build Table)
loading=$(build Loading)
planning=$(build Planning)
generator=$(build Generator)

LANYARD_BENCHMARK_ROWS=$(mktemp)
export LANYARD_BENCHMARK_ROWS
trap 'rm -f "$LANYARD_BENCHMARK_ROWS"' EXIT
{
    # Each in a process of its own, with memory that is fresh where it is called so.
    for contest in cold refit map slices experts transpose small patch memory; do
        MALLOC_MMAP_THRESHOLD_=1048576 dotnet "$loading" "$contest" "${quick[@]}"
    done
    dotnet "$planning" "${quick[@]}"
    dotnet "$generator" "${quick[@]}"
} >&2

commit=$(git -C "$root" rev-parse --short HEAD)
git -C "$root" diff --quiet HEAD || commit=$commit+
dotnet "$table" "$LANYARD_BENCHMARK_ROWS" "$history" "$commit" "${quick[@]}"
