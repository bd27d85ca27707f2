using Lanyard.Checkpoints;
using Lanyard.Models.GptOss;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using Lanyard.Models.Llama4;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine puts modules of its own in the place of a family's, which it cannot edit.</summary>
public sealed class ExchangeTests
{
    [Theory]
    [InlineData("qwen3-moe", 1, 1)]
    [InlineData("qwen3-moe", 2, 1)]
    [InlineData("qwen3-moe", 1, 2)]
    [InlineData("llama4", 1, 1)]
    [InlineData("llama4", 2, 1)]
    [InlineData("llama4", 1, 2)]
    [InlineData("llama4-per-expert", 2, 1)]
    public void Own_experts_are_loaded_as_stored_and_kept_as_bytes(string family, int tensorRanks, int expertRanks)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path(family == "llama4-per-expert" ? "llama4" : family));
        using var reference = Rounded(family, name => !name.Contains(".experts.", StringComparison.Ordinal) ? 0 : name.Contains("down_proj", StringComparison.Ordinal) ? tensorRanks : 1);
        using var _ = no_grad();
        using var logits = reference.call(expected.InputIds);
        Assert.True(ExpectedOutputs.LargestDifference(logits, expected.Logits) > 1e-3);
        var differences = InProcessRanks.Run(tensorRanks, expertRanks, (topology, collectives) =>
        {
            using var _ = no_grad();
            using var model = Quantised(family, topology);
            Assert.Contains(Tree(model).AllParameters(), pair => pair.Name.EndsWith("experts.w13_weight", StringComparison.Ordinal) && pair.Parameter.Value.dtype == ScalarType.Int8);
            Tree(model).Join(collectives);
            using var own = model.call(expected.InputIds);
            return ExpectedOutputs.LargestDifference(own, logits);
        });
        Assert.All(differences, difference => Assert.InRange(difference, 0, 1e-4));
    }

    [Theory]
    [InlineData("qwen3-moe", RefitMode.Staged, 1)]
    [InlineData("qwen3-moe", RefitMode.InPlace, 2)]
    [InlineData("llama4", RefitMode.Staged, 2)]
    [InlineData("llama4", RefitMode.InPlace, 1)]
    public void A_refit_quantises_again_into_the_same_memory(string family, RefitMode mode, int ranks) => InProcessRanks.Run(ranks, 1, (topology, _) =>
    {
        using var model = Quantised(family, topology);
        var addresses = Tree(model).AllParameters().Select(pair => TensorAddress.Of(pair.Parameter.Value)).ToList();
        using (var refit = Tree(model).BeginRefit(mode))
        {
            using var checkpoint = Checkpoint.Open(Fixtures.Path(family, "refit"));
            refit.Write(checkpoint);
            refit.Commit();
        }
        Assert.Equal(addresses, Tree(model).AllParameters().Select(pair => TensorAddress.Of(pair.Parameter.Value)));
        using var fresh = Quantised(family, topology, "refit");
        Assert.Equal(Values(fresh), Values(model));
        return 0;
    });

    [Theory]
    [InlineData("qwen3-moe")]
    [InlineData("llama4")]
    public void What_cannot_be_proven_of_bytes_is_said_and_the_rest_is(string family)
    {
        using var model = Quantised(family, Topology.Single);
        using var checkpoint = Checkpoint.Open(Fixtures.Path(family));
        var live = Tree(model).Checksums();
        var report = live.Compare(WeightChecksums.Of(checkpoint, live));
        Assert.False(report.HasDifferences);
        Assert.NotEmpty(report.Unverifiable);
        Assert.All(report.Unverifiable, slot => Assert.Contains(".experts.", slot.Tensor, StringComparison.Ordinal));
        Assert.True(report.Agreeing > 10);
    }

    [Fact]
    public void A_class_that_derives_from_the_familys_own_has_its_map_and_its_adapters()
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama3-lora", "lora"));
        using var model = AutoModel.FromPretrained<LlamaForCausalLM>(Fixtures.Path("llama3"), new PretrainedOptions
        {
            Type = ScalarType.Float32,
            Exchange = (path, child) => child is GroupedAttention attention && path != "model.layers.1.self_attn" ? new CountedAttention(attention) : null,
        });
        using var _ = no_grad();
        using var lora = model.AttachLora(Fixtures.Path("llama3-lora", "lora"));
        using var logits = model.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, expected.Logits), 0, 1e-4);
        Assert.Equal([1, 0, 1], model.Model.Layers.Select(layer => (layer.SelfAttn as CountedAttention)?.Calls ?? 0));
    }

    [Fact]
    public void Own_norms_and_linears_fit()
    {
        var made = new List<nn.Module>();
        using var expected = ExpectedOutputs.Read(Fixtures.Path("gpt-oss"));
        using var model = AutoModel.FromPretrained<GptOssForCausalLM>(Fixtures.Path("gpt-oss"), new PretrainedOptions
        {
            Type = ScalarType.Float32,
            Exchange = (_, child) => Made(child switch
            {
                RmsNorm norm => new OwnNorm(norm),
                ReplicatedLinear linear => new OwnLinear(linear.In, linear.Out, linear.HasBias),
                _ => null,
            }),
        });
        using var _ = no_grad();
        using var logits = model.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, expected.Logits), 0, 1e-4);
        Assert.Contains(made, module => module is OwnLinear);
        Assert.All(made, module => Assert.Equal(1, (module as OwnNorm)?.Calls ?? ((OwnLinear)module).Calls));

        nn.Module? Made(nn.Module? own)
        {
            if (own is not null) made.Add(own);
            return own;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_adapter_stands_beside_weights_that_are_kept_as_bytes(int ranks)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama3-lora", "lora"));
        var adapter = Fixtures.Path("llama3-lora", "lora");
        using var reference = Rounded("llama3", name => name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("k_proj", StringComparison.Ordinal) || name.Contains("v_proj", StringComparison.Ordinal) ? 1 : 0);
        using var beside = Tree(reference).AttachLora(adapter);
        using var _ = no_grad();
        using var logits = reference.call(expected.InputIds);
        var differences = InProcessRanks.Run(ranks, 1, (topology, collectives) =>
        {
            using var _ = no_grad();
            using var model = AutoModel.FromPretrained<LlamaForCausalLM>(Fixtures.Path("llama3"), new PretrainedOptions
            {
                Type = ScalarType.Float32,
                Topology = topology,
                Exchange = (_, child) => child is GroupedAttention attention ? new Int8Attention(attention) : null,
            }).Join(collectives);
            using var lora = model.AttachLora(adapter);
            using var own = model.call(expected.InputIds);
            lora.Detach();

            // Of bytes nothing leads back to what was stored: it is asked for, and then the refit quantises what was merged.
            var refused = Assert.Throws<LoraException>(() => model.MergeLora(adapter));
            Assert.Equal(9, refused.Problems.Length);
            Assert.Contains("Quantise made of it", refused.Message, StringComparison.Ordinal);
            var before = Values(model);
            using var merge = model.MergeLora(adapter, Fixtures.Path("llama3"));
            using var merged = model.call(expected.InputIds);
            Assert.InRange((merged - expected["merged.logits"]).abs().mean().ToDouble(), 1e-4, 0.1);
            merge.Undo();
            Assert.Equal(before, Values(model));
            return ExpectedOutputs.LargestDifference(own, logits);
        });
        Assert.All(differences, difference => Assert.InRange(difference, 0, 1e-4));
    }

    [Fact]
    public void Items_of_lists_are_exchanged_where_the_list_can_be_written()
    {
        using var tower = new Tower();
        tower.Exchange((path, _) => path is "blocks.5" or "array.2" or "listed.0" or "one" ? new OwnStone() : null);
        Assert.IsType<OwnStone>(tower.Layers[1]);
        Assert.IsNotType<OwnStone>(tower.Layers[0]);
        Assert.IsType<OwnStone>(tower.Array[2]);
        Assert.IsType<OwnStone>(tower.Listed[0]);
        Assert.IsType<OwnStone>(tower.One);
        Assert.Equal(10, tower.AllParameters().Count());
        Assert.Equal(10, tower.InitialisedByHand().parameters().Count());
    }

    [Fact]
    public void Everything_that_cannot_be_exchanged_is_listed_and_nothing_is_changed()
    {
        using var tower = new Tower();
        var one = Tower.Stone();
        var exception = Assert.Throws<ExchangeException>(() => tower.Exchange((path, _) => path switch
        {
            "fixed.0" or "read_only.0" or "between.0" => new OwnStone(),
            "only" => Tower.Stone(),
            "blocks.4" or "listed.0" => one,
            "one" => new OwnStone(),
            _ => null,
        }));
        Assert.Equal(["between.0", "fixed.0", "listed.0", "only", "read_only.0"], exception.Problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
        Assert.Contains("only: expected a OwnStone, found a ReplicatedLinear", exception.Message, StringComparison.Ordinal);
        Assert.Contains("fixed.0: expected Tower.Fixed to have a setter", exception.Message, StringComparison.Ordinal);
        Assert.Contains("which is \"blocks.4\", too", exception.Message, StringComparison.Ordinal);
        Assert.IsNotType<OwnStone>(tower.One);
        Assert.NotSame(one, tower.Layers[0]);
    }

    [Fact]
    public void After_a_load_nothing_is_exchanged()
    {
        using var model = Quantised("qwen3-moe", Topology.Single);
        Assert.Contains("loaded already", Assert.Throws<ModelStateException>(() => Tree(model).Exchange((_, _) => null)).Message, StringComparison.Ordinal);
        using var other = Qwen3MoeForCausalLM.FromConfig(PretrainedConfig.Read(Fixtures.Path("qwen3-moe")));
        var loaded = ((SparseMoe)((Qwen3MoeForCausalLM)model).Model.Layers[1].Mlp).Experts;
        Assert.Contains("expected a module that was never loaded", Assert.Throws<ExchangeException>(() => other.Exchange((_, child) => child is RoutedExperts ? loaded : null)).Message, StringComparison.Ordinal);
    }

    private static nn.Module<Tensor, Tensor> Quantised(string family, Topology topology, string folder = "")
    {
        var options = new PretrainedOptions
        {
            Type = ScalarType.Float32,
            Topology = topology,
            Exchange = (_, child) => child switch
            {
                RoutedExperts experts => new Int8RoutedExperts(experts),
                Llama4Experts experts => new Int8Llama4Experts(experts),
                _ => null,
            },
        };
        var path = Fixtures.Path(family, folder);
        return family == "qwen3-moe" ? AutoModel.FromPretrained<Qwen3MoeForCausalLM>(path, options) : AutoModel.FromPretrained<Llama4ForCausalLM>(path, options);
    }

    /// <summary>The family's own classes, with weights that bytes hold: the rows of some tensors, in as many parts each as the function says, are rounded.</summary>
    private static nn.Module<Tensor, Tensor> Rounded(string family, Func<string, int> parts)
    {
        var model = (nn.Module<Tensor, Tensor>)AutoModel.FromPretrained(Fixtures.Path(family), new PretrainedOptions { Type = ScalarType.Float32 });
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(Fixtures.Path(family));
        using var refit = Tree(model).BeginRefit();
        foreach (var name in checkpoint.Tensors.Keys)
        {
            // Where experts are in one tensor, it has their rows last.
            var isFused = family == "llama4" && name.Contains(".experts.", StringComparison.Ordinal);
            var stored = checkpoint[name].to(ScalarType.Float32);
            var rows = isFused ? stored.transpose(1, 2) : stored;
            var rounded = parts(name) is > 0 and var count ? cat([.. rows.chunk(count, dim: -1).Select(Round)], -1) : rows;
            refit.Write(name, isFused ? rounded.transpose(1, 2) : rounded);
        }
        refit.Commit();
        return model;

        static Tensor Round(Tensor rows)
        {
            var (codes, scales) = Int8Rows.Of(rows);
            return codes.to(ScalarType.Float32) * scales;
        }
    }

    private static IParameterModule Tree(nn.Module model) => (IParameterModule)model;

    private static Dictionary<string, string> Values(nn.Module model) => Tree(model).AllParameters().ToDictionary(pair => pair.Name, pair => Convert.ToHexString(System.IO.Hashing.XxHash128.Hash(pair.Parameter.Value.cpu().contiguous().bytes)));
}
