using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A refit from another floating-point type gives the bits that torch's conversion gives.</summary>
public sealed class ElementTypeTests : IDisposable
{
    // No NaN: libtorch itself gives it other bits in the vectors of a contiguous conversion than in a strided one.
    private static readonly float[] Odd = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, 1e-40f, 65504f, 65520f, 5.96e-8f, 1.00390625f, 1.01171875f, 1.0004883f];
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Random _random = new(3);

    public void Dispose() => _scope.Dispose();

    public static IEnumerable<object[]> Conversions =>
        from pair in new[]
        {
            (ScalarType.Float32, ScalarType.BFloat16), (ScalarType.Float16, ScalarType.BFloat16), (ScalarType.Float64, ScalarType.BFloat16), (ScalarType.BFloat16, ScalarType.Float16),
            (ScalarType.Float64, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.Float32), (ScalarType.Float16, ScalarType.Float32), (ScalarType.Float32, ScalarType.Float64),
        }
        from mode in new[] { RefitMode.Staged, RefitMode.InPlace }
        select new object[] { pair.Item1, pair.Item2, mode };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Tensors_of_another_type_give_the_bits_of_the_conversion(ScalarType from, ScalarType to, RefitMode mode)
    {
        using var scene = new TinyScene(type: to);
        var sent = Weights(scene.First, from);
        var options = new LoadOptions { AllowNarrowing = true };
        scene.Load(scene.First.ToDictionary(item => item.Key, item => item.Value.to_type(to)));
        scene.Refit(sent.ToDictionary(item => item.Key, item => item.Value.to_type(to)));
        var expected = scene.Bits();

        foreach (var write in new Action<RefitSession, string, Tensor>[] { (refit, name, value) => refit.Write(name, value), (refit, name, value) => refit.WriteSlice(name, value), Halves })
        {
            scene.Refit(scene.First.ToDictionary(item => item.Key, item => item.Value.to_type(to)));
            Assert.NotEqual(expected, scene.Bits());
            using var refit = scene.Model.BeginRefit(mode, options: options);
            foreach (var (name, value) in sent) write(refit, name, value);
            refit.Commit();
            Assert.Equal(expected, scene.Bits());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    public void Narrowing_that_nobody_allowed_is_an_error_that_lists_all(ScalarType from, ScalarType to)
    {
        using var scene = new TinyScene(type: to);
        scene.Load(scene.First.ToDictionary(item => item.Key, item => item.Value.to_type(to)));
        var before = scene.Bits();
        var sent = Weights(scene.First, from);
        foreach (var write in new Action<RefitSession, string, Tensor>[] { (refit, name, value) => refit.Write(name, value), (refit, name, value) => refit.WriteSlice(name, value), Halves })
        {
            using var refit = scene.Model.BeginRefit();
            foreach (var (name, value) in sent) write(refit, name, value);
            var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
            Assert.All(problems, problem => Assert.Equal(LoadProblemKind.WrongType, problem.Kind));
            Assert.Equal(sent.Keys.Order(), problems.Select(problem => problem.Tensor).Order());
            Assert.Equal(before, scene.Bits());
        }
    }

    private static void Halves(RefitSession refit, string name, Tensor value)
    {
        var middle = value.shape[0] / 2;
        refit.Write(name, value.narrow(0, middle, value.shape[0] - middle), [middle, .. value.shape.Skip(1).Select(_ => 0L)]);
        refit.Write(name, value.narrow(0, 0, middle), new long[value.dim()]);
    }

    /// <summary>Tensors of the shapes given, with any bits: rounding up, down and to even, subnormal numbers, and numbers too large.</summary>
    private Dictionary<string, Tensor> Weights(Dictionary<string, Tensor> shapes, ScalarType type) => shapes.ToDictionary(
        item => item.Key,
        item => torch.tensor(Enumerable.Range(0, (int)item.Value.numel()).Select(i => i < Odd.Length ? Odd[i] : Next()).ToArray()).reshape(item.Value.shape).to_type(type));

    private float Next()
    {
        while (true)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)_random.NextInt64(1L << 32));
            if (!float.IsNaN(value)) return _random.Next(2) == 0 ? value : (float)_random.NextDouble();
        }
    }
}
