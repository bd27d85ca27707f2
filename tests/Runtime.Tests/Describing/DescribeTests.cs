using Lanyard.Tests.Field;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Gguf;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Describing;

/// <summary>What a model shows of itself before any file is there.</summary>
public sealed class DescribeTests
{
    [Fact]
    public void The_tree_shows_layouts_shapes_sources_and_what_happens_to_the_values()
    {
        using var model = new TinyModel(new TinySizes(), new Topology(0, 2), ScalarType.BFloat16);

        Assert.Equal("""
            TinyModel on tensor-parallel rank 0 of 2 (
              axes: hidden 10
              names may begin with "language_model."
              ignored: vision_model.**
              norm: BF16 [10] "hidden"
                from norm.weight [10] "hidden"
              (layers.{0,1}): 2 x TinyBlock(
                (self_attn): TinyAttention(
                  axes: heads 4 (here 0..1), kv_heads 2 (here 0), head_dim 6, hidden 10
                  qkv_weight: BF16 [48, 10] "(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden", here [24, 10]
                    from layers.{0,1}.self_attn.q_proj.weight [24, 10] "(heads head_dim) hidden", into part q, sliced
                    from layers.{0,1}.self_attn.k_proj.weight [12, 10] "(kv_heads head_dim) hidden", into part k, sliced
                    from layers.{0,1}.self_attn.v_proj.weight [12, 10] "(kv_heads head_dim) hidden", into part v, sliced
                  o_weight: BF16 [10, 24] "hidden (heads head_dim)", here [10, 12]
                    from layers.{0,1}.self_attn.o_proj.weight [10, 24] "hidden (heads head_dim)", sliced
                    read by Transpose
                  o_transposed: BF16 [24, 10] "(heads head_dim) hidden", here [12, 10]
                    made by Transpose
                )
                (mlp.experts): TinyExperts(
                  axes: proj 2 (gate, up), experts 3, intermediate 12 (here 0..5), hidden 10
                  w13_weight: BF16 [3, 24, 10] "experts (proj intermediate) hidden", here [3, 12, 10]
                    from layers.{0,1}.mlp.experts.gate_up_proj [3, 10, 24] "experts hidden (proj intermediate)", transposed, sliced
                    or from layers.{0,1}.mlp.experts.{0..2}.gate_proj.weight, layers.{0,1}.mlp.experts.{0..2}.up_proj.weight [12, 10] "intermediate hidden" in format "per-expert", sliced
                  w2_weight: BF16 [3, 10, 12] "experts hidden intermediate", here [3, 10, 6]
                    from layers.{0,1}.mlp.experts.down_proj [3, 12, 10] "experts intermediate hidden", transposed, sliced
                    or from layers.{0,1}.mlp.experts.{0..2}.down_proj.weight [10, 12] "hidden intermediate" in format "per-expert", sliced
                    then PadForKernel replaces it, undone by TakePaddingAway
                )
              )
            )
            """, model.Describe());
    }

    [Fact]
    public void In_short_it_shows_names_types_and_shapes()
    {
        using var model = new TinyModel(new TinySizes(Layers: 1), new Topology(0, 2));

        Assert.Equal("""
            TinyModel(
              norm: F32 [10]
              (layers.0): TinyBlock(
                (self_attn): TinyAttention(
                  qkv_weight: F32 [24, 10]
                  o_weight: F32 [10, 12]
                  o_transposed: F32 [12, 10]
                )
                (mlp.experts): TinyExperts(
                  w13_weight: F32 [3, 12, 10]
                  w2_weight: F32 [3, 10, 6]
                )
              )
            )
            """, DescribeExtensions.Outline(model));
    }

    [Fact]
    public void Kernel_layouts_constants_repeats_and_what_may_be_absent_are_shown()
    {
        using var model = new CombinedLayer(new Topology(1, 2));

        Assert.Equal("""
            CombinedLayer on tensor-parallel rank 1 of 2 (
              axes: proj 2 (gate, up), experts 5, groups 3, inter 5 (here 4 and 3 of padding), blocks 2 (here 1), hidden 2, heads 6 (here 3..5), keys 2 (here 1), once 2 (here nothing and 2 of padding)
              weight: F32 [5, 10, 2] "experts (proj inter) hidden", kept as "experts pad((proj inter), 8) hidden", here [5, 8, 2]
                from experts.{0..4}.gate.weight, experts.{0..4}.up.weight [5, 2] "inter hidden", sliced
                or from experts.gate_up [2, 5, 10] "hidden experts (inter proj)" in format "fused", transposed, sliced
              input_scale: F32 [5, 2] "experts proj"
                from experts.{0..4}.input_scale [1] "1", repeated over proj
                1 where none of its tensors is there
              group_scale: F32 [6, 2] "(proj groups) blocks", here [6, 1]
                from group_scale [2, 4] "blocks pad(groups, 4)", repeated over proj, transposed, sliced
              bias: F32 [20] "(q: heads hidden + k: keys hidden + v: keys hidden)", here [10]
                from q_proj.bias [12] "(heads hidden)", into part q, sliced
                from v_proj.bias [4] "(keys hidden)", into part v, sliced
                k is 0.5
              out_bias: F32 [4] "(a: once + b: once)"
                from out.bias [2] "once", into part a, sliced
                b is 3
              extra: F32 [5, 5] "experts inter", here [5, 4]
                from experts.{0..4}.extra [5] "inter", sliced
                then Double replaces it, undone by Halve
            )
            """, model.Describe());
    }

