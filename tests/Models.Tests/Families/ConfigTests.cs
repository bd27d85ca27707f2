using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Gemma4;
using Lanyard.Models.GptOss;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using Lanyard.Models.MiniMaxM2;
using Lanyard.Models.Mixtral;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen35;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Tests;

namespace Lanyard.Models.Tests.Families;

/// <summary>What a forward pass would compute otherwise is refused, with the key.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("\"model_type\": \"qwen3\"", "model_type is \"qwen3\", not qwen2")]
    [InlineData("\"use_sliding_window\": true", "use_sliding_window is true")]
    [InlineData("\"layer_types\": [\"sliding_attention\"]", "layer_types holds \"sliding_attention\"")]
    [InlineData("\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "rope_parameters.partial_rotary_factor is not 1")]
    [InlineData("\"partial_rotary_factor\": 0.5", "partial_rotary_factor is not 1")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {}}", "rope_parameters.full_attention is an object")]
    [InlineData("\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\"")]
    [InlineData("\"mlp_bias\": true", "mlp_bias is true")]
    [InlineData("\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4}", "rope_scaling.type is \"dynamic\"")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 4}", "rope_scaling.low_freq_factor is missing")]
    [InlineData("\"num_key_value_heads\": 4", "num_attention_heads is 6, not a multiple")]
    [InlineData("\"head_dim\": 11", "head_dim is 11")]
    [InlineData("\"hidden_size\": 61", "hidden_size is 61, which 6 heads do not divide")]
    [InlineData("\"vocab_size\": null", "vocab_size is missing")]
    [InlineData("\"is_causal\": false", "is_causal is false")]
    [InlineData("\"rope_scaling\": {\"partial_rotary_factor\": 0.5}", "rope_scaling.partial_rotary_factor is not 1")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}, \"rope_parameters\": {\"rope_type\": \"default\"}", "rope_scaling stands beside rope_parameters")]
    [InlineData("\"original_max_position_embeddings\": 64, \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 32}", "rope_scaling.original_max_position_embeddings is not the 64")]
    [InlineData("\"max_position_embeddings\": null, \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}", "rope_scaling.original_max_position_embeddings is missing")]
    public void Of_layers_with_feed_forward_blocks(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen2ForCausalLM.FromConfig(With("qwen2", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"num_experts_per_tok\": 8", "num_experts_per_tok is 8, more than the 7 experts")]
    [InlineData("\"decoder_sparse_step\": 0", "decoder_sparse_step is 0")]
    [InlineData("\"moe_intermediate_size\": 0", "moe_intermediate_size is 0")]
    public void Of_mixtures(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen3MoeForCausalLM.FromConfig(With("qwen3-moe", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"qk_norm_type\": \"per_head\"", "qk_norm_type is \"per_head\"")]
    [InlineData("\"scoring_func\": \"softmax\"", "scoring_func is \"softmax\"")]
    [InlineData("\"rotary_dim\": 40", "rotary_dim is 40 of heads of 20")]
    [InlineData("\"shared_intermediate_size\": 8", "shared_intermediate_size is not 0")]
    [InlineData("\"attn_type_list\": [1, 0, 1]", "attn_type_list holds something else than 1")]
    [InlineData("\"partial_rotary_factor\": 0.5", "rotary_dim or partial_rotary_factor say different things: 12, 10")]
    [InlineData("\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "rotary_dim or partial_rotary_factor say different things: 12, 10")]
    [InlineData("\"rotary_dim\": null, \"partial_rotary_factor\": 0.55, \"rope_parameters\": {\"rope_theta\": 10000}", "rotary_dim is 11 of heads of 20")]
    public void Of_wide_norms(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => MiniMaxM2ForCausalLM.FromConfig(With("minimax-m2", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"layer_types\": [\"full_attention\"]", "layer_types has 1 items for 2 layers")]
    [InlineData("\"layer_types\": [\"full_attention\", \"linear\"]", "layer_types holds \"linear\"")]
    [InlineData("\"sliding_window\": 0", "sliding_window is 0")]
    public void Of_windows(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => GptOssForCausalLM.FromConfig(With("gpt-oss", changed))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_step_makes_every_other_layer_dense()
    {
        var config = Qwen3MoeForCausalLM.FromConfig(With("qwen3-moe", "\"decoder_sparse_step\": 2, \"mlp_only_layers\": []"));
        Assert.Equal([typeof(GatedMlp), typeof(SparseMoe), typeof(GatedMlp)], config.Model.Layers.Select(layer => layer.Mlp.GetType()));
    }

    /// <summary>What a file leaves out is not the same in each family. The numbers are those of transformers' classes.</summary>
    [Theory]
    [InlineData("llama3", 10_000, 1e-6)]
    [InlineData("qwen2", 10_000, 1e-6)]
    [InlineData("qwen3-moe", 10_000, 1e-6)]
    [InlineData("mixtral", 1_000_000, 1e-5)]
    [InlineData("gpt-oss", 150_000, 1e-5)]
    public void What_is_left_out_is_what_the_family_has_in_transformers(string form, double theta, double eps)
    {
        var config = With(form, "\"rope_theta\": null, \"rope_parameters\": null, \"rope_scaling\": null, \"rms_norm_eps\": null");
        var read = form switch
        {
            "llama3" => LlamaForCausalLM.FromConfig(config).Config,
            "qwen2" => Qwen2ForCausalLM.FromConfig(config).Config,
            "qwen3-moe" => Qwen3MoeForCausalLM.FromConfig(config).Config,
            "mixtral" => MixtralForCausalLM.FromConfig(config).Config,
            _ => GptOssForCausalLM.FromConfig(config).Config,
        };
        Assert.Equal((theta, eps), (read.RopeTheta, read.RmsNormEps));
        Assert.Equal(form == "gpt-oss" ? new YarnScaling(32, 4096) { Truncate = false } : null, read.RopeScaling);
    }

    [Theory]
    [InlineData("\"swiglu_alpha\": 1.5", "swiglu_alpha is not 1.702")]
    [InlineData("\"sliding_window\": null", "sliding_window is null, but some layers have a window")]
    public void Of_gpt_oss(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => GptOssForCausalLM.FromConfig(With("gpt-oss", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"attention_bias\": true", "attention_bias is true")]
    [InlineData("\"attn_output_gate\": false", "attn_output_gate is false")]
    [InlineData("\"mlp_only_layers\": [1]", "mlp_only_layers is not empty")]
    [InlineData("\"layer_types\": [\"full_attention\"]", "layer_types has 1 items for 5 layers")]
    [InlineData("\"layer_types\": [\"full_attention\", \"full_attention\", \"full_attention\", \"full_attention\", \"mamba\"]", "layer_types holds \"mamba\"")]
    [InlineData("\"layer_types\": null, \"full_attention_interval\": 0", "full_attention_interval is 0")]
    [InlineData("\"partial_rotary_factor\": 0.5", "partial_rotary_factor is said twice, and not alike: 0.25 and 0.5")]
    [InlineData("\"rope_parameters\": {\"rope_theta\": 10000, \"partial_rotary_factor\": 0.075}", "partial_rotary_factor turns 3 of the 40")]
    [InlineData("\"linear_num_value_heads\": 8", "linear_num_value_heads is 8, not a multiple of linear_num_key_heads, 3")]
    [InlineData("\"linear_conv_kernel_dim\": 0", "linear_conv_kernel_dim is 0")]
    [InlineData("\"model_type\": \"qwen3_5\"", "model_type is \"qwen3_5\", not qwen3_5_text")]
    [InlineData("\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\"")]
    public void Of_delta_nets(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen35ForCausalLM.FromConfig(With("qwen3-5", changed))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_qwen3_5_leaves_out_is_what_it_has_in_transformers()
    {
        var config = Qwen35ForCausalLM.FromConfig(With("qwen3-5", "\"rope_parameters\": null, \"layer_types\": null, \"head_dim\": null, \"num_key_value_heads\": null, \"linear_num_key_heads\": null, \"linear_num_value_heads\": null, \"linear_key_head_dim\": null, \"linear_value_head_dim\": null, \"linear_conv_kernel_dim\": null")).Config;
        Assert.Equal((10_000, 256, 4, 64), (config.Decoder.RopeTheta, config.Decoder.HeadDim, config.Decoder.NumKeyValueHeads, config.RotaryDim));
        Assert.Equal(new DeltaNetConfig { KeyHeads = 16, ValueHeads = 32, KeyDim = 128, ValueDim = 128, Kernel = 4 }, config.DeltaNet);
        Assert.Equal([3], config.FullAttentionLayers);
    }

    [Fact]
    public void A_whole_model_and_its_text_model_say_alike_whether_the_head_is_tied()
    {
        Assert.True(Qwen35ForCausalLM.FromConfig(With("qwen3-5-published", "\"tie_word_embeddings\": true")).Config.Decoder.TieWordEmbeddings);
        Assert.Contains("text_config is 3, not an object", Assert.Throws<ConfigException>(() => Qwen35ForCausalLM.FromConfig(With("qwen3-5-published", "\"text_config\": 3"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hidden_activation\": \"silu\"", "hidden_activation is \"silu\"")]
    [InlineData("\"attention_bias\": true", "attention_bias is true")]
    [InlineData("\"use_bidirectional_attention\": \"all\"", "use_bidirectional_attention is \"all\"")]
    [InlineData("\"rope_theta\": 10000", "rope_theta stands outside rope_parameters")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}", "rope_scaling stands outside rope_parameters")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 10000, \"rope_type\": \"proportional\"}}", "rope_parameters.sliding_attention is missing")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 10000}, \"sliding_attention\": {\"rope_theta\": 10000}}", "rope_parameters.full_attention.rope_type is \"default\", which turns heads of 16, but these have 24")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 10000, \"rope_type\": \"proportional\"}, \"sliding_attention\": {\"rope_theta\": 10000, \"rope_type\": \"yarn\"}}", "rope_parameters.sliding_attention.rope_type is \"yarn\"")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 10000, \"rope_type\": \"proportional\"}, \"sliding_attention\": {\"rope_theta\": 10000, \"partial_rotary_factor\": 0.5}}", "sliding_attention.partial_rotary_factor is not 1")]
    [InlineData("\"layer_types\": [\"full_attention\", \"sliding_attention\", \"full_attention\", \"sliding_attention\", \"sliding_attention\"]", "layer_types ends with sliding_attention")]
    [InlineData("\"layer_types\": [\"full_attention\", \"full_attention\", \"full_attention\", \"sliding_attention\", \"full_attention\"]", "of the kind of layer 3 no earlier one has keys")]
    [InlineData("\"layer_types\": [\"full_attention\"]", "layer_types has 1 items for 5 layers")]
    [InlineData("\"num_kv_shared_layers\": 5", "num_kv_shared_layers is 5 of 5 layers")]
    [InlineData("\"enable_moe_block\": true", "num_experts is missing")]
    [InlineData("\"final_logit_softcapping\": 0", "final_logit_softcapping is 0, not positive")]
    [InlineData("\"attention_k_eq_v\": true, \"num_global_key_value_heads\": 4", "num_attention_heads is 6, not a multiple of num_global_key_value_heads, 4")]
    [InlineData("\"per_layer_config\": {}", "global_head_dim is 24, but per_layer_config says 16")]
    [InlineData("\"per_layer_config\": {\"5\": {\"head_dim\": 24}}", "per_layer_config.5 is none of 5 layers")]
    [InlineData("\"per_layer_config\": {\"0\": {\"head_dim\": 24}}", "per_layer_config.0 has other heads, and is a layer with a window")]
    [InlineData("\"per_layer_config\": {\"2\": {\"head_dim\": 24}, \"4\": {\"head_dim\": 20}}", "per_layer_config has other heads in one full layer")]
    [InlineData("\"per_layer_config\": {\"2\": {\"head_dim\": 24, \"intermediate_size\": 3}}", "per_layer_config.2.intermediate_size is not supported")]
    [InlineData("\"per_layer_config\": {\"2\": {\"head_dim\": 24, \"num_key_value_heads\": 1}, \"4\": {\"head_dim\": 24, \"num_key_value_heads\": 1}}", "per_layer_config has other key heads in full layers")]
    [InlineData("\"model_type\": \"gemma4\"", "model_type is \"gemma4\", not gemma4_text")]
    public void Of_gemma_4(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Gemma4ForCausalLM.FromConfig(With("gemma4", changed))).Message, StringComparison.Ordinal);

    [Fact]
    public void Gemma_4_without_lists_has_every_sixth_layer_full_and_the_last()
    {
        var config = Gemma4ForCausalLM.FromConfig(With("gemma4", "\"layer_types\": null, \"rope_parameters\": null, \"num_hidden_layers\": 8, \"num_kv_shared_layers\": 0, \"global_head_dim\": null")).Config;
        Assert.Equal([5, 7], config.FullLayers);
        Assert.Equal((10_000, 1_000_000, 16), (config.Decoder.RopeTheta, config.FullRopeTheta, config.GlobalHeadDim));
        Assert.Equal(new ProportionalScaling(0.25), config.FullRopeScaling);
    }

    /// <summary>What newer transformers write.</summary>
    [Theory]
    [InlineData("gemma4", "\"global_head_dim\": null, \"per_layer_config\": {\"2\": {\"head_dim\": 24}, \"4\": {\"head_dim\": 24}}")]
    [InlineData("gemma4", "\"per_layer_config\": {\"0\": {\"head_dim\": 16, \"num_key_value_heads\": 2}, \"2\": {\"head_dim\": 24, \"num_key_value_heads\": 2}, \"4\": {\"head_dim\": 24}}")]
    [InlineData("gemma4-moe", "\"global_head_dim\": null, \"num_global_key_value_heads\": null, \"per_layer_config\": {\"1\": {\"head_dim\": 32, \"num_key_value_heads\": 2}, \"3\": {\"head_dim\": 32, \"num_key_value_heads\": 2}}")]
    public void Gemma_4_says_its_full_layers_in_two_ways(string form, string changed)
    {
        using var published = Gemma4ForCausalLM.FromConfig(PretrainedConfig.Read(Fixtures.Path(form)));
        using var saved = Gemma4ForCausalLM.FromConfig(With(form, changed));
        Assert.Equal(published.Config.GlobalHeadDim, saved.Config.GlobalHeadDim);
        Assert.Equal(published.Model.Layers.Select(static layer => (((Gemma4Attention)layer.SelfAttn).HeadDim, ((Gemma4Attention)layer.SelfAttn).KvHeads)), saved.Model.Layers.Select(static layer => (((Gemma4Attention)layer.SelfAttn).HeadDim, ((Gemma4Attention)layer.SelfAttn).KvHeads)));
    }

    [Theory]
    [InlineData("\"scoring_func\": \"sigmoid\"", "scoring_func is \"sigmoid\"")]
    [InlineData("\"topk_method\": \"greedy\"", "topk_method is \"greedy\"")]
    [InlineData("\"norm_topk_prob\": false", "norm_topk_prob is false")]
    [InlineData("\"n_shared_experts\": 2", "n_shared_experts is 2")]
    [InlineData("\"attention_bias\": true", "attention_bias is true")]
    [InlineData("\"num_key_value_heads\": 2", "num_key_value_heads is 2: this family has one key")]
    [InlineData("\"o_groups\": 4", "num_attention_heads is 6, not a multiple of o_groups, 4")]
    [InlineData("\"qk_rope_head_dim\": 22", "qk_rope_head_dim is 22 of heads of 20")]
    [InlineData("\"index_head_dim\": 6", "index_head_dim is 6, less than the 8 elements that are turned")]
    [InlineData("\"partial_rotary_factor\": 0.5", "qk_rope_head_dim is 8, but partial_rotary_factor turns 10")]
    [InlineData("\"compress_ratios\": [0, 4, 64, 4]", "compress_ratios holds 64, none of 0, 4 and 128")]
    [InlineData("\"compress_ratios\": [0, 4]", "compress_ratios has 2 items for 4 layers")]
    [InlineData("\"layer_types\": [\"sliding_attention\", \"sliding_attention\", \"sliding_attention\", \"sliding_attention\"]", "layer_types is not what compress_ratios says")]
    [InlineData("\"mlp_layer_types\": [\"moe\", \"moe\", \"moe\", \"dense\"]", "mlp_layer_types holds \"dense\"")]
    [InlineData("\"rope_scaling\": null, \"rope_parameters\": {\"main\": {\"rope_theta\": 10000, \"partial_rotary_factor\": 0.4}}", "rope_parameters.compress is missing")]
    [InlineData("\"rope_scaling\": null, \"rope_parameters\": {\"main\": {\"rope_theta\": 10000}, \"compress\": {\"rope_theta\": 10000, \"partial_rotary_factor\": 0.4}}", "rope_parameters.main.partial_rotary_factor turns 20 of the 20")]
    [InlineData("\"hc_mult\": 0", "hc_mult is 0")]
    public void Of_deepseek_v4(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => DeepseekV4ForCausalLM.FromConfig(With("deepseek-v4", changed))).Message, StringComparison.Ordinal);

    /// <summary>What transformers writes says the same in other words.</summary>
    [Fact]
    public void Deepseek_v4_says_its_layers_and_rotations_in_two_ways()
    {
        var published = DeepseekV4ForCausalLM.FromConfig(With("deepseek-v4", "\"compress_ratios\": [0, 4, 128, 4]")).Config;
        var saved = DeepseekV4ForCausalLM.FromConfig(With(
            "deepseek-v4",
            "\"compress_ratios\": null, \"num_hash_layers\": null, \"qk_rope_head_dim\": null, \"partial_rotary_factor\": 0.4, \"rope_scaling\": null, \"rope_theta\": null, " +
            "\"layer_types\": [\"sliding_attention\", \"compressed_sparse_attention\", \"heavily_compressed_attention\", \"compressed_sparse_attention\"], " +
            "\"mlp_layer_types\": [\"hash_moe\", \"hash_moe\", \"moe\", \"moe\"], \"compress_rates\": {\"compressed_sparse_attention\": 4, \"heavily_compressed_attention\": 128}, " +
            "\"rope_parameters\": {\"main\": {\"rope_type\": \"default\", \"rope_theta\": 10000, \"partial_rotary_factor\": 0.4}, \"compress\": {\"rope_type\": \"yarn\", \"rope_theta\": 160000, " +
            "\"partial_rotary_factor\": 0.4, \"factor\": 8, \"beta_fast\": 32, \"beta_slow\": 1, \"original_max_position_embeddings\": 64, \"attention_factor\": 1.0}}")).Config;
        Assert.Equal(published.Layers.AsEnumerable(), saved.Layers.AsEnumerable());
        Assert.Equal(published with { Layers = saved.Layers }, saved);
    }

    [Theory]
    [InlineData("\"use_bias\": true", "use_bias is true")]
    [InlineData("\"mlp_hidden_act\": \"silu\"", "mlp_hidden_act is \"silu\"")]
    [InlineData("\"n_group\": 2", "n_group is not 1")]
    [InlineData("\"n_shared_experts\": 2", "n_shared_experts is not 1")]
    [InlineData("\"norm_eps\": 1e-6", "norm_eps is not layer_norm_epsilon")]
    [InlineData("\"sliding_window\": 8", "sliding_window is not null")]
    [InlineData("\"residual_in_fp32\": true", "residual_in_fp32 is true")]
    [InlineData("\"hybrid_override_pattern\": \"MEMXE\"", "hybrid_override_pattern holds \"X\"")]
    [InlineData("\"hybrid_override_pattern\": \"MEM*\"", "num_hidden_layers is 5, but the pattern has 4 layers")]
    [InlineData("\"layers_block_type\": [\"mamba\", \"moe\", \"mamba\", \"attention\", \"mlp\"]", "hybrid_override_pattern is not what the list of layers says")]
    [InlineData("\"hybrid_override_pattern\": null", "hybrid_override_pattern is missing")]
    [InlineData("\"hybrid_override_pattern\": null, \"layers_block_type\": [\"mamba\", \"moe\", \"mamba\", \"attention\", \"mlp\"], \"layer_types\": [\"mamba\", \"moe\", \"attention\", \"mamba\", \"mlp\"]", "layer_types is not what layers_block_type says")]
    [InlineData("\"num_local_experts\": 3", "num_local_experts is not n_routed_experts")]
    [InlineData("\"time_step_limit\": [{\"__float__\": \"Infinity\"}, {\"__float__\": \"Infinity\"}]", "time_step_limit says")]
    [InlineData("\"time_step_limit\": [0.0, {\"__float__\": \"NaN\"}]", "not a list of numbers")]
    [InlineData("\"mamba_n_groups\": 4", "mamba_num_heads is 6, not a multiple of n_groups, 4")]
    [InlineData("\"time_step_limit\": [0.001, 0.1]", "time_step_limit says that a step has a shortest or a longest time")]
    public void Of_patterns_of_layers(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => NemotronHForCausalLM.FromConfig(With("nemotron-h", changed))).Message, StringComparison.Ordinal);

    /// <summary>Nemotron 3 Super is published with the word that Python writes, which JSON has not.</summary>
    [Fact]
    public void An_infinite_limit_is_read_as_python_writes_it()
    {
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        File.Copy(Fixtures.Path("nemotron-h", "model.safetensors"), Path.Combine(folder.FullName, "model.safetensors"));
        var json = File.ReadAllText(Fixtures.Path("nemotron-h", "config.json"));
        Write("[0.0, Infinity], \"note\": \"up to \\\"Infinity\"");
        using (AutoModel.FromPretrained<NemotronHForCausalLM>(folder.FullName)) Write("[-Infinity, Infinity]");
        using (AutoModel.FromPretrained<NemotronHForCausalLM>(folder.FullName)) Write("[0.0, {\"__float__\": \"Infinity\"}]");
        using (AutoModel.FromPretrained<NemotronHForCausalLM>(folder.FullName)) Write("[Infinity, Infinity]");
        Assert.Contains("time_step_limit says", Assert.Throws<ConfigException>(() => AutoModel.FromPretrained<NemotronHForCausalLM>(folder.FullName)).Message, StringComparison.Ordinal);
        Write("[0.0, Infinite]");
        Assert.Contains("it is not JSON", Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained<NemotronHForCausalLM>(folder.FullName)).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);

        void Write(string limit) => File.WriteAllText(Path.Combine(folder.FullName, "config.json"), json.Replace("\"vocab_size\"", $"\"time_step_limit\": {limit}, \"vocab_size\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_of_names_stands_for_a_pattern() =>
        Assert.Equal("ME-*", NemotronHForCausalLM.FromConfig(With("nemotron-h", "\"num_hidden_layers\": null, \"hybrid_override_pattern\": null, \"layers_block_type\": [\"mamba\", \"moe\", \"mlp\", \"full_attention\"]")).Config.Pattern);

    private PretrainedConfig With(string form, string changed)
    {
        var json = JsonNode.Parse(File.ReadAllText(Fixtures.Path(form, "config.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse($"{{{changed}}}")!.AsObject()) json[key] = value?.DeepClone();
        File.WriteAllText(_file, json.ToJsonString());
        return PretrainedConfig.Read(_file);
    }
}
