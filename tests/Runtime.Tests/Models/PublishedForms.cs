using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A parameter in every published form, for what the generated map says of each.</summary>
[ParameterModule]
public sealed partial class PublishedForms : Module
{
    public PublishedForms()
        : base(nameof(PublishedForms)) => CreateParameters();

    [Axis] public int Experts => 1;
    [Axis] public int Out => 128;
    [Axis] public int In => 128;

    [Parameter("experts out in")]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Awq4Group128), Format = nameof(Awq4Group128))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8), Format = nameof(Fp8))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8Block128), Format = nameof(Fp8Block128))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8Block128CompressedTensors), Format = nameof(Fp8Block128CompressedTensors))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8Block128DeepSeekV4), Format = nameof(Fp8Block128DeepSeekV4))]
    [FromCheckpoint("p", "experts out in", Encoding = typeof(Fp8Block128Experts), Format = nameof(Fp8Block128Experts))]
    [FromCheckpoint("p", "experts out in", Encoding = typeof(Fp8Column), Format = nameof(Fp8Column))]
    [FromCheckpoint("p", "experts out in", Encoding = typeof(Fp8Experts), Format = nameof(Fp8Experts))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8Row128), Format = nameof(Fp8Row128))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Fp8Row128Exponent), Format = nameof(Fp8Row128Exponent))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq3Group128), Format = nameof(Gptq3Group128))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq3Group128V2), Format = nameof(Gptq3Group128V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq3Group32), Format = nameof(Gptq3Group32))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq3Group32V2), Format = nameof(Gptq3Group32V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group128), Format = nameof(Gptq4Group128))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group128V2), Format = nameof(Gptq4Group128V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group32), Format = nameof(Gptq4Group32))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group32V2), Format = nameof(Gptq4Group32V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group64), Format = nameof(Gptq4Group64))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq4Group64V2), Format = nameof(Gptq4Group64V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq8Group128), Format = nameof(Gptq8Group128))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq8Group128V2), Format = nameof(Gptq8Group128V2))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq8Group32), Format = nameof(Gptq8Group32))]
    [FromCheckpoint("p.qweight", "experts out in", Encoding = typeof(Gptq8Group32V2), Format = nameof(Gptq8Group32V2))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Channel), Format = nameof(Int4Channel))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4ChannelZero), Format = nameof(Int4ChannelZero))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group128), Format = nameof(Int4Group128))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group128ActOrder), Format = nameof(Int4Group128ActOrder))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group128Zero), Format = nameof(Int4Group128Zero))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group32), Format = nameof(Int4Group32))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group32ActOrder), Format = nameof(Int4Group32ActOrder))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int4Group32Zero), Format = nameof(Int4Group32Zero))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Int8), Format = nameof(Int8))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedChannel), Format = nameof(Int8PackedChannel))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedChannelZero), Format = nameof(Int8PackedChannelZero))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedGroup128), Format = nameof(Int8PackedGroup128))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedGroup128Zero), Format = nameof(Int8PackedGroup128Zero))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedGroup32), Format = nameof(Int8PackedGroup32))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Int8PackedGroup32Zero), Format = nameof(Int8PackedGroup32Zero))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Int8Zero), Format = nameof(Int8Zero))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(LlmInt8), Format = nameof(LlmInt8))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Mxfp4CompressedTensors), Format = nameof(Mxfp4CompressedTensors))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Mxfp4DeepSeekV4), Format = nameof(Mxfp4DeepSeekV4))]
    [FromCheckpoint("p_blocks", "experts out in", Encoding = typeof(Mxfp4GptOss), Format = nameof(Mxfp4GptOss))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Mxfp8), Format = nameof(Mxfp8))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Mxfp8MiniMaxM3), Format = nameof(Mxfp8MiniMaxM3))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Nf4), Format = nameof(Nf4))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Nf4Nested), Format = nameof(Nf4Nested))]
    [FromCheckpoint("p.weight_packed", "experts out in", Encoding = typeof(Nvfp4CompressedTensors), Format = nameof(Nvfp4CompressedTensors))]
    [FromCheckpoint("p", "experts out in", Encoding = typeof(Nvfp4Experts), Format = nameof(Nvfp4Experts))]
    [FromCheckpoint("p", "experts out in", Encoding = typeof(Nvfp4ExpertsTransposed), Format = nameof(Nvfp4ExpertsTransposed))]
    [FromCheckpoint("p.weight", "experts out in", Encoding = typeof(Nvfp4ModelOpt), Format = nameof(Nvfp4ModelOpt))]
    public partial Parameter Weight { get; private set; }

    /// <summary>What the map says of a form.</summary>
    public static ValueEncoding Encoding(string form) => Map.Weight.Sources.Single(source => source.Format == form).Encoding!;
}
