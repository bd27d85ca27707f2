using Lanyard.Checkpoints;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Plans over the whole tensor list of DeepSeek-V3, on the meta device.</summary>
public sealed class ManifestTests
{
    private static readonly List<CheckpointTensor> Headers = ManifestHeaders.Read(Fixtures.Path("manifests", "deepseek-v3.tensors.json"));
    private static readonly DeepSeekSizes Sizes = DeepSeekSizes.Read(Fixtures.Path("manifests", "deepseek-v3.config.json"));

    [Theory]
    [InlineData("a.{0..2}.b", "a.0.b a.1.b a.2.b")]
    [InlineData("a.{1..7..3}", "a.1 a.4 a.7")]
    [InlineData("{0,3,5..6}.{1,2}", "0.1 0.2 3.1 3.2 5.1 5.2 6.1 6.2")]
    [InlineData("a.b", "a.b")]
    public void Folded_names_stand_for_a_product(string folded, string names) => Assert.Equal(names.Split(' '), FoldedManifest.Names(folded));

    [Fact]
    public void DeepSeek_V3_is_described_whole()
    {
        using var model = Model();
        var estimate = LoadPlan.Check(model, Headers);

        // Every tensor but those of the prediction layer, each once: what the model takes twice are the halves of kv_b_proj.
        var own = Headers.Where(tensor => !tensor.Name.StartsWith("model.layers.61.", StringComparison.Ordinal)).ToList();
        Assert.Equal((91_991, 90_427), (Headers.Count, own.Count));
        Assert.Equal((own.Count, own.Sum(tensor => tensor.Length)), (estimate.Tensors, estimate.Bytes));
    }

    [Fact]
    public void What_is_missing_or_too_much_is_found_and_folded()
    {
        using var model = Model();
        var headers = Headers
            .Where(tensor => !tensor.Name.EndsWith("experts.7.up_proj.weight_scale_inv", StringComparison.Ordinal))
            .Append(Headers[0] with { Name = "model.layers.5.mlp.experts.256.up_proj.weight" })
            .Select(tensor => tensor.Name == "model.norm.weight" ? tensor with { Shape = [7169] } : tensor);
        var error = Assert.Throws<LoadException>(() => LoadPlan.Check(model, headers));

        Assert.Equal(58 + 1 + 1, error.Problems.Length);
        Assert.Contains("missing:       model.layers.{3..60}.mlp.experts.7.up_proj.weight_scale_inv (parameter model.layers.{3..60}.mlp.experts.w13_weight)", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected:    model.layers.5.mlp.experts.256.up_proj.weight: model.layers.5.mlp.experts has 256 items (0..255) in the model, 257 items (0..256) in what came. ", error.Message, StringComparison.Ordinal);
        Assert.Contains("wrong shape:   model.norm.weight: expected [7168], found [7169]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_share_the_experts_and_nothing_is_left_out()
    {
        var experts = 0;
        for (var rank = 0; rank < 8; rank++)
        {
            using var model = Model(new Topology(0, 1, rank, 8));
            experts += LoadPlan.Check(model, Headers).Tensors - (90_427 - (58 * 256 * 6));
        }
        Assert.Equal(58 * 256 * 6, experts);
    }

    private static DeepSeekV3 Model(Topology? topology = null) => new(Sizes, topology, ScalarType.BFloat16, META);
}
