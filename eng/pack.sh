#!/usr/bin/env bash
# Makes the packages, into artifacts/packages.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd "$root"
rm -rf artifacts/packages
for project in Runtime/Lanyard Models/Lanyard.Models Testing/Lanyard.Testing Distributed/Lanyard.Distributed Etcd/Lanyard.Etcd Templates/Lanyard.Templates; do
    dotnet pack "src/$project.csproj" -c Release -v quiet "$@"
done
ls artifacts/packages
