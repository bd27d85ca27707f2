#!/usr/bin/env bash
# Installs the packages from a folder into a new project outside the repository, writes the README's layer there, runs it,
# and sees a rule stop a mistake.
set -euo pipefail
# shellcheck source=eng/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$root/eng/pack.sh" >/dev/null
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
version=$(cd "$root" && dotnet msbuild src/Runtime/Lanyard.csproj -getProperty:Version)
torch=$(cd "$root" && dotnet msbuild samples/Demo/Lanyard.Demo.csproj -getProperty:RuntimeIdentifier)
native=$(awk -F'"' -v id="libtorch-cpu-$torch" '$2 == id { print $4 }' "$root/Directory.Packages.props")
cached=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')

cat >"$project/nuget.config" <<EOF
<configuration><packageSources><add key="lanyard" value="$root/artifacts/packages" /></packageSources></configuration>
EOF
# Ours go into a folder of the project, so that nothing stale is taken and nothing is left; the rest is there already.
cat >"$project/Engine.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <NoWarn>\$(NoWarn);NU1603</NoWarn>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RuntimeIdentifier>$torch</RuntimeIdentifier>
    <SelfContained>false</SelfContained>
    <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
    <RestorePackagesPath>packages</RestorePackagesPath>
    <RestoreFallbackFolders>$cached</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Lanyard" Version="$version" />
    <PackageReference Include="Lanyard.Models" Version="$version" />
    <PackageReference Include="Lanyard.Testing" Version="$version" />
    <PackageReference Include="Lanyard.Distributed" Version="$version" />
    <PackageReference Include="libtorch-cpu-$torch" Version="$native" />
  </ItemGroup>
</Project>
EOF
awk '/^```/ { if (inside) exit; inside = /csharp/; next } inside' "$root/README.md" >"$project/Experts.cs"
cat >"$project/Program.cs" <<'EOF'
using Lanyard;
using Lanyard.Checkpoints;
using Lanyard.Distributed;
using Lanyard.Models.Layers;
using Lanyard.Testing;
using TorchSharp;

Console.WriteLine(ModelTest.Check(topology => new Experts(experts: 3, intermediate: 40, hidden: 8), new ModelTestOptions { Ranks = [], Exports = false }));
using var experts = new Experts(experts: 3, intermediate: 40, hidden: 8);
var weights = new[] { ("gate_up_proj", torch.randn(3, 8, 80)), ("down_proj", torch.randn(3, 40, 8)) };
var file = Path.Combine(AppContext.BaseDirectory, "model.safetensors");
CheckpointWriter.Write(file, weights);
using (var checkpoint = Checkpoint.Open(file)) LoadPlan.Create(experts, checkpoint).Execute();
using (var refit = experts.BeginRefit())
{
    foreach (var (name, value) in weights) refit.Write(name, value * 2);
    refit.Commit();
}
if (!experts.Run(torch.randn(2, 8)).shape.SequenceEqual([2L, 80L])) return 1;
using var mlp = new GatedMlp(hidden: 8, intermediate: 16);
mlp.InitialisedByHand();
if (!mlp.Run(torch.randn(2, 8)).shape.SequenceEqual([2L, 8L])) return 1;
if (typeof(MpiGroups).GetInterface(nameof(ICollectives)) is null) return 1;
var w2 = experts.Parameters.W2Weight;
var right = w2.Value[1, 5, 7].ToSingle() == weights[1].Item2[1, 7, 5].ToSingle() * 2;
Console.WriteLine($"{w2} is in the {w2.Layout} layout [{string.Join(", ", w2.Value.shape)}], refitted: {right}");
return right ? 0 : 1;
EOF

cd "$project"
dotnet build -c Release -v quiet
if [ ! -d "packages/lanyard/$version" ]; then
    echo "Lanyard $version was taken from $cached, where another build of it is: remove it there" >&2
    exit 1
fi
dotnet run -c Release --no-build

# What only our own build needs is no dependency of who installs them.
if grep '<dependency id="' packages/lanyard*/*/*.nuspec | grep -vE '"(Lanyard|TorchSharp|Microsoft\.Extensions\.Logging\.Abstractions|System\.IO\.Hashing)"'; then
    echo "A package depends on more than it should" >&2
    exit 1
fi

cat >"$project/Mistake.cs" <<'EOF'
static class Mistake
{
    public static Lanyard.ParameterSet Set(Experts experts) { experts.W2Weight.set_(experts.W13Weight); return experts.Parameters; }
}
EOF
if dotnet build -c Release -v quiet >mistake.log 2>&1; then
    echo "A parameter was reshaped in place, and no rule said so" >&2
    exit 1
fi
grep -q 'error LANY0023' mistake.log || { cat mistake.log; exit 1; }
grep -ho 'error LANY0023: [^(]*' mistake.log | head -1

# What the generator declines is left to a rule: where a half is missing the compiler asks none.
cat >"$project/Mistake.cs" <<'EOF'
public sealed partial class Forgotten() : TorchSharp.torch.nn.Module("forgotten")
{
    [Lanyard.Parameter(""), Lanyard.FromCheckpoint("w", "")] public partial TorchSharp.Modules.Parameter W { get; private set; }
}
EOF
if dotnet build -c Release -v quiet >mistake.log 2>&1 || grep -q CS9248 mistake.log; then
    echo "A class forgot its attribute, and no rule was heard" >&2
    exit 1
fi
grep -q 'error LANY0006' mistake.log || { cat mistake.log; exit 1; }

# Who installs the models alone gets the rules with them.
mv "$project/Mistake.cs" "$project/Mistake.txt"
mkdir "$project/engine"
sed -e '/Include="Lanyard"/d' -e '/libtorch/d' -e 's/<OutputType>Exe/<OutputType>Library/' -e "s|>packages<|>$project/packages<|" "$project/Engine.csproj" >"$project/engine/Alone.csproj"
cat >"$project/engine/Engine.cs" <<'EOF'
static class Engine
{
    public static void Load(Lanyard.IParameterModule model, Lanyard.Checkpoints.Checkpoint checkpoint) => Lanyard.LoadPlan.Create(model, checkpoint);
}
EOF
if dotnet build "$project/engine" -c Release -v quiet >alone.log 2>&1 || ! grep -q 'error LANY0049' alone.log; then
    cat alone.log
    echo "A plan was dropped, and no rule said so where the models alone are installed" >&2
    exit 1
fi

package=$project/packages/lanyard/$version
# NuGet itself notes there where it found the package.
if grep -rlaF --exclude=.nupkg.metadata "$root/" "$package"; then
    echo "These files of the package name a folder of this machine" >&2
    exit 1
fi
if grep -n '](' "$package/README.md" | grep -v '](https\?:'; then
    echo "These links of the package's page lead nowhere" >&2
    exit 1
fi
for page in $(grep -oE '\(`[^`]+\.md`\)' "$package/README.md" | tr -d '()`'); do
    [ -f "$package/$page" ] || { echo "The package's page names $page, which is not in it" >&2; exit 1; }
done
echo "The packages install, generate, run and refuse"
