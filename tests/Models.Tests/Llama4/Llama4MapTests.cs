using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;

namespace Lanyard.Models.Tests.Llama4;

public class Llama4MapTests
{
    [Fact]
    public void Experts_come_fused_or_one_by_one()
    {
        var (w13, w2) = (Llama4Experts.Map.W13Weight, Llama4Experts.Map.W2Weight);

        Assert.Equal(("w13_weight", "experts (proj intermediate) hidden"), (w13.Name, w13.Pattern));
        Assert.Equal<CheckpointSource>(
            [
                new CheckpointSource("gate_up_proj", "experts hidden (proj intermediate)"),
                new CheckpointSource("{experts}.{proj}_proj.weight", "intermediate hidden", Format: "per-expert"),
            ],
            w13.Sources);
        Assert.Equal(("w2_weight", "experts hidden intermediate"), (w2.Name, w2.Pattern));
        Assert.Equal<CheckpointSource>(
            [
                new CheckpointSource("down_proj", "experts intermediate hidden"),
                new CheckpointSource("{experts}.down_proj.weight", "hidden intermediate", Format: "per-expert"),
            ],
            w2.Sources);
    }

    [Fact]
    public void Padding_of_the_down_projections_is_a_layout()
    {
        Assert.Empty(Llama4Experts.Map.Module.PostLoads);
        Assert.Equal("experts hidden pad(intermediate, 128)", Llama4Experts.Map.W2Weight.Kernel);
    }

    [Fact]
    public void Queries_keys_and_values_share_a_parameter()
    {
        var qkv = Llama4Attention.Map.QkvWeight;

        Assert.Equal("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden", qkv.Pattern);
        Assert.Equal([("q_proj.weight", "q"), ("k_proj.weight", "k"), ("v_proj.weight", "v")], qkv.Sources.Select(source => (source.Name, source.Part!)));
    }

    [Fact]
    public void Axes_are_divided_as_declared()
    {
        Assert.Equal([("heads", Shard.Tensor, false), ("kv_heads", Shard.Tensor, true)], Divided(Llama4Attention.Map.Module));
        Assert.Equal([("intermediate", Shard.Tensor, false)], Divided(GatedMlp.Map.Module));
        Assert.Equal([("experts", Shard.Expert, false), ("intermediate", Shard.Tensor, false)], Divided(Llama4Experts.Map.Module));
        Assert.Empty(Divided(Llama4Moe.Map.Module));
        Assert.Empty(Divided(Llama4Model.Map.Module));
        Assert.Empty(Divided(Llama4ForCausalLM.Map.Module));
    }

    [Fact]
    public void The_whole_model_keeps_its_text_below_a_prefix_and_ignores_vision()
    {
        Assert.Equal("language_model.", Assert.Single(Llama4ForCausalLM.Map.Module.Prefixes).Prefix);
        Assert.Equal(
            [new IgnoreEntry("multi_modal_projector.**", Optional: true), new IgnoreEntry("vision_model.**", Optional: true)],
            Llama4ForCausalLM.Map.Module.Ignores.OrderBy(ignore => ignore.Pattern, StringComparer.Ordinal));
        Assert.Equal("lm_head.weight", Assert.Single(Llama4ForCausalLM.Map.LmHeadWeight.Sources).Name);
    }

    [Fact]
    public void A_rank_holds_its_slice()
    {
        using var experts = new Llama4Experts(Configs.With(_ => { }), new Topology(1, 2, 1, 2)).InitialisedByHand();

        Assert.Equal([2, 10, 12], experts.W13Weight.shape);
        Assert.Equal([2, 12, 128], experts.W2Weight.shape);
    }

    [Fact]
    public void Key_and_value_heads_are_repeated_where_ranks_outnumber_them()
    {
        var config = Configs.With(_ => { });
        using var attention = new Llama4Attention(config, config.Layers[0], [1, 1, 1], new Topology(3, 4)).InitialisedByHand();

        Assert.Equal([18, 12], attention.QkvWeight.shape);
        Assert.Equal([12, 6], attention.OWeight.shape);
    }

    private static IEnumerable<(string, Shard, bool)> Divided(ModuleMap map) =>
        map.Axes.Where(axis => axis.Shard != Shard.None).Select(axis => (axis.Name, axis.Shard, axis.Replicate)).OrderBy(axis => axis.Name, StringComparer.Ordinal);
}