    [Fact]
    public void Arithmetic_of_encodings_is_shown()
    {
        using var model = new EncodedLinear(12, 20);
        var text = model.Describe();
        Assert.Contains("from weight [12, 20] \"out in\", decoded as code * scale, scale from weight_scale, transposed\n", text, StringComparison.Ordinal);
        Assert.Contains("from norm.weight [20] \"in\", decoded as code + 1\n", text, StringComparison.Ordinal);
        Assert.Contains("from rounded [12] \"out\", rounded where it is stored wider\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_conventions_formats_and_ties_are_shown()
    {
        using var tower = new Tower();
        Assert.Contains("names begin with \"language_model.\" in convention \"old\"\n", tower.Describe(), StringComparison.Ordinal);
        Assert.Contains("layers is named \"model.language_model.layers\" in convention \"new\"\n", tower.Describe(), StringComparison.Ordinal);

        using var gguf = new GgufModel(new GgufSizes(2, 4, 6, 6, 2, 2, 4, 8, 0, false));
        Assert.Contains("    from model.layers.{0,1}.input_layernorm.weight [4] \"hidden\"\n      or from blk.{0,1}.attn_norm.weight [4] \"hidden\" in format \"gguf\"\n", gguf.Describe(), StringComparison.Ordinal);
        Assert.Contains("q_norm: F32 [2, 2] \"half pair\", not in this instance\n", gguf.Describe(), StringComparison.Ordinal);

        using var tied = new MaybeTied(tied: true);
        Assert.Contains("lm_head.weight is another name of model.weight\n", tied.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_other_stages_hold_is_shown_apart()
    {
        using var model = new StagedModel(new Topology(0, 1, pipelineRank: 1, pipelineSize: 2));

        Assert.Equal("""
            StagedModel(
              embedding: F32 [3, 2]
              norm: F32 [2]
              (layers.{0,1}): 2 x StagedLayer(
                x: is held by pipeline stage 0, and this is stage 1 of 2
              )
              (layers.{2,3}): 2 x StagedLayer(
                x: F32 [2]
              )
            )
            """, DescribeExtensions.Outline(model));
    }

    [Fact]
    public void Layers_that_are_alike_are_one_wherever_they_stand()
    {
        using var model = new GgufModel(new GgufSizes(4, 4, 6, 6, 2, 2, 4, 8, 3, false), denseLayers: 1);
        var text = DescribeExtensions.Outline(model);
        Assert.Contains("(model.layers.0): GgufLayer(\n", text, StringComparison.Ordinal);
        Assert.Contains("(model.layers.{1..3}): 3 x GgufLayer(\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_post_load_made_is_shown_beside_what_loads_write()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        Assert.Contains("w2_weight: F32 [3, 10, 12] \"experts hidden intermediate\", now F32 [3, 10, 16]\n", scene.Model.Describe(), StringComparison.Ordinal);
        Assert.Contains("w2_weight: F32 [3, 10, 16]\n", DescribeExtensions.Outline(scene.Model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_shown_in_any_state_for_nothing_is_read()
    {
        using var scene = new TinyScene();
        var before = scene.Model.Describe();
        scene.Load(scene.First);
        var loaded = scene.Model.Describe();
        using (var refit = scene.Model.BeginRefit(RefitMode.InPlace))
        {
            refit.Write(scene.Second.First().Key, scene.Second.First().Value);
            Assert.Equal(loaded, scene.Model.Describe());
        }
        Assert.Equal(ModelState.Torn, scene.Model.Parameters.State);
        Assert.Equal(loaded, scene.Model.Describe());
        Assert.NotEqual(before, loaded);
    }

    [Fact]
    public void A_model_without_parameters_yet_is_shown_with_what_is_known()
    {
        using var model = new Unready();
        Assert.Equal("""
            Unready(
              shapes cannot be told: Object reference not set to an instance of an object.
              weight: "out in"
                from weight "out in"
            )
            """, model.InConstructor);
        Assert.Equal("""
            Unready(
              axes: out 4, in 5
              weight: F32 [4, 5] "out in"
                from weight [4, 5] "out in"
              (act): Sequential(
                (first): ReLU()
                (own): Linear(
                  weight: F32 [2, 3], which nothing loads: Linear has no [ParameterModule]
                  bias: F32 [2], which nothing loads: Linear has no [ParameterModule]
                )
              )
            )
            """, model.Describe());
        using var unmade = new Unready(isReady: false);
        Assert.Contains("weight: \"out in\"\n", DescribeExtensions.Outline(unmade), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_below_itself_ends_the_text()
    {
        using var node = new Circular();
        Assert.Equal("""
            Circular(
              (again): Circular(
                what is below cannot be told: the module is above itself
              )
            )
            """, node.Describe());
    }
}
