using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>DeepSeek-V3's FP8 with a scale for each 128 x 128 block: no size of the fixture is a multiple of 128, and no part begins at one.</summary>
public sealed class BlockScaleTests : IDisposable
{
    private const string Layer = "model.layers.1.";
    private readonly TensorFiles _files = new();
    private readonly Checkpoint _checkpoint;
    private readonly DeepSeekSizes _sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));

    public BlockScaleTests() => _checkpoint = _files.Fixture("deepseek-v3-fp8");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_whole_model_loads_and_its_prediction_layer_is_left_alone()
    {
        using var model = new SmallDeepSeek(_sizes);
        var plan = LoadPlan.Create(model, _checkpoint);
        plan.Execute();

        Assert.Equal(_checkpoint.Tensors.Keys.Count(name => !name.StartsWith("model.layers.3.", StringComparison.Ordinal)), plan.Tensors);
        CheckAttention(model.Layers[1].SelfAttn, 0, 1);
        CheckExperts(model.Layers[1].Moe!.Experts, [0, 1, 2, 3], 0, 1);
        float[,] gate = Blocks("model.layers.0.mlp.gate_proj.weight"), up = Blocks("model.layers.0.mlp.up_proj.weight"), down = Blocks("model.layers.0.mlp.down_proj.weight");
        Bits.Are(model.Layers[0].Mlp!.GateUp, i => i[0] < _sizes.Intermediate ? gate[i[0], i[1]] : up[i[0] - _sizes.Intermediate, i[1]]);
        Bits.Are(model.Layers[0].Mlp!.Down, i => down[i[0], i[1]]);
        var router = ReferenceDecoder.BFloat16(_checkpoint, Layer + "mlp.gate.weight");
        Bits.Are(model.Layers[1].Moe!.Gate.Weight, i => router[(i[0] * _sizes.Hidden) + i[1]]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Attention_is_right_on_every_rank_though_shares_cut_blocks(int ranks)
    {
        // Heads of 64, 104 and 56 rows or columns: shares end at 104, 208, 112, all inside blocks.
        for (var rank = 0; rank < ranks; rank++)
        {
            using var attention = new DeepSeekAttention(_sizes, new Topology(rank, ranks));
            _files.Load(attention, TensorFiles.Below(_checkpoint, Layer + "self_attn."));
            CheckAttention(attention, rank, ranks);
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(4, 4)]
    public void Experts_are_right_on_every_rank_though_shares_cut_blocks(int tensorSize, int expertSize)
    {
        var stored = TensorFiles.Below(_checkpoint, Layer + "mlp.experts.");
        for (var rank = 0; rank < tensorSize * expertSize; rank++)
        {
            var (t, e) = (rank % tensorSize, rank / tensorSize);
            using var experts = new DeepSeekExperts(_sizes, new Topology(t, tensorSize, e, expertSize));
            var report = _files.Load(experts, stored);

            // 4 experts over 3 ranks: 2, 1, 1.
            var held = Enumerable.Range(0, 4).Where(i => expertSize switch { 1 => true, 2 => i / 2 == e, 3 => Math.Max(0, i - 1) == e, _ => i == e }).ToArray();
            CheckExperts(experts, held, t, tensorSize);
            Assert.Equal(3 * held.Length, report.Slots);
        }
    }

    [Fact]
    public void A_rank_reads_no_scales_of_experts_that_it_does_not_hold()
    {
        using var experts = new DeepSeekExperts(_sizes, new Topology(0, 1, 1, 4));
        var headers = _checkpoint.Tensors.Values.Where(tensor => tensor.Name.StartsWith(Layer + "mlp.experts.", StringComparison.Ordinal)).Select(tensor => tensor with { Name = tensor.Name[(Layer + "mlp.experts.").Length..] });

        Assert.Equal(new LoadEstimate(6, 3, 3 * ((136 * 160) + 16)), LoadPlan.Check(experts, headers));
    }

    [Fact]
    public void Values_are_rounded_once_to_a_narrower_parameter()
    {
        using var experts = new DeepSeekExperts(_sizes, type: ScalarType.BFloat16);
        _files.Load(experts, TensorFiles.Below(_checkpoint, Layer + "mlp.experts."));

        var down = Blocks(Layer + "mlp.experts.2.down_proj.weight");
        using var expected = torch.tensor(down).to_type(ScalarType.BFloat16);
        Assert.Equal(Bits.Of(expected), Bits.Of(experts.W2Weight[2]));
    }

    [Fact]
    public void Wrong_scales_are_listed_and_nothing_changes()
    {
        using var experts = new DeepSeekExperts(_sizes).InitialisedByHand();
        var before = Bits.Of(experts);
        var tensors = TensorFiles.Below(_checkpoint, Layer + "mlp.experts.");
        tensors["0.up_proj.weight_scale_inv"] = torch.ones(2, 1);
        tensors["1.up_proj.weight_scale_inv"] = torch.ones(2, 2, dtype: ScalarType.Int64);
        tensors["1.down_proj.weight"] = torch.ones(160, 136, dtype: ScalarType.Int64);
        tensors.Remove("2.up_proj.weight_scale_inv");
        tensors.Remove("3.up_proj.weight");

        Assert.Equal(
            [
                new LoadProblem(LoadProblemKind.Missing, "2.up_proj.weight_scale_inv", "w13_weight"),
                new LoadProblem(LoadProblemKind.Missing, "3.up_proj.weight", "w13_weight"),
                new LoadProblem(LoadProblemKind.WrongShape, "0.up_proj.weight_scale_inv", "w13_weight", "[2, 2]", "[2, 1]"),
                new LoadProblem(LoadProblemKind.WrongType, "1.down_proj.weight", "w2_weight", "F8_E4M3, F8_E5M2 or I8", "I64"),
                new LoadProblem(LoadProblemKind.WrongType, "1.up_proj.weight_scale_inv", "w13_weight", "scale as F32, BF16, F16 or F8", "I64"),
            ],
            _files.Refused(experts, tensors).OrderBy(problem => problem.Kind).ThenBy(problem => problem.Tensor, StringComparer.Ordinal));
        Assert.Equal(before, Bits.Of(experts));
    }

    private float[,] Blocks(string name) => ReferenceDecoder.Blocks(_checkpoint, name);

    private void CheckAttention(DeepSeekAttention attention, int rank, int ranks)
    {
        float[,] qa = Of("q_a_proj"), kva = Of("kv_a_proj_with_mqa"), qb = Of("q_b_proj"), kvb = Of("kv_b_proj"), o = Of("o_proj");
        float[,] Of(string name) => Blocks($"{Layer}self_attn.{name}.weight");
        var (first, nope, value) = (rank * (_sizes.Heads / ranks), _sizes.Nope, _sizes.Value);
        Assert.Equal([_sizes.Heads / ranks, nope, _sizes.KvRank], attention.KeyUp.shape);
        Bits.Are(attention.QkvA, i => i[0] < _sizes.QRank ? qa[i[0], i[1]] : kva[i[0] - _sizes.QRank, i[1]]);
        Bits.Are(attention.QB, i => qb[(first * (nope + _sizes.Rope)) + i[0], i[1]]);
        Bits.Are(attention.KeyUp, i => kvb[((first + i[0]) * (nope + value)) + i[1], i[2]]);
        Bits.Are(attention.ValueUp, i => kvb[((first + i[0]) * (nope + value)) + nope + i[2], i[1]]);
        Bits.Are(attention.Out, i => o[i[0], (first * value) + i[1]]);
    }

    private void CheckExperts(DeepSeekExperts experts, int[] held, int rank, int ranks)
    {
        var part = _sizes.ExpertIntermediate / ranks;
        float[][,] Of(string name) => [.. held.Select(e => Blocks($"{Layer}mlp.experts.{e}.{name}.weight"))];
        float[][,] gate = Of("gate_proj"), up = Of("up_proj"), down = Of("down_proj");
        Assert.Equal([held.Length, 2 * part, _sizes.Hidden], experts.W13Weight.shape);
        Bits.Are(experts.W13Weight, i => (i[1] < part ? gate : up)[i[0]][(rank * part) + (i[1] % part), i[2]]);
        Bits.Are(experts.W2Weight, i => down[i[0]][i[1], (rank * part) + i[2]]);
    }
}
