using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A rank that holds nothing of a parameter that post-load replaces is refitted as any other.</summary>
public sealed class EmptyRankTests : IDisposable
{
    // Rank 3 of 4 has neither an expert nor a row that exists.
    private static readonly Topology Last = new(3, 4, 3, 4);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TensorFiles _files = new();
    private readonly ScaledExperts _model = new(Last);
    private readonly Dictionary<string, Tensor> _weights = new() { ["weight"] = ones(2, 3), ["embed"] = ones(5, 3), ["scale"] = arange(3, ScalarType.Float32) };

    public EmptyRankTests() => _files.Load(_model, _weights);

    public void Dispose()
    {
        _model.Dispose();
        _files.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(RefitMode.Staged, RefitScope.Whole)]
    [InlineData(RefitMode.Staged, RefitScope.Subset)]
    [InlineData(RefitMode.InPlace, RefitScope.Whole)]
    [InlineData(RefitMode.InPlace, RefitScope.Subset)]
    public void A_method_that_transforms_nothing_sees_the_model_layout_again(RefitMode mode, RefitScope scope)
    {
        using var refit = _model.BeginRefit(mode, scope);
        foreach (var (name, value) in _weights.Where(item => scope == RefitScope.Whole || item.Key == "scale")) refit.Write(name, value);
        Assert.Equal(["Widen", "Multiply"], refit.Commit().PostLoads.AsEnumerable());
        Check();
    }

    [Fact]
    public void A_torn_model_is_whole_again_after_a_load()
    {
        using (var refit = _model.BeginRefit(RefitMode.InPlace)) refit.Write("scale", _weights["scale"]);
        Assert.Equal(ModelState.Torn, _model.Parameters.State);
        _files.Load(_model, _weights);
        Check();
    }

    private void Check()
    {
        Assert.Equal(ModelState.Loaded, _model.Parameters.State);
        Assert.Equal([0, 8], _model.Weight.shape);
        Bits.Are(_model.Embedding, _ => 0);
        Assert.Equal([3, 2], _model.Embedding.shape);
    }
}
