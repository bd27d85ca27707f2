using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.PostLoads;

/// <summary>What engines do after a load, each ten times with the same weights: the same bits in the same storage; then with other weights: the bits of a fresh load.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void Halves_are_swapped_by_declaration() => Repeat(() => new SwappedHalves(), random => new()
    {
        ["gate_up_proj"] = Next(random, 3, 8, 5),
    }, (module, weights) =>
    {
        var w = weights["gate_up_proj"];
        Assert.True(module.W13.Equals(torch.cat([w[.., 4..], w[.., ..4]], 1)));
    });

    [Fact]
    public void Online_quantisation_with_a_scale_for_the_tensor() => Repeat(() => new OnlinePerTensor(), random => new()
    {
        ["weight"] = Next(random, 6, 5).to_type(ScalarType.BFloat16),
    }, (module, weights) =>
    {
        var wide = weights["weight"].to_type(ScalarType.Float32);
        Assert.Equal(wide.abs().max().ToSingle() / 448f, module.Scale.ToSingle());
        Assert.Equal((Float8.E4M3, ParameterLayout.Kernel), (module.Weight.dtype, module.Parameters.Weight.Layout));
        AssertNear(wide, module.Weight.to_type(ScalarType.Float32) * module.Scale);
    });

    [Fact]
    public void Online_quantisation_with_a_scale_for_each_channel() => Repeat(() => new OnlinePerChannel(), random => new()
    {
        ["weight"] = Next(random, 6, 5),
    }, (module, weights) =>
    {
        Assert.True(module.Scale.Equals(weights["weight"].abs().amax([1], keepdim: true) / 448f));
        AssertNear(weights["weight"], module.Weight.to_type(ScalarType.Float32) * module.Scale);
    });

    [Fact]
    public void Scales_of_parts_are_fused_by_their_maximum() => Repeat(() => new FusedScales(), random =>
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var part in "qkv")
        {
            weights[$"{part}_proj.weight"] = (Next(random, 4, 5) * 50).to_type(Float8.E4M3);
            weights[$"{part}_proj.weight_scale"] = Next(random, 1).abs().reshape();
        }
        return weights;
    }, (module, weights) =>
    {
        var scales = "qkv".Select(part => weights[$"{part}_proj.weight_scale"].ToSingle()).ToArray();
        Assert.Equal(scales.Max(), module.Scale.ToSingle());
        var wide = torch.cat([.. "qkv".Select((part, i) => weights[$"{part}_proj.weight"].to_type(ScalarType.Float32) * scales[i])]);
        AssertNear(wide, module.Weight.to_type(ScalarType.Float32) * module.Scale);
    });

    [Fact]
    public void Mla_projections_are_absorbed() => Repeat(() => new AbsorbedProjections(), random => new()
    {
        ["kv_b_proj.weight"] = Next(random, 18, 5),
    }, (module, weights) =>
    {
        var split = weights["kv_b_proj.weight"].reshape(3, 6, 5);
        Assert.True(module.KeysTransposed.Equals(split[.., ..4].transpose(1, 2)));
        Assert.True(module.ValuesTransposed.Equals(split[.., 4..].transpose(1, 2)));
    });

    [Fact]
    public void Wide_copies_and_transforms_of_values() => Repeat(() => new WideCopies(), random => new()
    {
        ["sinks"] = Next(random, 4).to_type(ScalarType.BFloat16),
        ["A_log"] = Next(random, 4),
    }, (module, weights) =>
    {
        Assert.True(module.WideSinks.Equals(weights["sinks"].to_type(ScalarType.Float32)));
        Assert.True(module.A.Equals(weights["A_log"].exp().neg()));
    });

    [Fact]
    public void Mxfp4_is_kept_packed_or_unpacked() => Repeat(() => new PackedExperts(), random =>
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var name in "wv")
        {
            weights[$"{name}_blocks"] = torch.randint(0, 256, [3, 2, 16], dtype: ScalarType.Byte, generator: random);
            weights[$"{name}_scales"] = torch.randint(120, 134, [3, 2], dtype: ScalarType.Byte, generator: random);
        }
        return weights;
    }, (module, weights) =>
    {
        Assert.True(module.Packed.Equals(weights["w_blocks"]));
        float[] values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];
        for (var element = 0; element < 3 * 64; element++)
        {
            var (row, column) = (element / 64, element % 64);
            var packed = weights["v_blocks"][row, column / 32, column % 32 / 2].ToByte();
            var code = column % 2 == 0 ? packed & 15 : packed >> 4;
            var scale = MathF.ScaleB(1, weights["v_scales"][row, column / 32].ToByte() - 127);
            Assert.Equal((code < 8 ? values[code] : -values[code - 8]) * scale, module.Unpacked[row, column].ToSingle());
        }
    });

    [Fact]
    public void Block_scales_become_powers_of_two() => Repeat(() => new PowerOfTwoScales(), random => new()
    {
        ["weight"] = (Next(random, 8, 12) * 50).to_type(Float8.E4M3),
        ["weight_scale_inv"] = Next(random, 2, 3).abs() + 0.01f,
    }, (module, weights) =>
    {
        Assert.True(module.Scale.log2().Equals(module.Scale.log2().round()));
        var wide = weights["weight"].to_type(ScalarType.Float32) * weights["weight_scale_inv"].repeat_interleave(4, 0).repeat_interleave(4, 1);
        AssertNear(wide, module.Weight.to_type(ScalarType.Float32) * module.Scale.repeat_interleave(4, 0).repeat_interleave(4, 1));
    });

    private static Tensor Next(Generator random, params long[] shape) => torch.randn(shape, generator: random);

    /// <summary>E4M3 has three bits of mantissa, so a rounding is within a sixteenth; two roundings within an eighth. Near zero the steps are absolute.</summary>
    private static void AssertNear(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().le((expected.abs() / 8) + (expected.abs().max() / 1000)).all().ToBoolean(), "values are not those of the weights");

    private static void Repeat<T>(Func<T> create, Func<Generator, Dictionary<string, Tensor>> next, Action<T, Dictionary<string, Tensor>> check)
        where T : nn.Module, IParameterModule
    {
        using var scope = NewDisposeScope();
        var (first, second) = (next(new Generator(1, CPU)), next(new Generator(2, CPU)));
        using var module = create();
        Refit(module, first, RefitMode.Staged);
        check(module, first);
        var (bits, addresses) = (Bits(module), Addresses(module));
        for (var i = 0; i < 10; i++)
        {
            Refit(module, first, i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            Assert.Equal(bits, Bits(module));
        }

        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            Refit(module, second, mode);
            check(module, second);
            using var fresh = create();
            Refit(fresh, second, RefitMode.InPlace);
            Assert.Equal(Bits(fresh), Bits(module));
            Assert.NotEqual(bits, Bits(module));
        }
        Assert.Equal(addresses, Addresses(module));
    }

    private static void Refit(IParameterModule module, Dictionary<string, Tensor> weights, RefitMode mode)
    {
        using var refit = module.BeginRefit(mode);
        foreach (var (name, value) in weights) refit.Write(name, value);
        refit.Commit();
    }

    private static byte[][] Bits(IParameterModule module) => [.. module.AllParameters().Select(item => item.Parameter.Value.contiguous().bytes.ToArray())];

    private static nint[] Addresses(IParameterModule module) => [.. module.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value))];
}
