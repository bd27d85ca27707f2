using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Scales for tensors and rows, offsets, casts, and which of several formats a tensor is.</summary>
public sealed class EncodedSourceTests : IDisposable
{
    private const int Out = 6, In = 5;
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static IEnumerable<object[]> Scales =>
        from type in new[] { CheckpointType.F8_E4M3, CheckpointType.F8_E5M2, CheckpointType.I8 }
        from shape in new[] { "", "1", "6", "6,1" }
        select new object[] { type, shape };

    [Theory]
    [MemberData(nameof(Scales))]
    public void One_scale_or_one_for_each_row(CheckpointType type, string scaleShape)
    {
        // All 256 codes but those that are no number.
        var codes = Enumerable.Range(0, Out * In).Select(i => (byte)((i * 37) % 251)).Select(code => (code & 0x7F) >= 0x7C && type != CheckpointType.I8 ? (byte)1 : code).ToArray();
        float Value(byte code) => type switch { CheckpointType.I8 => (sbyte)code, CheckpointType.F8_E5M2 => ReferenceDecoder.E5M2(code), _ => ReferenceDecoder.E4M3(code) };
        long[] shape = [.. scaleShape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        var scale = Enumerable.Range(0, shape.Length == 0 || shape[0] == 1 ? 1 : Out).Select(i => 0.3f + (0.07f * i)).ToArray();
        var tensors = Tensors();
        tensors["weight"] = Coded(type, codes, Out, In);
        tensors["weight_scale"] = torch.tensor(scale).view(shape);

        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new EncodedLinear(Out, In, new Topology(rank, 2));
            _files.Load(model, tensors);
            Bits.Are(model.Weight, i => Value(codes[(((rank * Out / 2) + i[1]) * In) + i[0]]) * scale[scale.Length == 1 ? 0 : (rank * Out / 2) + i[1]]);
        }
    }

