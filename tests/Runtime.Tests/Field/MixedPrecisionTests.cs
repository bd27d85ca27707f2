using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>sglang 33245, vllm 41457 and 47445: whether a layer is quantised, and which tensors of it, only its own tensors say.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly MixedModel _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _files.Dispose();
    }

    public static TheoryData<bool, bool> Layers { get; } = new() { { false, false }, { false, true }, { true, false }, { true, true } };

    public static TheoryData<bool, bool, RefitMode, bool> Turned
    {
        get
        {
            var data = new TheoryData<bool, bool, RefitMode, bool>();
            foreach (var mode in Enum.GetValues<RefitMode>())
            {
                for (var i = 0; i < 8; i++) data.Add((i & 1) != 0, (i & 2) != 0, mode, (i & 4) != 0);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Each_layer_is_loaded_in_its_own_precision(bool first, bool second)
    {
        _files.Load(_model, Both(first, second));
        Are(first, second);
    }

    [Theory]
    [MemberData(nameof(Turned))]
    public void A_refit_may_turn_them_round(bool first, bool second, RefitMode mode, bool reversed)
    {
        _files.Load(_model, Both(!first, !second));
        var tensors = Both(first, second).OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        if (reversed) tensors.Reverse();
        using (var refit = _model.BeginRefit(mode))
        {
            foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
            refit.Commit();
        }
        Are(first, second);

        using (var refit = _model.BeginRefit(mode))
        {
            refit.Write(new Dictionary<string, Tensor>(Both(!first, !second)));
            refit.Commit();
        }
        Are(!first, !second);

        using (var refit = _model.BeginRefit(mode))
        {
            refit.Write(_files.Stored(tensors));
            refit.Commit();
        }
        Are(first, second);
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void One_tensor_of_a_layer_may_be_exempt(RefitMode mode)
    {
        // Neither format lists it: qkv as codes, z plain.
        var tensors = Both(true, true);
        tensors.Remove("layers.0.in_proj_z.weight_scale_inv");
        tensors["layers.0.in_proj_z.weight"] = full([2, 4], 0.25f).to_type(ScalarType.BFloat16);
        _files.Load(_model, tensors);
        Rows(_model.Layers[0], 0.5f, 0.25f, 8, 9);

        using var refit = _model.BeginRefit(mode, RefitScope.Subset);
        refit.Write("layers.1.in_proj_z.weight", full([2, 4], 4f).to_type(ScalarType.BFloat16));
        refit.Write("layers.0.in_proj_z.weight", Codes(2));
        refit.Write("layers.0.in_proj_z.weight_scale_inv", full([1, 2], 2f));
        refit.Commit();
        Rows(_model.Layers[0], 0.5f, 2, 8, 9);
        Rows(_model.Layers[1], 0.5f, 4, 8, 9);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Checksums_of_each_layer_are_those_of_its_precision(bool first, bool second)
    {
        var tensors = Both(first, second);
        _files.Load(_model, tensors);
        using var stream = new MemoryStream();
        _model.Checksums().WriteTo(stream);
        stream.Position = 0;
        var asked = WeightChecksums.Read(stream);
        var report = asked.Compare(WeightChecksums.Of(tensors.Reverse().Select(tensor => (tensor.Key, tensor.Value)), asked));
        Assert.Equal((8, 0, 0, 0), (report.Agreeing, report.Differing.Length, report.Missing.Length, report.Unverifiable.Length));
        Assert.Equal(8, asked.Compare(WeightChecksums.Of(_files.Stored(tensors), asked)).Agreeing);

        var others = Both(!first, second);
        Assert.NotEmpty(asked.Compare(WeightChecksums.Of(others.Select(tensor => (tensor.Key, tensor.Value)), asked)).Differing);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void An_export_writes_values_that_load_again_and_kept_codes_as_they_came(bool first, bool second)
    {
        using var folder = new TemporaryFolder();
        var tensors = Both(first, second);
        _files.Load(_model, tensors, new LoadOptions { KeepCodes = true });
        _model.Export(folder.At("values"));
        _model.Export(folder.At("codes"), new ExportOptions { Codes = true });
        foreach (var name in new[] { "values", "codes" })
        {
            using var again = new MixedModel();
            using var checkpoint = Checkpoint.Open(folder.At(name));
            LoadPlan.Create(again, checkpoint).Execute();
            Assert.Equal(Bits.Of(_model), Bits.Of(again));
            if (name == "codes") Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Codes_without_their_scales_are_refused()
    {
        var tensors = Both(false, true);
        tensors.Remove("layers.1.in_proj_z.weight_scale_inv");
        Assert.Equal([new LoadProblem(LoadProblemKind.Missing, "layers.1.in_proj_z.weight_scale_inv", "layers.1.in_proj")], _files.Refused(_model, tensors));
    }

    [Fact]
    public void A_plain_tensor_beside_scales_is_refused()
    {
        var tensors = Both(false, true);
        tensors["layers.1.in_proj_z.weight"] = ones(2, 4, dtype: ScalarType.BFloat16);
        var problem = Assert.Single(_files.Refused(_model, tensors));
        Assert.Equal((LoadProblemKind.MixedFormats, "layers.1.in_proj_z.weight_scale_inv and layers.1.in_proj_z.weight"), (problem.Kind, problem.Tensor));
    }

    private static Dictionary<string, Tensor> Both(bool first, bool second)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (layer, scaled) in new[] { first, second }.Index())
        {
            var name = $"layers.{layer}.in_proj_";
            var x = scaled ? 8f : 3f;
            tensors[name + "qkv.weight"] = scaled ? Codes(4) : Plain(4, x);
            tensors[name + "z.weight"] = scaled ? Codes(2) : Plain(2, x + 1);
            tensors[name + "b.weight"] = Plain(1, scaled ? x : x + 2);
            tensors[name + "a.weight"] = Plain(1, scaled ? x + 1 : x + 3);
            if (!scaled) continue;
            tensors[name + "qkv.weight_scale_inv"] = full([2, 2], 0.5f);
            tensors[name + "z.weight_scale_inv"] = full([1, 2], 0.5f);
        }
        return tensors;
    }

    private static Tensor Plain(long rows, float value) => full([rows, 4], value).to_type(ScalarType.BFloat16);

    private static Tensor Codes(long rows) => ones(rows, 4).to_type(CheckpointType.F8_E4M3.ToScalarType());

    private void Are(bool first, bool second)
    {
        foreach (var (layer, scaled) in new[] { first, second }.Index())
        {
            if (scaled) Rows(_model.Layers[layer], 0.5f, 0.5f, 8, 9);
            else Rows(_model.Layers[layer], 3, 4, 5, 6);
        }
    }

    private static void Rows(MixedLayer layer, float qkv, float z, float b, float a) => Bits.Are(layer.InProj, i => i[0] switch { < 4 => qkv, < 6 => z, 6 => b, _ => a });
}
