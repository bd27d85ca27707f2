using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>vllm 55073 and 47515, TensorRT-LLM 18772: gate and up have a tensor scale each, and these differ.</summary>
public sealed class TwoLevelScalesTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<RefitMode, int> Orders
    {
        get
        {
            var data = new TheoryData<RefitMode, int>();
            for (var seed = 0; seed < 8; seed++)
            {
                data.Add(RefitMode.Staged, seed);
                data.Add(RefitMode.InPlace, seed);
            }
            return data;
        }
    }

    [Fact]
    public void Each_half_has_its_own_scale()
    {
        using var model = new TwoLevelProjection();
        _files.Load(model, Tensors());
        Are(model);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void In_whatever_order_they_come(RefitMode mode, int seed)
    {
        using var model = new TwoLevelProjection();
        var tensors = Tensors().ToArray();
        new Random(seed).Shuffle(tensors);
        using var refit = model.BeginRefit(mode);
        foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
        refit.Commit();
        Are(model);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void On_ranks_and_for_experts_in_a_hole_of_the_name(int tensorSize, int expertSize)
    {
        for (var rank = 0; rank < tensorSize * expertSize; rank++)
        {
            using var model = new TwoLevelProjection(4, 32, 2, new Topology(rank % tensorSize, tensorSize, rank / tensorSize, expertSize));
            _files.Load(model, Tensors(4, 32, 2));
            Are(model, rank / tensorSize * (2 / expertSize));
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void One_scale_alone_is_enough_where_codes_are_kept(RefitMode mode)
    {
        using var model = new KeptProjection();
        var tensors = Tensors().Where(tensor => !tensor.Key.StartsWith("experts", StringComparison.Ordinal) && !tensor.Key.EndsWith("weight_scale", StringComparison.Ordinal)).ToDictionary();
        _files.Load(model, tensors);
        Bits.Are(model.Values, i => i[0] == 0 ? 1f : 0.5f);
        using var refit = model.BeginRefit(mode, RefitScope.Subset);
        refit.Write("up_proj.weight_scale_2", tensor(2f));
        refit.Commit();
        Bits.Are(model.Values, i => i[0] == 0 ? 1f : 4f);
    }

    [Theory]
    [InlineData("up_proj.weight_scale")]
    [InlineData("gate_proj.weight_scale_2")]
    [InlineData("experts.0.up_proj.weight_scale_2")]
    public void A_missing_scale_is_refused(string name)
    {
        using var model = new TwoLevelProjection();
        var tensors = Tensors();
        tensors.Remove(name);
        var problem = Assert.Single(_files.Refused(model, tensors));
        Assert.Equal((LoadProblemKind.Missing, name), (problem.Kind, problem.Tensor));
    }

    private static Dictionary<string, Tensor> Tensors(int inter = 1, int hidden = 16, int experts = 1)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var prefix in Enumerable.Range(0, experts).Select(expert => $"experts.{expert}.").Prepend(""))
        {
            foreach (var (proj, scale) in new[] { ("gate", 0.5f), ("up", 0.25f) })
            {
                // Of expert e, e times as much more.
                var name = $"{prefix}{proj}_proj.weight";
                tensors[name] = full([inter, hidden / 2], (byte)0x22, dtype: ScalarType.Byte);
                tensors[name + "_scale"] = full([inter, hidden / 16], 2f).to_type(CheckpointType.F8_E4M3.ToScalarType());
                tensors[name + "_scale_2"] = tensor(scale * (prefix == "experts.1." ? 2 : 1));
            }
        }
        return tensors;
    }

    private static void Are(TwoLevelProjection model, int first = 0)
    {
        Bits.Are(model.Weight, i => i[0] < model.Weight.shape[0] / 2 ? 1f : 0.5f);
        Bits.Are(model.Routed, i => (i[1] < model.Routed.shape[1] / 2 ? 1f : 0.5f) * (first + i[0] + 1));
    }
}
