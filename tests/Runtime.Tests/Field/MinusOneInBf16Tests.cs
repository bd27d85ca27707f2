using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>lmdeploy 4790: the sum of one and a small number has more digits than BF16.</summary>
public sealed class MinusOneInBf16Tests : IDisposable
{
    private static readonly float[] Stored = [0.001953125f, -0.0009765625f, 0.005859375f];
    private static readonly float[] Values = [1.001953125f, 0.9990234375f, 1.005859375f];

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Float32_has_the_sums()
    {
        using var model = new ShiftedNorm(ScalarType.Float32);
        _files.Load(model, Tensors());
        Bits.Are(model.Weight, i => Values[i[0]]);
        foreach (var mode in Enum.GetValues<RefitMode>())
        {
            using var refit = model.BeginRefit(mode);
            refit.Write(Tensors());
            refit.Commit();
            Bits.Are(model.Weight, i => Values[i[0]]);
        }
    }

    [Fact]
    public void So_has_a_parameter_that_is_float32_by_its_own_declaration_and_its_export_is_what_came()
    {
        using var model = new WideNorm(ScalarType.BFloat16);
        using var folder = new TemporaryFolder();
        var tensors = Tensors();
        _files.Load(model, tensors);
        Assert.Equal((ScalarType.Float32, ScalarType.BFloat16), (model.Weight.dtype, model.Beside.dtype));
        Bits.Are(model.Weight, i => Values[i[0]]);

        model.Export(folder.At("out"), new ExportOptions { Type = ScalarType.BFloat16 });
        using var checkpoint = Checkpoint.Open(folder.At("out"));
        using var again = checkpoint.View(checkpoint.Tensors["norm.weight"]);
        Assert.Equal(ScalarType.BFloat16, again.dtype);
        Assert.Equal(Bits.Of(tensors["norm.weight"]), Bits.Of(again));
    }

    [Fact]
    public void Bf16_is_refused_with_what_would_be_lost_and_nothing_changes()
    {
        using var model = new ShiftedNorm(ScalarType.BFloat16);
        var problem = Assert.Single(_files.Refused(model, Tensors()));
        Assert.Equal((LoadProblemKind.WrongType, "norm.weight", "BF16"), (problem.Kind, problem.Tensor, problem.Found));
        Assert.Equal("a parameter of F32, in which values are computed: BF16 may lose bits of them, and takes them only where the source has Cast or the load AllowNarrowing", problem.Expected);
        Assert.Equal(ModelState.Building, model.Parameters.State);

        _files.Load(model, Tensors(), new LoadOptions { AllowNarrowing = true });
        using var wide = model.Weight.to_type(ScalarType.Float32);
        Assert.Equal([1f, 1f, 1.0078125f], wide.data<float>().ToArray());

        var before = Bits.Of(model);
        using var refit = model.BeginRefit();
        refit.Write(Tensors());
        Assert.Throws<LoadException>(() => refit.Commit());
        Assert.Equal(before, Bits.Of(model));
    }

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["norm.weight"] = tensor(Stored).to_type(ScalarType.BFloat16),
        ["beside.weight"] = tensor(Stored).to_type(ScalarType.BFloat16),
    };
}
