using System.Text.Json.Nodes;
using Lanyard.Models.Llama4;

namespace Lanyard.Models.Tests.Llama4;

public class Llama4ConfigTests
{
    [Fact]
    public void A_flat_file_is_read()
    {
        var config = Llama4Config.Parse(Configs.Flat().ToJsonString());

        Assert.Equal((17, 12, 10, 14), (config.VocabSize, config.HiddenSize, config.IntermediateSize, config.IntermediateSizeMlp));
        Assert.Equal((4, 2, 6), (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim));
        Assert.Equal((5, 2), (config.NumLocalExperts, config.NumExpertsPerTok));
        Assert.Equal((1e-5, 10000.0), (config.RmsNormEps, config.RopeTheta));
        Assert.Equal(new Llama4RopeScaling(8, 1, 4, 32), config.RopeScaling);
        Assert.Equal((true, 16, true, 8, 0.25), (config.UseQkNorm, config.AttentionChunkSize, config.AttnTemperatureTuning, config.FloorScale, config.AttnScale));
        Assert.Equal(512, config.MaxPositionEmbeddings);
        Assert.Equal<Llama4LayerConfig>([new(true, true, false), new(true, true, true), new(true, true, false), new(false, false, true)], config.Layers);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Configs.Flat().ToJsonString() + new string(' ', 9_000_000));
            Assert.Equal(12, Llama4Config.FromFile(path).HiddenSize);
            File.AppendAllText(path, new string(' ', 1_000_000));
            Assert.Contains("more than the 10000000 bytes allowed", Assert.Throws<ConfigException>(() => Llama4Config.FromFile(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_text_config_is_read_like_a_flat_file()
    {
        var flat = Llama4Config.Parse(Configs.Flat().ToJsonString());
        var nested = Llama4Config.Parse(Configs.Nested().ToJsonString());

        Assert.Equal<Llama4LayerConfig>(flat.Layers, nested.Layers);
        Assert.Equal(flat with { Layers = nested.Layers }, nested);
    }

    [Fact]
    public void Keys_that_decide_no_shape_have_defaults()
    {
        var config = Configs.With(json =>
        {
            foreach (var key in new[]
            {
                "model_type", "hidden_act", "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "tie_word_embeddings", "attention_bias",
                "interleave_moe_layer_step", "use_qk_norm", "attention_chunk_size", "attn_temperature_tuning", "floor_scale", "attn_scale", "no_rope_layers",
            })
                json.Remove(key);
        });

        Assert.Equal((131072, 1e-5, 500000.0), (config.MaxPositionEmbeddings, config.RmsNormEps, config.RopeTheta));
        Assert.Null(config.RopeScaling);
        Assert.Equal((true, 8192, true, 8192, 0.1), (config.UseQkNorm, config.AttentionChunkSize, config.AttnTemperatureTuning, config.FloorScale, config.AttnScale));
        Assert.Equal<Llama4LayerConfig>([new(true, true, true), new(true, true, true), new(true, true, true), new(false, false, true)], config.Layers);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public void Every_fourth_layer_goes_without_rotation_where_the_list_is_empty(string list)
    {
        var config = Configs.With(json => (json["no_rope_layers"], json["num_hidden_layers"]) = (JsonNode.Parse(list), 9));

        Assert.Equal([3, 7], Enumerable.Range(0, 9).Where(i => !config.Layers[i].UsesRope));
        Assert.Equal([3, 7], Enumerable.Range(0, 9).Where(i => !config.Layers[i].IsChunked));
    }

    [Fact]
    public void Another_interval_is_used()
    {
        var config = Configs.With(json => (json["no_rope_layers"], json["no_rope_layer_interval"]) = (null, 2));

        Assert.Equal([1, 3], Enumerable.Range(0, 4).Where(i => !config.Layers[i].UsesRope));
    }

    [Fact]
    public void A_list_of_mixtures_overrides_the_step()
    {
        Assert.Equal([true, false, false, true], Configs.With(json => json["moe_layers"] = new JsonArray(3, 0)).Layers.Select(layer => layer.IsMoe));
        Assert.DoesNotContain(Configs.With(json => json["moe_layers"] = new JsonArray()).Layers, layer => layer.IsMoe);
    }

    [Fact]
    public void Layer_types_override_what_the_rotation_says()
    {
        var config = Configs.With(json => json["layer_types"] = new JsonArray("full_attention", "chunked_attention", "full_attention", "chunked_attention"));

        Assert.Equal([false, true, false, true], config.Layers.Select(layer => layer.IsChunked));
        Assert.Equal([true, true, true, false], config.Layers.Select(layer => layer.UsesRope));
    }

    [Fact]
    public void Null_stands_for_what_transformers_makes_of_it()
    {
        var config = Configs.With(json =>
        {
            (json["num_key_value_heads"], json["head_dim"], json["hidden_size"]) = (null, null, 32);
            (json["attention_chunk_size"], json["no_rope_layers"]) = (null, new JsonArray(0, 0, 0, 0));
        });

        Assert.Equal((4, 8), (config.NumKeyValueHeads, config.HeadDim));
        Assert.Null(config.AttentionChunkSize);
    }

    [Fact]
    public void A_number_stands_for_a_flag_as_in_early_files()
    {
        Assert.True(Configs.With(json => json["attn_temperature_tuning"] = 4).AttnTemperatureTuning);
        Assert.False(Configs.With(json => json["attn_temperature_tuning"] = 0).AttnTemperatureTuning);
    }

    [Fact]
    public void Newer_files_hold_the_whole_rotation_in_rope_parameters()
    {
        var config = Configs.With(json =>
        {
            var rope = json["rope_scaling"]!.DeepClone();
            rope["rope_theta"] = 20000.0;
            json.Remove("rope_scaling");
            json.Remove("rope_theta");
            json["rope_parameters"] = rope;
        });

        Assert.Equal(20000.0, config.RopeTheta);
        Assert.Equal(new Llama4RopeScaling(8, 1, 4, 32), config.RopeScaling);
    }

    [Theory]
    [InlineData("""null""")]
    [InlineData("""{ "rope_type": "default" }""")]
    [InlineData("""{ "type": "default" }""")]
    [InlineData("""{}""")]
    public void Rotation_may_be_unscaled(string scaling) =>
        Assert.Null(Configs.With(json => json["rope_scaling"] = JsonNode.Parse(scaling)).RopeScaling);

    [Fact]
    public void The_original_length_defaults_to_the_longest() =>
        Assert.Equal(512, Configs.With(json => json["rope_scaling"]!.AsObject().Remove("original_max_position_embeddings")).RopeScaling!.OriginalMaxPositionEmbeddings);

    [Fact]
    public void Everything_that_is_wrong_is_listed_at_once()
    {
        var json = Configs.Nested();
        var text = json["text_config"]!.AsObject();
        text.Remove("hidden_size");
        text.Remove("num_local_experts");
        text["vocab_size"] = "many";
        text["intermediate_size"] = 2.5;
        text["intermediate_size_mlp"] = -3;
        text["num_attention_heads"] = 3;
        text["head_dim"] = 7;
        text["rope_scaling"]!["rope_type"] = "yarn";
        text["no_rope_layers"] = new JsonArray(1, 0);
        text["hidden_act"] = "gelu";
        text["attention_bias"] = true;
        json["tie_word_embeddings"] = true;

        var exception = Assert.Throws<ConfigException>(() => Llama4Config.Parse(json.ToJsonString(), "some/config.json"));

        Assert.Equal("some/config.json", exception.ConfigSource);
        Assert.StartsWith("some/config.json cannot be used:", exception.Message);
        Assert.All(exception.Problems, problem => Assert.Contains(problem, exception.Message));
        Assert.Equal(
            [
                "text_config.attention_bias is true: biases of attention are not supported",
                "text_config.head_dim is 7: rotation needs pairs, so an even number",
                "text_config.hidden_act is \"gelu\": only silu is supported",
                "text_config.hidden_size is missing",
                "text_config.intermediate_size is 2.5, not a whole number",
                "text_config.intermediate_size_mlp is -3, not positive",
                "text_config.no_rope_layers has 2 items for 4 layers",
                "text_config.num_attention_heads is 3, not a multiple of num_key_value_heads, 2",
                "text_config.num_local_experts is missing",
                "text_config.rope_scaling.rope_type is \"yarn\": only llama3 and default are supported",
                "text_config.vocab_size is \"many\", not a whole number",
                "tie_word_embeddings is true: tied embeddings are not supported yet",
            ],
            exception.Problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_empty_file_names_every_required_key()
    {
        var exception = Assert.Throws<ConfigException>(() => Llama4Config.Parse("{}"));

        Assert.Equal(
            [
                "head_dim", "hidden_size", "intermediate_size", "intermediate_size_mlp", "num_attention_heads", "num_experts_per_tok", "num_hidden_layers",
                "num_key_value_heads", "num_local_experts", "vocab_size",
            ],
            exception.Problems.Select(problem => problem.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(exception.Problems, problem => Assert.EndsWith(" is missing", problem));
    }

    [Theory]
    [InlineData("tie_word_embeddings", "true")]
    [InlineData("partial_rotary_factor", "0.5")]
    [InlineData("is_causal", "false")]
    [InlineData("layer_types", """["sliding_attention", "full_attention", "full_attention", "full_attention"]""")]
    [InlineData("layer_types", """["full_attention"]""")]
    [InlineData("moe_layers", "[-1]")]
    [InlineData("moe_layers", """["first"]""")]
    [InlineData("no_rope_layers", "[1, 1, 1, \"no\"]")]
    [InlineData("interleave_moe_layer_step", "0")]
    [InlineData("no_rope_layer_interval", "0")]
    [InlineData("num_hidden_layers", "0")]
    [InlineData("num_experts_per_tok", "6")]
    [InlineData("attention_chunk_size", "0")]
    [InlineData("attention_chunk_size", "null")]
    [InlineData("rms_norm_eps", "0")]
    [InlineData("rms_norm_eps", "\"1e-5\"")]
    [InlineData("use_qk_norm", "\"yes\"")]
    [InlineData("floor_scale", "0")]
    [InlineData("model_type", "\"llama\"")]
    [InlineData("model_type", "\"llama4\"")]
    [InlineData("rope_scaling", "[]")]
    [InlineData("rope_scaling", """{ "rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 1 }""")]
    public void One_wrong_value_is_one_problem_that_begins_with_its_key(string key, string value)
    {
        var problem = Assert.Single(Configs.ProblemsWith(json => json[key] = JsonNode.Parse(value)));

        Assert.StartsWith($"{key} ", problem);
    }

    [Fact]
    public void A_rotation_for_each_type_of_layer_is_refused()
    {
        var problem = Assert.Single(Configs.ProblemsWith(json => json["rope_scaling"] = new JsonObject { ["full_attention"] = new JsonObject() }));

        Assert.StartsWith("rope_scaling.full_attention ", problem);
    }

    [Fact]
    public void Missing_numbers_of_the_scaling_are_listed()
    {
        var problems = Configs.ProblemsWith(json => json["rope_scaling"] = new JsonObject { ["rope_type"] = "llama3" });

        Assert.Equal(["rope_scaling.factor is missing", "rope_scaling.high_freq_factor is missing", "rope_scaling.low_freq_factor is missing"], problems.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"hidden_size\": 1, \"hidden_size\": 2 }")]
    public void What_is_no_object_is_refused_with_the_file(string json)
    {
        var exception = Assert.Throws<ConfigException>(() => Llama4Config.Parse(json, "some/config.json"));

        Assert.StartsWith("some/config.json ", exception.Message);
        Assert.Single(exception.Problems);
    }

    [Theory]
    [InlineData("""{ "\udc00": 1 }""", "it is not JSON: ")]
    [InlineData("""{ "hidden_act": "\ud800" }""", "hidden_act is \"\\ud800\", not a text")]
    [InlineData("""{ "layer_types": ["\ud800"] }""", "layer_types is [\"\\ud800\"], not a list of texts")]
    [InlineData("""{ "hidden_act": "a\u0007b\nc" }""", "hidden_act is \"a\\u0007b c\": only silu is supported")]
    [InlineData("""{ "num_hidden_layers": 2147483647 }""", "num_hidden_layers is 2147483647, more than 10000")]
    [InlineData("""{ "num_local_experts": 2147483647 }""", "num_local_experts is 2147483647, more than 10000")]
    public void What_cannot_be_read_or_printed_is_a_problem_like_any_other(string json, string problem)
    {
        var exception = Assert.Throws<ConfigException>(() => Llama4Config.Parse(json));

        Assert.Contains(exception.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(exception.Problems, found => found.Any(char.IsControl));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_with_its_name()
    {
        var directory = Directory.CreateTempSubdirectory("lanyard-config-");
        try
        {
            var path = Path.Combine(directory.FullName, "config.json");
            Assert.StartsWith($"{path} cannot be used:", Assert.Throws<ConfigException>(() => Llama4Config.Load(directory.FullName)).Message);
            Directory.CreateDirectory(path);
            Assert.StartsWith($"{path} cannot be used:", Assert.Throws<ConfigException>(() => Llama4Config.Load(directory.FullName)).Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_configuration_written_in_code_is_checked_by_the_model()
    {
        var config = Configs.With(_ => { }) with { NumKeyValueHeads = 3, NumExpertsPerTok = 9 };

        var exception = Assert.Throws<ConfigException>(() => new Llama4ForCausalLM(config));

        Assert.Equal(2, exception.Problems.Count);
    }
}
