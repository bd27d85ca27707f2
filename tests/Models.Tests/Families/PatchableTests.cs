using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>What is said of patches is what comes of one.</summary>
public sealed class PatchableTests
{
    public static TheoryData<string> Releases => [.. Folders];

    /// <summary>The small checkpoints that have a configuration.</summary>
    internal static IEnumerable<string> Folders =>
        Directory.GetDirectories(Fixtures.Path()).Where(folder => File.Exists(Path.Combine(folder, "config.json"))).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    private static readonly PretrainedOptions Options = new() { Type = ScalarType.Float32, Load = new LoadOptions { AllowNarrowing = true } };

    [Theory]
    [MemberData(nameof(Releases))]
    public void A_parameter_can_be_patched_exactly_where_a_patch_of_one_element_works(string release)
    {
        // Of Qwen3 there is a second class here.
        using CausalLM model = release == "qwen3" ? AutoModel.FromPretrained<Models.Qwen3.Qwen3ForCausalLM>(Fixtures.Path(release), Options) : (CausalLM)AutoModel.FromPretrained(Fixtures.Path(release), Options);
        var tree = model.Tree();
        foreach (var (name, parameter) in tree.AllParameters())
        {
            var formats = parameter.Entry.Sources.Select(source => source.Format).Distinct().ToList();
            var works = formats.Exists(format => tree.ExpectedTensors(format).Any(tensor => tensor.Parameter == parameter && tensor.Source.Format == format && tensor.Companion is null && Patched(tree, tensor)));
            Assert.True(parameter.CanPatch == works, $"{name}: {parameter.CanPatch}, but {works}; {parameter.PatchRefusal}");
            Assert.Equal(works, parameter.PatchRefusal is null);
        }
    }

    [Fact]
    public void Experts_of_Llama_4_are_patched_and_latent_keys_that_were_absorbed_are_not_lost()
    {
        using var model = AutoModel.FromPretrained(Fixtures.Path("llama4"));
        var tree = ((CausalLM)model).Tree();
        Assert.All(tree.AllParameters(), item => Assert.True(item.Parameter.CanPatch, $"{item.Name}: {item.Parameter.PatchRefusal}"));
        Assert.Contains(tree.AllParameters(), item => item.Name.EndsWith("experts.w2_weight", StringComparison.Ordinal));
    }

    private static bool Patched(IParameterModule model, ExpectedTensor tensor)
    {
        using var scope = NewDisposeScope();
        try
        {
            using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
            refit.Patch(tensor.Name, zeros(1, ScalarType.Int64), zeros(1, tensor.Type.ToScalarType()));
            refit.Commit();
            return true;
        }
        catch (LoadException)
        {
            return false;
        }
    }
}
