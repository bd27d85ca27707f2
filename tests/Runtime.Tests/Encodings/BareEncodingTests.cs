using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Encodings of which each code has a value by itself: what can be patched; and what is counted.</summary>
public sealed class BareEncodingTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_patch_of_codes_that_decide_alone_is_decoded_and_others_are_refused_with_the_reason()
    {
        using var model = new EncodedLinear(6, 4, type: ScalarType.Float32);
        var tensors = Tensors();
        _files.Load(model, tensors);
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Patch("norm.weight", torch.tensor(new long[] { 1, 3 }), torch.tensor(new[] { 0.5f, -2f }).to_type(ScalarType.BFloat16));
            refit.Commit();
        }
        Assert.Equal([1f, 1.5f, 1f, -1f], model.Norm.data<float>().ToArray());

        using var other = model.BeginRefit(scope: RefitScope.Subset);
        other.Patch("weight", torch.tensor(new long[] { 1 }), torch.tensor(new sbyte[] { 3 }));
        var problem = Assert.Single(Assert.Throws<LoadException>(other.Commit).Problems);
        Assert.Equal((LoadProblemKind.WrongPatch, "elements of codes that are packed, or whose values depend on other tensors"), (problem.Kind, problem.Found));
    }

    [Fact]
    public void Values_that_are_not_finite_are_counted_where_that_is_asked_for()
    {
        using var model = new EncodedLinear(6, 4, type: ScalarType.Float32);
        var tensors = Tensors();
        tensors["weight_scale"] = torch.tensor(new[] { 1f, float.NaN, 1f, float.PositiveInfinity, 1f, 1f });
        tensors["weight"] = torch.ones([6, 4], dtype: ScalarType.Int8);
        Assert.Empty(_files.Load(model, tensors).NonFinite);
        var report = _files.Load(model, tensors, new LoadOptions { CountNonFinite = true });
        Assert.Equal([new NonFinite("weight", 8)], report.NonFinite.AsEnumerable());
        Assert.Contains("not finite: 8 elements of weight", report.ToString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["weight"] = torch.randint(-127, 127, [6, 4], ScalarType.Int8),
        ["weight_scale"] = torch.rand(6),
        ["norm.weight"] = torch.zeros(4),
        ["rounded"] = torch.rand(6),
    };
}
