using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A matrix in any published form, of which a rank holds rows and columns: shares begin and end within blocks, groups and words.</summary>
[ParameterModule]
public sealed partial class FormMatrix : Module
{
    public FormMatrix(Topology? topology, long rows, long columns, ScalarType type)
        : base(nameof(FormMatrix))
    {
        (Rows, Columns) = (rows, columns);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public long Rows { get; }

    [Axis(Shard.Expert)] public long Columns { get; }

    [Parameter("columns rows")]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Awq4Group128), Format = nameof(Awq4Group128))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Fp8), Format = nameof(Fp8))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Fp8Block128), Format = nameof(Fp8Block128))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Fp8Block128DeepSeekV4), Format = nameof(Fp8Block128DeepSeekV4))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Fp8Row128), Format = nameof(Fp8Row128))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Fp8Row128Exponent), Format = nameof(Fp8Row128Exponent))]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Gptq3Group32), Format = nameof(Gptq3Group32))]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Gptq4Group128), Format = nameof(Gptq4Group128))]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Gptq4Group32), Format = nameof(Gptq4Group32))]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Gptq4Group32V2), Format = nameof(Gptq4Group32V2))]
    [FromCheckpoint("p.qweight", "rows columns", Encoding = typeof(Gptq8Group32), Format = nameof(Gptq8Group32))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Channel), Format = nameof(Int4Channel))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4ChannelZero), Format = nameof(Int4ChannelZero))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Group128), Format = nameof(Int4Group128))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Group128Zero), Format = nameof(Int4Group128Zero))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Group32), Format = nameof(Int4Group32))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Group32ActOrder), Format = nameof(Int4Group32ActOrder))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int4Group32Zero), Format = nameof(Int4Group32Zero))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Int8), Format = nameof(Int8))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int8PackedChannel), Format = nameof(Int8PackedChannel))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Int8PackedGroup32Zero), Format = nameof(Int8PackedGroup32Zero))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Int8Zero), Format = nameof(Int8Zero))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(LlmInt8), Format = nameof(LlmInt8))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Mxfp4CompressedTensors), Format = nameof(Mxfp4CompressedTensors))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Mxfp4DeepSeekV4), Format = nameof(Mxfp4DeepSeekV4))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Mxfp8), Format = nameof(Mxfp8))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Mxfp8MiniMaxM3), Format = nameof(Mxfp8MiniMaxM3))]
    [FromCheckpoint("p.weight_packed", "rows columns", Encoding = typeof(Nvfp4CompressedTensors), Format = nameof(Nvfp4CompressedTensors))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Nvfp4ModelOpt), Format = nameof(Nvfp4ModelOpt))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Nf4), Format = nameof(Nf4))]
    public partial Parameter Weight { get; private set; }
}
