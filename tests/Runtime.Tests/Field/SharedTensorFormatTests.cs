using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Formats that share a tensor are told apart by the others, in whatever order they come.</summary>
public sealed class SharedTensorFormatTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly SpelledForms _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _files.Dispose();
    }

    public static TheoryData<int, bool, int> Orders
    {
        get
        {
            var data = new TheoryData<int, bool, int>();
            for (var scale = 0; scale < 3; scale++)
            {
                for (var seed = 0; seed < 6; seed++)
                {
                    data.Add(scale, false, seed);
                    data.Add(scale, true, seed);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void All_that_came_decides(int scale, bool transposed, int seed)
    {
        _files.Load(_model, Tensors(scale, transposed));
        Are(scale, transposed);
        foreach (var mode in Enum.GetValues<RefitMode>())
        {
            // From another state, one by one, in a random order, one of them in two halves.
            _files.Load(_model, Tensors((scale + 1) % 3, !transposed));
            var tensors = Tensors(scale, transposed).ToArray();
            new Random(seed).Shuffle(tensors);
            using var refit = _model.BeginRefit(mode);
            foreach (var (name, tensor) in tensors)
            {
                if (name != "k.weight" || seed % 2 == 0)
                {
                    refit.Write(name, tensor);
                    continue;
                }
                using Tensor top = tensor[..2].clone(), bottom = tensor[2..].clone();
                refit.Write(name, bottom, [2, 0]);
                refit.Write(name, top, [0, 0]);
                top.zero_();
            }
            refit.Commit();
            Are(scale, transposed);
        }
    }

    [Fact]
    public void What_is_undecided_is_listed_with_what_would_decide_it()
    {
        _files.Load(_model, Tensors(0, false));
        using var refit = _model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        refit.Write("k.weight", ones(4, 4));
        var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
        Assert.Equal(LoadProblemKind.Ambiguous, problem.Kind);
        Assert.Equal("v.weight of format \"\" or v_t.weight of format \"transposed\", or LoadOptions.Format to name one of the formats \"\", \"transposed\"", problem.Expected);
    }

    [Fact]
    public void A_named_format_needs_nothing_else()
    {
        _files.Load(_model, Tensors(0, false));
        using var refit = _model.BeginRefit(RefitMode.Staged, RefitScope.Subset, new LoadOptions { Format = "transposed" });
        refit.Write("k.weight", arange(16, dtype: ScalarType.Float32).view(4, 4));
        refit.Commit();
        Bits.Are(_model.Kv, i => i[0] < 4 ? (i[1] * 4) + i[0] : 100 + ((i[0] - 4) * 4) + i[1]);
    }

    [Fact]
    public void Scales_of_both_spellings_are_refused()
    {
        var tensors = Tensors(1, false);
        tensors["w.weight_scale_inv"] = full([2, 2], 0.5f);
        Assert.Equal([LoadProblemKind.MixedFormats], _files.Refused(_model, tensors).Select(problem => problem.Kind).Distinct());
    }

    [Fact]
    public void Codes_alone_name_every_scale_that_would_do()
    {
        var tensors = Tensors(1, false);
        tensors.Remove("w.weight_scale");
        var problem = Assert.Single(_files.Refused(_model, tensors));
        Assert.Equal(("w.weight", "w.weight_scale of format \"scale\" or w.weight_scale_inv of format \"inverse\", or LoadOptions.Format to name one of the formats \"scale\", \"inverse\""), (problem.Tensor, problem.Expected));
    }

    private static Dictionary<string, Tensor> Tensors(int scale, bool transposed)
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["w.weight"] = scale == 0 ? full([4, 4], 3f) : ones(4, 4).to_type(CheckpointType.F8_E4M3.ToScalarType()),
            ["k.weight"] = arange(16, dtype: ScalarType.Float32).view(4, 4),
            [transposed ? "v_t.weight" : "v.weight"] = arange(100, 116, dtype: ScalarType.Float32).view(4, 4),
        };
        if (scale == 1) tensors["w.weight_scale"] = full([], 0.25f);
        if (scale == 2) tensors["w.weight_scale_inv"] = full([2, 2], 0.5f);
        return tensors;
    }

    private void Are(int scale, bool transposed)
    {
        Bits.Are(_model.Scaled, _ => scale switch { 0 => 3f, 1 => 0.25f, _ => 0.5f });
        Bits.Are(_model.Kv, i => (i[0] < 4 ? 0 : 100) + (transposed ? (i[1] * 4) + (i[0] % 4) : (i[0] % 4 * 4) + i[1]));
    }
}
