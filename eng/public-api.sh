#!/usr/bin/env bash
# Writes the public surface of each package into its PublicAPI.Unshipped.txt: what is new, and what of a release is gone.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

# Sorted alike on every machine.
export LC_ALL=C

# In the order of what they reference, for a package is built with what is below it.
for project in src/Runtime/Lanyard.csproj src/Models/Lanyard.Models.csproj src/Testing/Lanyard.Testing.csproj src/Distributed/Lanyard.Distributed.csproj src/Etcd/Lanyard.Etcd.csproj; do
    unshipped=$(dirname "$project")/PublicAPI.Unshipped.txt
    before=$(<"$unshipped")
    echo '#nullable enable' > "$unshipped"
    if ! log=$(dotnet build "$project" -c Release -v quiet -nologo -tl:off -p:TreatWarningsAsErrors=false 2>&1); then
        echo "$before" > "$unshipped"
        grep -E ': error ' <<< "$log" | sort -u >&2
        exit 1
    fi
    {
        sed -n "s/.*: warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" <<< "$log"
        sed -n "s/.*: warning RS0017: Symbol '\(.*\)' is part of the declared API, but .*/*REMOVED*\1/p" <<< "$log"
    } | sort -u >> "$unshipped"
done

git --no-pager diff --stat -- '*/PublicAPI.*.txt'
