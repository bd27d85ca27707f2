using Lanyard.Tests.Models;

namespace Lanyard.Tests.Encodings;

/// <summary>The published encodings, as the generated map has them, decode what is published: every case, to the bit.</summary>
public sealed class PublishedFormsTests
{
    [Theory]
    [InlineData("fp8-tensor", "Fp8")]
    [InlineData("fp8-tensor-one", "Fp8")]
    [InlineData("fp8-e5m2-tensor", "Fp8")]
    [InlineData("fp8-row", "Fp8")]
    [InlineData("fp8-row-vector", "Fp8")]
    [InlineData("fp8-row-f16", "Fp8")]
    [InlineData("fp8-e5m2-row", "Fp8")]
    [InlineData("fp8-named-shards", "Fp8")]
    [InlineData("fp8-column-experts", "Fp8Column")]
    [InlineData("fp8-column-experts-down", "Fp8Column")]
    [InlineData("fp8-experts-one-each", "Fp8Experts")]
    [InlineData("fp8-block", "Fp8Block128")]
    [InlineData("fp8-block-bf16", "Fp8Block128")]
    [InlineData("fp8-block-f16", "Fp8Block128")]
    [InlineData("heads-fp8-block", "Fp8Block128")]
    [InlineData("fp8-block-e8m0", "Fp8Block128DeepSeekV4")]
    [InlineData("fp8-block-experts", "Fp8Block128Experts")]
    [InlineData("fp8-1x128", "Fp8Row128")]
    [InlineData("fp8-e5m2-1x128-e8m0", "Fp8Row128Exponent")]
    [InlineData("mxfp8-u8", "Mxfp8MiniMaxM3")]
    [InlineData("mxfp8-e8m0", "Mxfp8")]
    [InlineData("mxfp4-gpt-oss", "Mxfp4GptOss")]
    [InlineData("mxfp4-kimi-k3", "Mxfp4CompressedTensors")]
    [InlineData("mxfp4-every-exponent", "Mxfp4CompressedTensors")]
    [InlineData("mxfp4-deepseek-v4", "Mxfp4DeepSeekV4")]
    [InlineData("nvfp4-modelopt", "Nvfp4ModelOpt")]
    [InlineData("nvfp4-gate-up", "Nvfp4ModelOpt")]
    [InlineData("fused-qkv-nvfp4", "Nvfp4ModelOpt")]
    [InlineData("nvfp4-compressed-tensors", "Nvfp4CompressedTensors")]
    [InlineData("nvfp4-gate-up-compressed-tensors", "Nvfp4CompressedTensors")]
    [InlineData("nvfp4-experts-transposed", "Nvfp4ExpertsTransposed")]
    [InlineData("nvfp4-experts-global-each", "Nvfp4Experts")]
    [InlineData("int4-group-32", "Int4Group32")]
    [InlineData("int4-one-short-group", "Int4Group32")]
    [InlineData("int4-group-128-f16", "Int4Group128")]
    [InlineData("fused-gate-up-int4", "Int4Group128")]
    [InlineData("int4-group-128-zero", "Int4Group128Zero")]
    [InlineData("int4-partial-group", "Int4Group32Zero")]
    [InlineData("int4-channel", "Int4Channel")]
    [InlineData("int4-channel-zero", "Int4ChannelZero")]
    [InlineData("int4-g-idx", "Int4Group32ActOrder")]
    [InlineData("int4-g-idx-unset", "Int4Group32ActOrder")]
    [InlineData("int8-packed", "Int8PackedChannel")]
    [InlineData("int8-packed-group-zero", "Int8PackedGroup32Zero")]
    [InlineData("int8-row", "Int8")]
    [InlineData("int8-row-f32-zero", "Int8Zero")]
    [InlineData("gptq-4-symmetric", "Gptq4Group128")]
    [InlineData("gptq-4-partial-group", "Gptq4Group128")]
    [InlineData("gptq-4", "Gptq4Group32")]
    [InlineData("gptq-4-wrapped-zero", "Gptq4Group32")]
    [InlineData("gptq-4-act-order", "Gptq4Group32")]
    [InlineData("gptq-4-v2", "Gptq4Group32V2")]
    [InlineData("gptq-8", "Gptq8Group32")]
    [InlineData("gptq-3", "Gptq3Group32")]
    [InlineData("awq-4", "Awq4Group128")]
    [InlineData("nf4", "Nf4")]
    [InlineData("nf4-nested", "Nf4Nested")]
    [InlineData("bnb-int8", "LlmInt8")]
    public void A_published_case_is_decoded_by_its_class(string name, string form)
    {
        var encoding = PublishedForms.Encoding(form);

        // Published blocks of scales are larger than this small case has: 256 of 64 values.
        if (form == nameof(Published.Nf4Nested)) encoding = encoding with { Companions = [.. encoding.Companions.Select(companion => companion.Name == "nested" ? companion with { Covers = ["512"] } : companion)] };
        using var stored = new EncodingCase(name, published: encoding);
        foreach (var output in stored.Outputs)
        {
            var bits = stored.Expected(output).Bits;
            var values = stored.Read<float>(output, 0, bits.Length);
            Assert.NotEmpty(bits);
            for (var i = 0; i < bits.Length; i++) Assert.True(bits[i] == BitConverter.SingleToUInt32Bits(values[i]) || (float.IsNaN(values[i]) && float.IsNaN(BitConverter.UInt32BitsToSingle(bits[i]))), $"{output} {i}: {bits[i]:x8}, not {values[i]:G9}");
        }
    }
}
