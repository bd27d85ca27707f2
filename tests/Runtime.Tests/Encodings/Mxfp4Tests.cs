using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>gpt-oss experts in MXFP4, gate and up interleaved.</summary>
public sealed class Mxfp4Tests : IDisposable
{
    private const string Prefix = "model.layers.1.mlp.experts.";
    private const int Experts = 5, Intermediate = 96, Hidden = 64;
    private readonly TensorFiles _files = new();
    private readonly Checkpoint _checkpoint;

    public Mxfp4Tests() => _checkpoint = _files.Fixture("gpt-oss-mxfp4");

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 3)]
    public void Experts_are_right_on_every_rank(int tensorSize, int expertSize)
    {
        // On 2 and on 4 tensor-parallel ranks the share of the down projection, 48 and 24 columns, cuts blocks of 32.
        var stored = TensorFiles.Below(_checkpoint, Prefix);
        for (var rank = 0; rank < tensorSize * expertSize; rank++)
        {
            var (t, e) = (rank % tensorSize, rank / tensorSize);
            using var experts = new GptOssExperts(Experts, Intermediate, Hidden, new Topology(t, tensorSize, e, expertSize));
            _files.Load(experts, stored);
            Check(experts, t, tensorSize, first: expertSize switch { 1 => 0, 2 => 3 * e, _ => 2 * e });
        }
    }

    [Fact]
    public void Packed_or_not_the_names_choose()
    {
        using GptOssExperts packed = new(Experts, Intermediate, Hidden), plain = new(Experts, Intermediate, Hidden);
        var stored = TensorFiles.Below(_checkpoint, Prefix);
        _files.Load(packed, stored);

        // What the packed form stands for fits BF16.
        var wide = stored.Where(item => item.Key.EndsWith("_bias", StringComparison.Ordinal)).ToDictionary();
        wide["gate_up_proj"] = torch.tensor(ReferenceDecoder.Mxfp4(_checkpoint, Prefix + "gate_up_proj_blocks", Prefix + "gate_up_proj_scales")).transpose(1, 2).to_type(ScalarType.BFloat16);
        wide["down_proj"] = torch.tensor(ReferenceDecoder.Mxfp4(_checkpoint, Prefix + "down_proj_blocks", Prefix + "down_proj_scales")).transpose(1, 2).to_type(ScalarType.BFloat16);
        _files.Load(plain, wide);
        Assert.Equal(Bits.Of(packed), Bits.Of(plain));

        foreach (var (name, value) in stored) wide[name] = value;
        Assert.Equal([LoadProblemKind.MixedFormats, LoadProblemKind.MixedFormats], _files.Refused(plain, wide).Select(problem => problem.Kind));
    }

    [Fact]
    public void Every_code_and_every_scale_decodes()
    {
        // One element of each code times each scale that a float32 can hold.
        using var experts = new GptOssExperts(1, 512, 32);
        var blocks = torch.arange(0, 16, dtype: ScalarType.Byte).repeat(1024 * 16 / 16).view(1, 1024, 1, 16) * 17;
        var scales = torch.arange(0, 1024, dtype: ScalarType.Int64).remainder(254).to_type(ScalarType.Byte).view(1, 1024, 1);
        var stored = new Dictionary<string, Tensor>
        {
            ["gate_up_proj_blocks"] = blocks,
            ["gate_up_proj_scales"] = scales,
            ["gate_up_proj_bias"] = torch.zeros(1, 1024),
            ["down_proj_blocks"] = torch.zeros(1, 32, 16, 16, dtype: ScalarType.Byte),
            ["down_proj_scales"] = torch.zeros(1, 32, 16, dtype: ScalarType.Byte),
            ["down_proj_bias"] = torch.zeros(1, 32),
        };
        var checkpoint = _files.Stored(stored);
        LoadPlan.Create(experts, checkpoint).Execute();

        var values = ReferenceDecoder.Mxfp4(checkpoint, "gate_up_proj_blocks", "gate_up_proj_scales");
        Bits.Are(experts.W13Weight, i => values[0, (i[1] % 512 * 2) + (i[1] / 512), i[2]]);
    }

    private void Check(GptOssExperts experts, int rank, int ranks, int first)
    {
        var part = Intermediate / ranks;
        var gateUp = ReferenceDecoder.Mxfp4(_checkpoint, Prefix + "gate_up_proj_blocks", Prefix + "gate_up_proj_scales");
        var down = ReferenceDecoder.Mxfp4(_checkpoint, Prefix + "down_proj_blocks", Prefix + "down_proj_scales");
        var bias = ReferenceDecoder.BFloat16(_checkpoint, Prefix + "gate_up_proj_bias");
        long Row(long row) => (2 * ((rank * part) + (row % part))) + (row / part);
        Bits.Are(experts.W13Weight, i => gateUp[first + i[0], Row(i[1]), i[2]]);
        Bits.Are(experts.W13Bias, i => bias[((first + i[0]) * 2 * Intermediate) + Row(i[1])]);
        Bits.Are(experts.W2Weight, i => down[first + i[0], i[1], (rank * part) + i[2]]);
    }
}
