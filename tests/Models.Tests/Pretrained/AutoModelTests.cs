using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;
using Lanyard.Models.Qwen2;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Pretrained;

/// <summary>From a folder to a loaded model in one call; the table of families is the one that was written into this program.</summary>
public sealed class AutoModelTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("qwen2", typeof(Qwen2ForCausalLM))]
    [InlineData("qwen2-tied", typeof(Qwen2ForCausalLM))]
    [InlineData("llama4", typeof(Llama4ForCausalLM))]
    [InlineData("llama4-per-expert", typeof(Llama4ForCausalLM))]
    [InlineData("llama4-published", typeof(Llama4ForCausalLM))]
    public void A_folder_becomes_the_model_that_its_configuration_names(string form, Type expected)
    {
        var told = new List<LoadProgress>();
        using var model = AutoModel.FromPretrained(Fixtures.Path(form), new PretrainedOptions { Progress = new Told(told) }, out var report);
        Assert.IsType(expected, model, exactMatch: true);
        Assert.NotEmpty(told);
        Assert.True(report.Bytes > 0);
        if (!File.Exists(Fixtures.Path(form, "expected.safetensors"))) return;
        using var reference = ExpectedOutputs.Read(Fixtures.Path(form));
        using var _ = no_grad();
        using var logits = model.call(reference.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, reference.Logits), 0, Tolerance);
    }

    [Theory]
    [InlineData("bfloat16", null, ScalarType.BFloat16)]
    [InlineData("torch.float32", null, ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.Float32, ScalarType.Float32)]
    [InlineData("auto", null, ScalarType.Float32)]
    [InlineData(null, ScalarType.BFloat16, ScalarType.BFloat16)]
    public void The_type_is_that_of_the_configuration_unless_the_caller_says_another(string? configured, ScalarType? said, ScalarType expected)
    {
        foreach (var key in new[] { "dtype", "torch_dtype" })
        {
            using var model = AutoModel.FromPretrained<Qwen2ForCausalLM>(Copy("qwen2", config => config[key] = configured), new PretrainedOptions { Type = said });
            Assert.Equal(expected, ((RmsNorm)model.Model.Norm).Weight.dtype);
        }
    }

    [Fact]
    public void Rank_and_options_reach_the_whole_tree_and_the_load()
    {
        var topology = new Topology(tensorRank: 1, tensorSize: 2);
        using var model = AutoModel.FromPretrained<Qwen2ForCausalLM>(Fixtures.Path("qwen2"), new PretrainedOptions { Topology = topology });
        Assert.Equal(topology, Assert.IsType<GatedMlp>(model.Model.Layers[0].Mlp).Parameters.Topology);
        using var whole = AutoModel.FromPretrained<Qwen2ForCausalLM>(Fixtures.Path("qwen2"));
        Assert.Equal(Inputs(whole), 2 * Inputs(model));
        static long Inputs(Qwen2ForCausalLM of) => Assert.IsType<GroupedAttention>(of.Model.Layers[0].SelfAttn).OWeight.shape[1];


        var missing = Assert.Throws<LoadException>(() => AutoModel.FromPretrained(Fixtures.Path("qwen2"), new PretrainedOptions { Load = new LoadOptions { Names = new NameMapping { Ignore = ["model.norm.weight"] } } }));
        Assert.Contains("model.norm.weight", missing.Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => AutoModel.FromPretrained(Fixtures.Path("qwen2"), cancellationToken: cancelled.Token));
    }

    [Theory]
    [InlineData("\"model_type\": \"bert\", \"architectures\": [\"BertModel\"]", "model_type is \"bert\", architectures is [\"BertModel\"], which no family runs that the program knows: ")]
    [InlineData("\"architectures\": [\"Qwen2ForSequenceClassification\"]", "architectures is [\"Qwen2ForSequenceClassification\"], and Lanyard.Models.Qwen2.Qwen2ForCausalLM runs that model type as Qwen2ForCausalLM alone. If it is that, AutoModel.FromPretrained<Qwen2ForCausalLM> loads it so.")]
    [InlineData("\"architectures\": null, \"model_type\": null", "it has neither model_type nor architectures")]
    [InlineData("\"dtype\": \"float8_e4m3fn\"", "dtype is float8_e4m3fn, none of")]
    [InlineData("\"architectures\": \"Qwen2ForSequenceClassification\"", "architectures is no list of texts")]
    [InlineData("\"model_type\": [\"bert\"]", "model_type is [\"bert\"], not a text")]
    public void What_no_family_is_for_is_refused_with_what_there_is(string changed, string message)
    {
        var exception = Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained(Copy("qwen2", config => Change(config, changed))));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("config.json", exception.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_type_decides_where_nothing_else_is_said()
    {
        using var model = AutoModel.FromPretrained(Copy("qwen2", config => config.Remove("architectures")));
        Assert.IsType<Qwen2ForCausalLM>(model);
    }

    [Fact]
    public void What_the_family_refuses_it_says_itself() =>
        Assert.Contains("use_sliding_window is true", Assert.Throws<ConfigException>(() => AutoModel.FromPretrained(Copy("qwen2", config => config["use_sliding_window"] = true))).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_configuration_or_with_a_pointer_to_one_it_is_said_what_is_missing()
    {
        var folder = Copy("qwen2", static _ => { });
        File.WriteAllText(Path.Combine(folder, "config.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n");
        Assert.Contains("Git LFS", Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained(folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "config.json"));
        Assert.Contains("there is no config.json beside the tensors", Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_the_checkpoint_with_the_configuration_beside_it()
    {
        using var model = AutoModel.FromPretrained(Fixtures.Path("qwen2", "model.safetensors"));
        Assert.IsType<Qwen2ForCausalLM>(model);
    }

    private static void Change(JsonObject config, string changed)
    {
        foreach (var (key, value) in JsonNode.Parse($"{{{changed}}}")!.AsObject()) config[key] = value?.DeepClone();
    }

    private string Copy(string form, Action<JsonObject> change)
    {
        var folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString()).FullName;
        var config = JsonNode.Parse(File.ReadAllText(Fixtures.Path(form, "config.json")))!.AsObject();
        change(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        File.Copy(Fixtures.Path(form, "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        return folder;
    }

    private sealed class Told(List<LoadProgress> told) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            lock (told) told.Add(value);
        }
    }
}
