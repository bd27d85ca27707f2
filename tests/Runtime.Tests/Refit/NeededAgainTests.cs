using Lanyard.Tests.Models;
using Lanyard.Tests.PostLoads;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>What a post-load method needs to run again is listed by slot with the method, before anything changes.</summary>
public sealed class NeededAgainTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FusedScales _module = new();
    private readonly Dictionary<string, byte[]> _before;

    public NeededAgainTests()
    {
        using (var refit = _module.BeginRefit())
        {
            foreach (var (name, value) in Weights()) refit.Write(name, value);
            refit.Commit();
        }
        _before = Bits.Of(_module);
    }

    public void Dispose()
    {
        _module.Dispose();
        _scope.Dispose();
    }

    /// <summary>The scales are all there, but of the weights, which Fuse reads together with them, nothing is left as it was loaded.</summary>
    [Theory]
    [InlineData("q_proj.weight_scale", "q k v")]
    [InlineData("v_proj.weight", "q k")]
    [InlineData("v_proj.weight k_proj.weight_scale", "q k")]
    [InlineData("v_proj.weight q_proj.weight", "k")]
    public void The_slots_that_a_method_has_replaced_are_named_with_the_method(string brought, string needed)
    {
        var weights = Weights();
        using var refit = _module.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        foreach (var name in brought.Split(' ')) refit.Write(name, weights[name]);

        var error = Assert.Throws<LoadException>(() => refit.Commit());

        Assert.Equal(
            needed.Split(' ').Select(part => new LoadProblem(LoadProblemKind.Missing, $"{part}_proj.weight", "weight") { NeededBy = "Fuse" }),
            error.Problems);
        Assert.Contains("Nothing was changed.", error.Message, StringComparison.Ordinal);
        Assert.Contains("k_proj.weight; needed for Fuse to run again".Replace("k_", needed[^1] + "_", StringComparison.Ordinal), error.Message.Replace(" (parameter weight)", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(_before, Bits.Of(_module));
    }

    [Fact]
    public void With_all_of_them_the_method_runs_on_what_came_and_what_stayed()
    {
        var weights = Weights();
        using (var refit = _module.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            foreach (var part in "qkv") refit.Write($"{part}_proj.weight", weights[$"{part}_proj.weight"]);
            refit.Write("k_proj.weight_scale", torch.tensor(3f));
            Assert.Equal(["Fuse"], refit.Commit().PostLoads.AsEnumerable());
        }
        Assert.Equal(3f, _module.Scale.ToSingle());
        Assert.Equal([1f, 3f, 1f], _module.Scales.data<float>().ToArray());
    }

    [Fact]
    public void A_whole_refit_needs_everything_whoever_reads_it()
    {
        using var refit = _module.BeginRefit();
        refit.Write("q_proj.weight", Weights()["q_proj.weight"]);
        Assert.All(Assert.Throws<LoadException>(() => refit.Commit()).Problems, problem => Assert.Equal((LoadProblemKind.Missing, null), (problem.Kind, problem.NeededBy)));
    }

    private static Dictionary<string, Tensor> Weights() => "qkv".SelectMany(part => new[]
    {
        KeyValuePair.Create($"{part}_proj.weight", torch.randn(4, 5).to_type(Float8.E4M3)),
        KeyValuePair.Create($"{part}_proj.weight_scale", torch.tensor(1f)),
    }).ToDictionary();
}
