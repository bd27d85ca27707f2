#!/usr/bin/env bash
# Makes a project of the template from the packages, outside the repository, under a name with a dot, a dash, a digit and a keyword; builds and tests it,
# and lets it load a checkpoint of transformers and say the tokens that transformers says.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$root/eng/pack.sh" >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(cd "$root" && dotnet msbuild src/Templates/Lanyard.Templates.csproj -getProperty:Version)
cat >"$folder/nuget.config" <<EOF
<configuration><packageSources><add key="lanyard" value="$root/artifacts/packages" /></packageSources></configuration>
EOF
# Ours go into the folder, so that nothing stale is taken and nothing is left; the rest is there already.
RestoreFallbackFolders=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
export RestoreFallbackFolders RestorePackagesPath=$folder/packages

cd "$folder"
name=Acme.class.my-falcon-7B
hive=(--debug:custom-hive "$folder/hive") # not the user's
dotnet new install "$root/artifacts/packages/Lanyard.Templates.$version.nupkg" "${hive[@]}" >new.log || { cat new.log; exit 1; }
dotnet new lanyard-family -n "$name" "${hive[@]}" >new.log || { cat new.log; exit 1; }
cd "$name"
if grep -rniE 'acme[-.]model|falconc|"falcon"' .; then
    echo "These lines of the project still have the template's names" >&2
    exit 1
fi
dotnet build -c Release -v quiet -p:TreatWarningsAsErrors=true
if [ ! -d "$RestorePackagesPath/lanyard/$version" ]; then
    echo "Lanyard $version was taken from $RestoreFallbackFolders, where another build of it is: remove it there" >&2
    exit 1
fi

# Until there is a reference, the tests say so.
dotnet test -c Release --no-build >test.log || { cat test.log; exit 1; }
if ! grep -q 'Skipped That the outputs are right is not tested' test.log; then
    cat test.log
    echo "No reference was there, and no test said so" >&2
    exit 1
fi

reference=$name.Tests/reference
cp "$root"/tests/fixtures/qwen2/{config.json,model.safetensors,expected.safetensors} "$reference"
dotnet test -c Release --no-build >test.log || { cat test.log; exit 1; }
grep -q 'Failed: *0, .*Skipped: *0,' test.log || { cat test.log; exit 1; }

# The first row of generated_ids: 9 tokens, and the 24 that transformers appends.
expected=$reference/expected.safetensors
length=$(od -An -t u8 -N 8 "$expected" | tr -d ' ')
begin=$(head -c $((8 + length)) "$expected" | sed -n 's/.*"generated_ids":{[^}]*"data_offsets":\[\([0-9]*\),.*/\1/p')
read -ra tokens <<<"$(od -An -v -t d8 -j $((8 + length + begin)) -N $((33 * 8)) "$expected" | tr -s ' \n' ' ')"
said=$(dotnet run -c Release --no-build --project "$name" -- "$reference" "${tokens[@]:0:9}")
if [ "$said" != "${tokens[*]}" ]; then
    printf 'transformers: %s\nthe project:  %s\n' "${tokens[*]}" "$said"
    exit 1
fi
echo "The template makes a project that builds, loads, passes its tests and says what transformers says"
