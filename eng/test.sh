#!/usr/bin/env bash
# Builds everything and runs all tests. Arguments go to `dotnet test`, such as --filter FullyQualifiedName~Layout.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root" # where global.json is

echo "Building Generator.sln"
dotnet msbuild Generator.sln -restore -p:Configuration=Release -m -v:quiet -tl:off -nologo

# Some tests start what the system may lack: unpacked now, so that no test's time goes into that. Where it cannot be had, they are skipped and say why.
./eng/mpi.sh || [ $? = 77 ]
./eng/etcd.sh || [ $? = 77 ]

results=$root/artifacts/tests
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0
for project in Architecture.Tests Generator.Tests Runtime.Tests Testing.Tests Models.Tests Distributed.Tests; do
    trx=$results/$project.trx ended=0
    dotnet test "tests/$project" -c Release --no-build -v minimal -tl:off --logger "trx;LogFileName=$trx" "$@" |
        sed -E '/^(Test run for |A total of |Results File: |Additionally, path to test adapters |$)/d' || ended=1

    # <Counters total="3" executed="2" passed="2" failed="0" ... />: a skipped test counts in the total alone.
    counts=$(sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)".*/\1 \2 \3/p' "$trx" 2>/dev/null || true)
    read -r total executed good <<< "${counts:-0 0 0}"
    passed=$((passed + good))
    failed=$((failed + executed - good))
    skipped=$((skipped + total - executed))

    # What no test answers for counts as one failure: a process that died and, without a filter, tests that were not found.
    if [ "$ended" != 0 ] && [ "$executed" = "$good" ]; then
        echo "$project: the run did not end as it should"
        failed=$((failed + 1))
    elif [ $# = 0 ] && [ "$total" = 0 ] && [ -n "$(find "tests/$project" -name '*.cs')" ]; then
        echo "$project: no test ran"
        failed=$((failed + 1))
    fi
done

echo
if [ $((passed + failed)) = 0 ]; then echo "No test ran."; fi
if [ "$skipped" = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ] && [ "$passed" != 0 ]
