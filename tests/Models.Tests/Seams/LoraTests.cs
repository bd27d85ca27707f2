using Lanyard.Checkpoints;
using Lanyard.Models.Llama;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Seams;

/// <summary>Adapters as PEFT writes them, and what PEFT computes with them.</summary>
public sealed class LoraTests
{
    private const string Base = "llama3";

    [Theory]
    [InlineData("lora", 1)]
    [InlineData("lora", 2)]
    [InlineData("lora/refit", 1)]
    [InlineData("rslora", 1)]
    [InlineData("rslora", 2)]
    public void Beside_the_base_logits_are_those_of_the_reference(string folder, int ranks) => AssertReference(folder, ranks, "logits", static (model, path) => model.AttachLora(path));

    [Theory]
    [InlineData("lora", 1, false)]
    [InlineData("lora", 2, false)]
    [InlineData("lora", 2, true)]
    [InlineData("lora/refit", 1, true)]
    [InlineData("rslora", 1, false)]
    [InlineData("rslora", 2, true)]
    public void Merged_logits_are_those_of_the_reference(string folder, int ranks, bool isFromFolder) =>
        AssertReference(folder, ranks, "merged.logits", (model, path) => model.MergeLora(path, isFromFolder ? Fixtures.Path(Base) : null));

    [Fact]
    public void An_adapter_is_a_tree_of_its_own_that_is_refitted_and_exported_alone()
    {
        using var model = Model();
        using var lora = model.AttachLora(Adapter("lora"));
        using var checkpoint = Checkpoint.Open(Path.Combine(Adapter("lora/refit"), "adapter_model.safetensors"));
        Assert.Equal(checkpoint.Tensors.Keys.Order(StringComparer.Ordinal), lora.ExpectedTensors().Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        using (var refit = lora.BeginRefit())
        {
            refit.Write(checkpoint);
            refit.Commit();
        }
        using var expected = ExpectedOutputs.Read(Adapter("lora/refit"));
        using var _ = no_grad();
        using var logits = model.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, expected.Logits), 0, 1e-4);
        Assert.True(lora.Checksums().Compare(WeightChecksums.Of(checkpoint, lora.Checksums())).IsProof);
    }

    [Fact]
    public async Task A_refit_of_the_adapter_waits_for_whoever_reads_the_base_and_is_seen_there()
    {
        using var model = Model();
        using var adapter = model.AttachLora(Adapter("lora"));
        using var refit = adapter.BeginRefit(scope: RefitScope.Subset);
        var reading = model.Read();
        Task<LoadReport> commit;
        using (ExecutionContext.SuppressFlow()) commit = Task.Run(refit.Commit);
        await Task.Delay(100);
        Assert.False(commit.IsCompleted);
        reading.Dispose();
        await commit;
        Assert.Equal(reading.Generation + 1, model.Parameters.Generation);
        adapter.Detach();
        Assert.Equal(reading.Generation + 2, model.Parameters.Generation);
    }

    [Fact]
    public void Detached_the_base_computes_what_it_computed()
    {
        using var model = Model();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(Base));
        using var _ = no_grad();
        using var before = model.call(expected.InputIds);
        var generation = model.Parameters.Generation;
        var lora = model.AttachLora(Adapter("lora"));
        Assert.True(lora.IsAttached);
        using (var between = model.call(expected.InputIds)) Assert.False(between.Equals(before));
        lora.Dispose();
        using var after = model.call(expected.InputIds);
        Assert.True(after.Equals(before));
        Assert.True(model.Parameters.Generation >= generation + 2);
    }

    [Fact]
    public void A_refit_of_the_base_leaves_the_adapter_beside_it()
    {
        using var model = Model();
        using var lora = model.AttachLora(Adapter("lora"));
        using (var other = Checkpoint.Open(Fixtures.Path(Base, "refit")))
        using (var refit = model.BeginRefit())
        {
            refit.Write(other);
            refit.Commit();
        }
        using var merged = AutoModel.FromPretrained<LlamaForCausalLM>(Fixtures.Path(Base, "refit"), new PretrainedOptions { Type = ScalarType.Float32 });
        using var merge = merged.MergeLora(Adapter("lora"));
        using var expected = ExpectedOutputs.Read(Fixtures.Path(Base));
        using var _ = no_grad();
        using Tensor beside = model.call(expected.InputIds), within = merged.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(beside, within), 0, 1e-4);
    }

    [Fact]
    public void Checksums_and_exports_of_the_base_know_nothing_of_an_adapter_beside_it()
    {
        using var model = Model(type: ScalarType.BFloat16);
        using var lora = model.AttachLora(Adapter("lora"));
        using var checkpoint = Checkpoint.Open(Fixtures.Path(Base));
        var live = model.Checksums();
        Assert.True(live.Compare(WeightChecksums.Of(checkpoint, live)).IsProof);
        using var folder = new Scratch();
        model.Export(folder.Path);
        using var exported = Checkpoint.Open(folder.Path);
        Assert.True(live.Compare(WeightChecksums.Of(exported, live)).IsProof);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1, false)]
    [InlineData(ScalarType.BFloat16, 1, false)]
    [InlineData(ScalarType.BFloat16, 2, false)]
    [InlineData(ScalarType.BFloat16, 2, true)]
    public void Taken_away_again_the_weights_have_their_old_bits(ScalarType type, int ranks, bool isFromFolder) => InProcessRanks.Run(ranks, 1, (topology, collectives) =>
    {
        using var model = Model(topology, type);
        var before = Bits(model);
        using var merge = model.MergeLora(Adapter("lora"), isFromFolder ? Fixtures.Path(Base) : null);
        Assert.Equal(21, merge.Tensors.Count);
        Assert.NotEqual(before, Bits(model));
        merge.Replace(Adapter("rslora"));
        Assert.Equal(4, merge.Tensors.Count);
        merge.Undo();
        Assert.Empty(merge.Tensors);
        Assert.Equal(before, Bits(model));
        return 0;
    });

    [Fact]
    public void What_replaces_a_merged_adapter_begins_from_the_base()
    {
        using var model = Model();
        using var merge = model.MergeLora(Adapter("lora"));
        merge.Replace(Adapter("lora/refit"));
        using var expected = ExpectedOutputs.Read(Adapter("lora/refit"));
        using var _ = no_grad();
        using var logits = model.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, expected["merged.logits"]), 0, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_base_that_was_refitted_since_is_not_overwritten_with_what_was_kept(bool isFromFolder)
    {
        using var model = Model();
        using var merge = model.MergeLora(Adapter("lora"), isFromFolder ? Fixtures.Path(Base) : null);
        using (var other = Checkpoint.Open(Fixtures.Path(Base, "refit")))
        using (var refit = model.BeginRefit())
        {
            refit.Write(other);
            refit.Commit();
        }
        var before = Bits(model);
        Assert.Contains("is not what was merged", Assert.Throws<ModelStateException>(() => merge.Undo()).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits(model));
    }

    [Theory]
    [InlineData("bias", "bias")]
    [InlineData("dora", "use_dora")]
    [InlineData("rank-pattern", "rank_pattern")]
    [InlineData("saved-modules", "modules_to_save")]
    public void Other_kinds_of_adapters_are_refused_by_name(string folder, string setting)
    {
        using var model = Model();
        foreach (var use in (Action[])[() => model.AttachLora(Adapter("refused/" + folder)), () => model.MergeLora(Adapter("refused/" + folder))])
        {
            var exception = Assert.Throws<LoraException>(use);
            Assert.Equal([setting], exception.Problems.Select(problem => problem.Name));
            Assert.Contains(setting + ": expected ", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Everything_that_is_wrong_with_the_settings_is_listed_at_once()
    {
        using var folder = new Scratch();
        var config = Config(folder, text => text
            .Replace("\"r\": 3", "\"r\": 0", StringComparison.Ordinal)
            .Replace("\"fan_in_fan_out\": false", "\"fan_in_fan_out\": true", StringComparison.Ordinal)
            .Replace("\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa\"", StringComparison.Ordinal)
            .Replace("\"use_dora\": false", "\"use_dora\": true, \"of_the_future\": 1", StringComparison.Ordinal)
            .Replace("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"", StringComparison.Ordinal)
            .Replace("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"q_proj\": 2}", StringComparison.Ordinal));
        using var model = Model();
        Assert.Equal(["alpha_pattern", "fan_in_fan_out", "init_lora_weights", "of_the_future", "peft_type", "r", "use_dora"], Assert.Throws<LoraException>(() => model.AttachLora(config)).Problems.Select(problem => problem.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Modules_that_the_base_has_not_and_tensors_that_do_not_fit_are_listed_together()
    {
        using var folder = new Scratch();
        var config = Config(folder, text => text.Replace("\"q_proj\",", "\"q_proj\", \"c_attn\",", StringComparison.Ordinal).Replace("\"r\": 3", "\"r\": 4", StringComparison.Ordinal));
        using var model = Model();
        var before = Bits(model);
        var exception = Assert.Throws<LoraException>(() => model.AttachLora(config));
        Assert.Contains(exception.Problems, problem => problem is { Name: "target_modules c_attn", Found: "none" });
        Assert.Contains(exception.Problems, problem => problem is { Name: "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight", Expected: "[4, 48]", Found: "[3, 48]" });
        Assert.Equal(43, exception.Problems.Length);
        Assert.Contains("layers.{0..2}.self_attn.q_proj.lora_A.weight", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits(model));
        Assert.All(model.AllParameters(), pair => Assert.Null(pair.Parameter.Adapter));
    }

    [Fact]
    public void An_adapter_of_another_base_is_refused()
    {
        using var model = AutoModel.FromPretrained<Models.Qwen3.Qwen3ForCausalLM>(Fixtures.Path("qwen3"), new PretrainedOptions { Type = ScalarType.Float32 });
        var exception = Assert.Throws<LoraException>(() => model.AttachLora(Adapter("lora")));
        Assert.Contains("expected [3, ", exception.Message, StringComparison.Ordinal);
        Assert.Throws<LoraException>(() => model.MergeLora(Adapter("lora")));
    }

    [Theory]
    [InlineData("""
        "model\\.layers\\.\\d+\\.(self_attn|mlp)\\.(q|k|v|o|gate|up|down)_proj"
        """)]
    [InlineData("""
        "all-linear"
        """)]
    public void Targets_may_be_a_pattern(string target)
    {
        using var folder = new Scratch();
        var config = Config(folder, text => text[..text.IndexOf("\"target_modules\"", StringComparison.Ordinal)] + "\"target_modules\": " + target + text[(text.IndexOf(']', text.IndexOf("\"target_modules\"", StringComparison.Ordinal)) + 1)..]);
        using var model = Model();
        using var lora = model.AttachLora(config);
        Assert.Equal(21, lora.Targets.Count);
    }

    [Fact]
    public void A_second_adapter_beside_the_same_products_is_refused_and_one_within_them_is_not()
    {
        using var model = Model();
        using var lora = model.AttachLora(Adapter("lora"));
        Assert.Contains("without an adapter", Assert.Throws<LoraException>(() => model.AttachLora(Adapter("rslora"))).Message, StringComparison.Ordinal);
        using var merge = model.MergeLora(Adapter("rslora"));
        Assert.Equal(4, merge.Tensors.Count);
    }

    private static string Adapter(string folder) => Fixtures.Path(["llama3-lora", .. folder.Split('/')]);

    private static LlamaForCausalLM Model(Topology? topology = null, ScalarType type = ScalarType.Float32) =>
        AutoModel.FromPretrained<LlamaForCausalLM>(Fixtures.Path(Base), new PretrainedOptions { Topology = topology, Type = type });

    private static void AssertReference(string folder, int ranks, string logits, Func<LlamaForCausalLM, string, IDisposable> use)
    {
        using var expected = ExpectedOutputs.Read(Adapter(folder));
        Assert.All(
            InProcessRanks.Run(ranks, 1, (topology, collectives) =>
            {
                using var _ = no_grad();
                using var model = Model(topology).Join(collectives);
                using var used = use(model, Adapter(folder));
                using var found = model.call(expected.InputIds);
                return ExpectedOutputs.LargestDifference(found, expected[logits]);
            }),
            difference => Assert.InRange(difference, 0, 1e-4));
    }

    private static string Config(Scratch folder, Func<string, string> change)
    {
        File.Copy(Path.Combine(Adapter("lora"), "adapter_model.safetensors"), Path.Combine(folder.Path, "adapter_model.safetensors"));
        File.WriteAllText(Path.Combine(folder.Path, "adapter_config.json"), change(File.ReadAllText(Path.Combine(Adapter("lora"), "adapter_config.json"))));
        return folder.Path;
    }

    private static Dictionary<string, string> Bits(IParameterModule model) => model.AllParameters().ToDictionary(pair => pair.Name, pair => Convert.ToHexString(System.IO.Hashing.XxHash128.Hash(pair.Parameter.Value.cpu().contiguous().bytes)));

    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lanyard-lora-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
