extern alias models;

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>A family of an author's own, on the layers of <c>Lanyard.Models</c>, and published lists in which one thing is otherwise.</summary>
public sealed class PublishedListTests
{
    private const string Llama = """
        using Lanyard.Models.Layers;
        [Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
        [Child("Model.Layers.Mlp", typeof(GatedMlp))]
        [Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks")]
        [ConformsTo("llama-3.1-8b.tensors.json")]
        public sealed class Own(DecoderConfig config, Func<int, DecoderLayer> layer) : DecoderForCausalLM("own", config, layer);
        """;

    private static readonly MetadataReference Models = MetadataReference.CreateFromFile(typeof(models::Lanyard.Models.Llama4.Llama4Config).Assembly.Location);

    [Theory]
    [InlineData("model.norm.weight", "model.norm.weight")]
    [InlineData("self_attn.o_proj.weight", "self_attn.out_proj.weight", "LANY0019 model.layers.{0..31}.self_attn.out_proj.weight", "LANY0055 \"llama-3.1-8b.tensors.json\"")]
    [InlineData("\"model.norm.weight\"", "\"model.final_norm.weight\"", "LANY0019 model.final_norm.weight", "LANY0055 \"llama-3.1-8b.tensors.json\"")]
    [InlineData("[4096, 14336]", "[14336, 4096]", "LANY0057 [14336, 4096]")]
    [InlineData("{\"name\": \"model.norm.weight\", \"dtype\": \"BF16\", \"shape\": [4096]}", "{\"name\": \"model.norm.weight\", \"dtype\": \"BF16\", \"shape\": [5120]}", "LANY0057 [5120]")]
    [InlineData("o_proj.weight\", \"dtype\": \"BF16\"", "o_proj.weight\", \"dtype\": \"U8\"", "LANY0058 U8")]
    [InlineData("o_proj.weight\", \"dtype\": \"BF16\"", "o_proj.weight\", \"dtype\": \"F8_E4M3\"", "LANY0059 model.layers.{0..31}.self_attn.o_proj.weight")]
    [InlineData("q_proj.weight\", \"dtype\": \"BF16\", \"shape\": [4096, 4096]", "q_proj.weight\", \"dtype\": \"BF16\", \"shape\": [32, 128, 4096]", "LANY0056 [32, 128, 4096]")]
    public async Task One_change_is_found_by_the_right_rule_at_the_right_place(string before, string after, params string[] expected) =>
        Assert.Equal(expected, (await Compare(Llama, "llama-3.1-8b", before, after)).Select(finding => $"{finding.Rule} {finding.Text}"));

    /// <summary>The first experience of an author: the list of one family, the class of another.</summary>
    [Fact]
    public async Task A_list_of_Qwen3_shows_a_class_of_Llama_what_it_lacks()
    {
        var found = await Compare(Llama.Replace("llama-3.1-8b", "qwen3-8b", StringComparison.Ordinal), "qwen3-8b");
        Assert.Equal(
            ["LANY0019 model.layers.{0..35}.self_attn.q_norm.weight", "LANY0019 model.layers.{0..35}.self_attn.k_norm.weight"],
            found.Select(finding => $"{finding.Rule} {finding.Text}"));
        var mended = Llama.Replace("llama-3.1-8b", "qwen3-8b", StringComparison.Ordinal)
            .Replace("\"Model.Layers.SelfAttn.QNorm\", \"Model.Layers.SelfAttn.KNorm\", ", "", StringComparison.Ordinal);
        Assert.Empty(await Compare(mended, "qwen3-8b"));
    }

    /// <summary>What the README shows is what a build says of the family with that one pattern.</summary>
    [Fact]
    public async Task The_README_shows_an_error_of_a_real_family()
    {
        var root = Harness.Folder("RepositoryDirectory");
        const string right = "[FromCheckpoint(\"gate_up_proj\", \"experts hidden (proj intermediate)\")]", wrong = "[FromCheckpoint(\"gate_up_proj\", \"experts (proj intermediate) hidden\")]";
        var sources = Directory.GetFiles(Path.Combine(root, "src", "Models"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(static path => (Path: path, Text: File.ReadAllText(path).ReplaceLineEndings("\n")))
            .Append((Path: "Implicit.cs", Text: "global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;")).ToList();
        Assert.Single(sources, static source => source.Text.Contains(right, StringComparison.Ordinal));
        const string name = "llama-4-scout-17b-16e-instruct";
        ImmutableArray<AdditionalText> lists = [.. new[] { $"{name}.tensors.json", $"{name}.config.json" }.Select(file => new TextFile(file, File.ReadAllText(Path.Combine(Harness.Folder("FixturesDirectory"), "manifests", file))))];
        var found = await Findings.Of(Findings.Compile(sources.Select(source => (source.Path, source.Text.Replace(right, wrong, StringComparison.Ordinal)))), lists);
        var said = found.First(static finding => finding.Rule == "LANY0057" && finding.Message.StartsWith(name, StringComparison.Ordinal));
        Assert.Contains($"    {said.Place}: error LANY0057: {said.Message}\n", (await File.ReadAllTextAsync(Path.Combine(root, "README.md"))).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<Finding>> Compare(string code, string name, string? before = null, string? after = null)
    {
        var list = SmallDecoder.Replaced(await File.ReadAllTextAsync(Path.Combine(Harness.Folder("FixturesDirectory"), "manifests", name + ".tensors.json")), before, after);
        return await Findings.Of(Findings.Compile(code, Models), [new TextFile(name + ".tensors.json", list)]);
    }
}
