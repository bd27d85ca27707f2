using Lanyard.Tests.Models;
using static TorchSharp.torch;

namespace Lanyard.Tests.Describing;

/// <summary>The list of tensors that a model gives is the one that it takes.</summary>
public sealed class ExpectedTensorsTests
{
    [Fact]
    public void The_list_names_each_tensor_with_its_type_its_shape_and_its_parameter()
    {
        using var model = new TinyModel(new TinySizes(Layers: 1), new Topology(1, 2), ScalarType.BFloat16);

        Assert.Equal(
            [
                "norm.weight BF16 [10] norm",
                "layers.0.self_attn.q_proj.weight BF16 [24, 10] layers.0.self_attn.qkv_weight",
                "layers.0.self_attn.k_proj.weight BF16 [12, 10] layers.0.self_attn.qkv_weight",
                "layers.0.self_attn.v_proj.weight BF16 [12, 10] layers.0.self_attn.qkv_weight",
                "layers.0.self_attn.o_proj.weight BF16 [10, 24] layers.0.self_attn.o_weight",
                "layers.0.mlp.experts.gate_up_proj BF16 [3, 10, 24] layers.0.mlp.experts.w13_weight",
                "layers.0.mlp.experts.down_proj BF16 [3, 12, 10] layers.0.mlp.experts.w2_weight",
            ],
            model.ExpectedTensors().Select(tensor => $"{tensor} {tensor.ParameterName}"));
        Assert.Equal(5 + 9, model.ExpectedTensors("per-expert").Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("plain")]
    [InlineData("plain-transposed")]
    [InlineData("quantised-transposed")]
    public void The_model_takes_the_list_of_each_format(string? format)
    {
        using var model = new FormatsLinear(12, 20);
        LoadPlan.Check(model, model.ExpectedTensors(format).Select(tensor => tensor.Header));
    }

    [Fact]
    public void Every_published_form_is_listed_as_it_is_taken()
    {
        using var matrix = new FormMatrix(null, 384, 256, ScalarType.Float32);
        using var experts = new FormExperts(null, 3, 384, 256, ScalarType.Float32);
        using var blocks = new FormBlocks(null, 3, 384, 256, ScalarType.Float32);
        var forms = 0;
        foreach (IParameterModule model in new IParameterModule[] { matrix, experts, blocks })
        {
            foreach (var format in model.AllParameters().SelectMany(item => item.Parameter.Entry.Sources).Select(source => source.Format).Distinct())
            {
                LoadPlan.Check(model, model.ExpectedTensors(format).Select(tensor => tensor.Header), new LoadOptions { Format = format });
                forms++;
            }
        }
        Assert.InRange(forms, 30, 100);
    }

    [Fact]
    public void What_is_beside_codes_is_listed_with_what_is_declared_of_it()
    {
        using var model = new EncodedLinear(12, 20);
        Assert.Equal(
            ["weight F8_E4M3 [12, 20] ", "weight_scale F32 [] scale", "norm.weight F32 [20] ", "rounded F32 [12] "],
            model.ExpectedTensors().Select(tensor => $"{tensor} {tensor.Companion?.Name}"));
    }

    [Fact]
    public void A_format_that_no_parameter_has_is_refused()
    {
        using var model = new TinyModel(new TinySizes());
        Assert.Throws<ArgumentException>(() => model.ExpectedTensors("per-head"));
    }
}
