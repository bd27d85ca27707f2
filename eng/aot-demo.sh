#!/usr/bin/env bash
# Compiles the demo ahead of time, runs it, and compares what it prints with what the usual build prints. Needs clang or gcc.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

published=$root/artifacts/aot
command -v clang >/dev/null || linker=-p:CppCompilerAndLinker=gcc
dotnet publish samples/Demo -c Release -v quiet -p:NativeAot=true ${linker:+"$linker"} -o "$published"
"$published/Lanyard.Demo" tests/fixtures/llama4 >artifacts/aot.txt

# Without the switch the usual build is made anew.
./eng/demo.sh >artifacts/jit.txt
diff artifacts/aot.txt artifacts/jit.txt
tail -1 artifacts/aot.txt
echo "The demo prints the same when it is compiled ahead of time"
