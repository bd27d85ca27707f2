using System.Reflection;
using Lanyard.Generator;

namespace Lanyard.Architecture.Tests;

/// <summary>What stands where in each project, and that it does.</summary>
public sealed class ProjectTests
{
    internal static readonly string Root = Path.GetFullPath(
        typeof(ProjectTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryDirectory").Value!);

    private static readonly Dictionary<string, ProjectPlan> Plans = new()
    {
        ["src/Generator"] = new("Lanyard.Generator", "Names", "Failures", "Layouts", "Arithmetic", "Models", "Spelling", "Parsing", "Conformance", "Emit | Analyzers", ".")
        {
            Within = new Dictionary<string, IReadOnlyList<string>>
            {
                ["Analyzers"] = [".", "Locations", "Members", "Operations", "Declarations | Layouts | Values | PostLoad | Modules | Updates | Numbers | Conformance"],
                ["Conformance"] = ["Classes | Lists | Sizes", "Matching", "Solving"],
            },
        },
        ["src/Runtime"] = new(
            "Lanyard",
            "Failures",
            "Telemetry",
            "Layouts",
            "Arithmetic",
            "Authoring",
            "Published",
            "Names",
            "Checkpoints",
            "Copies",
            "Numbers",
            "Memory",
            "Maps",
            "Collectives",
            "Encodings",
            "Parts",
            "Index",
            "Books",
            "Causes",
            "Live",
            "Updates",
            "Checksums",
            "Loading | Refit | Placing | Export | Describing | Status",
            "Groups",
            "Transfers",
            "Pretrained",
            "Lora")
        {
            Public = ["Lanyard", "Lanyard.Checkpoints", "Lanyard.Layouts", "Lanyard.Published"],
        },
        ["src/Testing"] = new("Lanyard.Testing", "Weights", "Checks", ".") { Public = ["Lanyard.Testing"], References = ["Lanyard"] },
        ["src/Distributed"] = new("Lanyard.Distributed", "Failures", "Native", "Messages", "Groups", ".") { Public = ["Lanyard.Distributed"], References = ["Lanyard"] },
        ["src/Models"] = new("Lanyard.Models", ".", "Layers", "DeepseekV3 | DeepseekV4 | Gemma4 | GlmMoeDsa | GptOss | MiniMaxM2 | Llama | Llama4 | Qwen2 | Qwen3 | Mixtral | Qwen3Moe | Qwen35 | NemotronH") { References = ["Lanyard"], Generators = [new ParameterModuleGenerator()] },
    };

    public static TheoryData<string> Projects => [.. Plans.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Each_folder_uses_only_those_before_it_and_namespaces_follow_folders(string project)
    {
        var faults = ProjectReview.Faults(Plans[project], ProjectFiles.Of(Root, project));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public void Every_project_with_folders_has_a_plan() => Assert.Equal(
        Directory.GetDirectories(Path.Combine(Root, "src")).Select(path => "src/" + Path.GetFileName(path)).Where(project => ProjectFiles.Of(Root, project).Any(file => file.Folder != ".")).Order(),
        Plans.Keys.Order());
}