    [Fact]
    public void Scales_of_another_shape_are_refused()
    {
        foreach (var shape in new long[][] { [In], [Out, In], [1, Out], [Out, 1, 1] })
        {
            using var model = new EncodedLinear(Out, In);
            var tensors = Tensors();
            tensors["weight_scale"] = torch.ones(shape);
            Assert.Equal([new LoadProblem(LoadProblemKind.WrongShape, "weight_scale", "weight", "[] or [1, 1] or [6] or [6, 1]", $"[{string.Join(", ", shape)}]")], _files.Refused(model, tensors));
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    public void A_norm_that_is_stored_minus_one_is_added_in_float32(ScalarType stored)
    {
        using var model = new EncodedLinear(Out, In, type: ScalarType.Float32);
        var tensors = Tensors();
        float[] values = [0.00390625f, -0.5f, 1e-3f, 3f, -1f];
        tensors["norm.weight"] = torch.tensor(values).to_type(stored);
        _files.Load(model, tensors);

        var wide = tensors["norm.weight"].to_type(ScalarType.Float32).data<float>().ToArray();
        Bits.Are(model.Norm, i => wide[i[0]] + 1f);
    }

    [Fact]
    public void An_offset_of_a_wide_type_is_refused_since_values_are_computed_in_float32()
    {
        using var model = new EncodedLinear(Out, In, type: ScalarType.Float64);
        var tensors = Tensors();
        tensors["norm.weight"] = torch.tensor(new[] { 1e-12, 0.1, -0.3, 7e-9, 2.0 });
        Assert.Equal([new LoadProblem(LoadProblemKind.WrongType, "norm.weight", "norm", "F32", "F64")], _files.Refused(model, tensors));

        tensors["norm.weight"] = torch.tensor(new[] { 0.5f, 0.25f, -0.5f, 3, 2 });
        _files.Load(model, tensors);
        Assert.Equal([1.5, 1.25, 0.5, 4, 3], model.Norm.data<double>().ToArray());
    }

    [Fact]
    public void A_declared_cast_narrows_and_nothing_else_does()
    {
        using var model = new EncodedLinear(Out, In, type: ScalarType.BFloat16);
        var tensors = Tensors();
        const string Wide = "a parameter of F32, in which values are computed: BF16 may lose bits of them, and takes them only where the source has Cast or the load AllowNarrowing";
        Assert.Equal([new LoadProblem(LoadProblemKind.WrongType, "norm.weight", "norm", Wide, "F32")], _files.Refused(model, tensors));

        // Nor does it help that the stored numbers have no more digits: their sum with one has.
        tensors["norm.weight"] = tensors["norm.weight"].to_type(ScalarType.BFloat16);
        Assert.Equal([new LoadProblem(LoadProblemKind.WrongType, "norm.weight", "norm", Wide, "BF16")], _files.Refused(model, tensors));
        _files.Load(model, tensors, new LoadOptions { AllowNarrowing = true });
        using var rounded = tensors["rounded"].to_type(ScalarType.BFloat16);
        Assert.NotEqual(Bits.Of(tensors["rounded"]), Bits.Of(rounded.to_type(ScalarType.Float32)));
        Assert.Equal(Bits.Of(rounded), Bits.Of(model.Rounded));
    }

    [Theory]
    [InlineData("", ScalarType.Int8, false)]
    [InlineData("quantised-transposed", ScalarType.Int8, true)]
    [InlineData("plain", ScalarType.BFloat16, false)]
    [InlineData("plain-transposed", ScalarType.Float32, true)]
    public void Type_and_shape_choose_the_format(string format, ScalarType type, bool transposed)
    {
        using var model = new FormatsLinear(Out, In);
        var (tensors, values) = Formats(type, transposed, Out, In);
        _files.Load(model, tensors);
        Bits.Are(model.Weight, i => values[i[0], i[1]]);

        // Naming the right one changes nothing, and a wrong one does not make it fit.
        _files.Load(model, tensors, new LoadOptions { Format = format });
        _files.Load(model, tensors, new LoadOptions { Format = "plain" });
        Bits.Are(model.Weight, i => values[i[0], i[1]]);
    }

    [Theory]
    [InlineData("", ScalarType.Int8, false)]
    [InlineData("quantised-transposed", ScalarType.Int8, true)]
    [InlineData("plain", ScalarType.BFloat16, false)]
    [InlineData("plain-transposed", ScalarType.Float32, true)]
    public void A_square_one_is_refused_unless_the_format_is_named(string format, ScalarType type, bool transposed)
    {
        using var model = new FormatsLinear(6, 6);
        var (tensors, values) = Formats(type, transposed, 6, 6);
        var names = type == ScalarType.Int8 ? "\"\", \"quantised-transposed\"" : "\"plain\", \"plain-transposed\"";
        Assert.Contains(new LoadProblem(LoadProblemKind.Ambiguous, "weight", "weight", "LoadOptions.Format to name one of the formats " + names), _files.Refused(model, tensors));
        Assert.Contains(LoadProblemKind.Ambiguous, _files.Refused(model, tensors, new LoadOptions { Format = type == ScalarType.Int8 ? "plain" : "quantised-transposed" }).Select(problem => problem.Kind));
        Assert.Throws<ArgumentException>(() => LoadPlan.Create(model, _files.Stored(tensors), new LoadOptions { Format = "another" }));

        _files.Load(model, tensors, new LoadOptions { Format = format });
        Bits.Are(model.Weight, i => values[i[0], i[1]]);
    }

    [Fact]
    public void Scales_beside_a_plain_tensor_are_two_formats()
    {
        using var model = new FormatsLinear(Out, In);
        var (tensors, _) = Formats(ScalarType.BFloat16, false, Out, In);
        tensors["weight_scale_inv"] = torch.ones(2, 2);
        Assert.Equal([new LoadProblem(LoadProblemKind.MixedFormats, "weight_scale_inv and weight", "weight", "one format of the parameter")], _files.Refused(model, tensors));
    }

    [Fact]
    public void Scales_that_fit_the_other_format_alone_are_refused()
    {
        // 9 x 3 has blocks of [3, 1], and transposed of [1, 3].
        using var model = new FormatsLinear(9, 3);
        var (tensors, _) = Formats(ScalarType.Int8, false, 9, 3);
        tensors["weight_scale_inv"] = torch.ones(1, 3);
        Assert.Equal([new LoadProblem(LoadProblemKind.WrongShape, "weight_scale_inv", "weight", "[3, 1]", "[1, 3]")], _files.Refused(model, tensors));
    }

    [Fact]
    public void Two_parts_of_a_parameter_come_from_one_tensor()
    {
        using var model = new PartedLinear();
        var stored = torch.arange(0, 12, dtype: ScalarType.Float32).view(6, 2);
        _files.Load(model, new Dictionary<string, Tensor> { ["weight"] = stored });
        Bits.Are(model.Weight, i => (((i[0] % 3 * 2) + (i[0] / 3)) * 2) + i[1]);

        using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        refit.Patch("weight", torch.tensor(new long[] { 0, 3 }), torch.tensor(new[] { 50f, 60f }));
        refit.Commit();
        Assert.Equal([50f, 1f, 4f, 5f, 8f, 9f, 2f, 60f, 6f, 7f, 10f, 11f], model.Weight.data<float>().ToArray());
    }

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["weight"] = torch.ones(Out, In, dtype: ScalarType.Int8),
        ["weight_scale"] = torch.ones(1),
        ["norm.weight"] = torch.zeros(In),
        ["rounded"] = torch.arange(0, Out, dtype: ScalarType.Float32) * 1.001f,
    };

    private static Tensor Coded(CheckpointType type, byte[] codes, params long[] shape)
    {
        var tensor = torch.empty(shape, dtype: type.ToScalarType());
        codes.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>A checkpoint in one of the formats, and the values [out, in] that it stands for.</summary>
    private static (Dictionary<string, Tensor> Tensors, float[,] Values) Formats(ScalarType type, bool transposed, int rows, int columns)
    {
        var values = new float[rows, columns];
        for (var i = 0; i < values.Length; i++) values[i / columns, i % columns] = i - 8;
        Tensor stored = torch.tensor(values).to_type(type), scale = torch.arange(1, 1 + ((rows + 3) / 4 * ((columns + 3) / 4)), dtype: ScalarType.Float32).view((rows + 3) / 4, (columns + 3) / 4);
        if (type == ScalarType.Int8)
        {
            for (var i = 0; i < values.Length; i++) values[i / columns, i % columns] *= 1 + (i / columns / 4 * ((columns + 3) / 4)) + (i % columns / 4);
        }
        var tensors = new Dictionary<string, Tensor> { ["weight"] = transposed ? stored.t().contiguous() : stored };
        if (type == ScalarType.Int8) tensors["weight_scale_inv"] = transposed ? scale.t().contiguous() : scale;
        return (tensors, values);
    }
}
