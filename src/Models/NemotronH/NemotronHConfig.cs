using Lanyard.Models.Layers;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// The configuration of a Nemotron-H model. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_nemotron_h.py</c>, <c>NemotronHConfig</c>.
/// </summary>
public sealed record NemotronHConfig
{
    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The kind of each layer: M for Mamba-2, * for attention, E for a mixture of experts, - for a feed-forward block.</summary>
    public required string Pattern { get; init; }

    /// <summary>The inner width of feed-forward blocks.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The attention, which does not turn its queries and keys.</summary>
    public required AttentionConfig Attention { get; init; }

    /// <summary>The sizes of Mamba-2.</summary>
    public required MambaConfig Mamba { get; init; }

    /// <summary>The sizes of mixtures.</summary>
    public required NemotronHMoeConfig Mixture { get; init; }

    /// <summary>What is added to the mean square before its root is taken, in every norm.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Whether the output projection is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate() => ConfigException.ThrowIfAny(nameof(NemotronHConfig), Constraints());

    internal static NemotronHConfig Read(ConfigReader text)
    {
        if (text.Text("model_type", "nemotron_h") is var type and not "nemotron_h") text.Fail("model_type", $"is \"{type}\", not nemotron_h");
        Refuse(text);
        var heads = text.Int("num_attention_heads", 32);
        var config = new NemotronHConfig
        {
            VocabSize = text.RequiredInt("vocab_size"),
            HiddenSize = text.RequiredInt("hidden_size"),
            Pattern = ReadPattern(text),
            IntermediateSize = text.Int("intermediate_size", 21504),
            Attention = new AttentionConfig
            {
                Hidden = text.RequiredInt("hidden_size"),
                Heads = heads,
                KvHeads = text.IsNull("num_key_value_heads") ? heads : text.Int("num_key_value_heads", 8),
                HeadDim = text.Int("head_dim", 128),
            },
            Mamba = new MambaConfig
            {
                Heads = text.Int("mamba_num_heads", 128),
                HeadDim = text.Int("mamba_head_dim", 64),

                // Where a file has the older name, too, it counts.
                Groups = text.Int("mamba_n_groups", text.Int("n_groups", 8)),
                State = text.Int("ssm_state_size", 128),
                Kernel = text.Int("mamba_d_conv", text.Int("conv_kernel", 4)),
                HasConvBias = text.Flag("mamba_conv_bias", text.Flag("use_conv_bias", true)),
            },
            Mixture = new NemotronHMoeConfig
            {
                Experts = text.Int("n_routed_experts", 8),
                Choices = text.Int("num_experts_per_tok", 2),
                Intermediate = text.Int("moe_intermediate_size", 7688),
                SharedIntermediate = text.Int("moe_shared_expert_intermediate_size", 7688),
                Latent = text.Has("moe_latent_size") ? text.Int("moe_latent_size", 1) : null,
                NormTopkProb = text.Flag("norm_topk_prob", true),
                RoutedScalingFactor = text.Number("routed_scaling_factor", 1),
            },
            NormEps = text.Number("layer_norm_epsilon", 1e-5),
            TieWordEmbeddings = text.Flag("tie_word_embeddings", false),
        };
        text.FailAny(config.Constraints());
        return config;
    }

    /// <summary>Refuses what this model would silently compute otherwise.</summary>
    private static void Refuse(ConfigReader text)
    {
        foreach (var key in new[] { "use_bias", "mamba_proj_bias", "mlp_bias", "attention_bias" })
        {
            if (text.Flag(key, false)) text.Fail(key, "is true: such biases are not supported");
        }
        if (text.Text("mlp_hidden_act", "relu2") is var inner and not "relu2") text.Fail("mlp_hidden_act", $"is \"{inner}\": only relu2 is supported");
        if (text.Text("mamba_hidden_act", "silu") is var outer and not "silu") text.Fail("mamba_hidden_act", $"is \"{outer}\": only silu is supported");
        if (text.Flag("residual_in_fp32", false)) text.Fail("residual_in_fp32", "is true: a residual stream of another type is not supported");
        if (text.Has("sliding_window")) text.Fail("sliding_window", "is not null: windows are not supported");
        if (text.Int("n_group", 1) != 1) text.Fail("n_group", "is not 1: groups of experts are not supported");
        if (text.Int("topk_group", 1) != 1) text.Fail("topk_group", "is not 1: groups of experts are not supported");
        if (text.Int("n_shared_experts", 1) != 1) text.Fail("n_shared_experts", "is not 1: no or several shared experts are not supported");

        // Names that other programs read in the place of those that transformers reads.
        foreach (var (other, key, absent) in new[] { ("num_local_experts", "n_routed_experts", 8.0), ("norm_eps", "layer_norm_epsilon", 1e-5), ("rms_norm_eps", "layer_norm_epsilon", 1e-5), ("attention_head_dim", "head_dim", 128.0) })
        {
            if (text.Has(other) && text.Number(other, absent) != text.Number(key, absent)) text.Fail(other, $"is not {key}, which is read");
        }
        foreach (var key in new[] { "time_step_limit", "mamba_dt_limit" })
        {
            if (text.Limits(key) is { } limits && (limits.Length != 2 || limits[0] > 0 || !double.IsPositiveInfinity(limits[1]))) text.Fail(key, "says that a step has a shortest or a longest time: only times from 0 to infinity are supported");
        }
    }

    /// <summary>The pattern, or the list of names that newer files have in its place.</summary>
    private static string ReadPattern(ConfigReader text)
    {
        var (listed, other) = (ReadList(text, "layers_block_type"), ReadList(text, "layer_types"));
        if (listed is not null && other is not null && listed != other) text.Fail("layer_types", "is not what layers_block_type says");
        listed ??= other;
        var pattern = text.Text("hybrid_override_pattern", listed ?? "");
        if (pattern.Length == 0 && !text.Failed("hybrid_override_pattern")) text.Fail("hybrid_override_pattern", "is missing, as is layers_block_type, which would stand for it");
        if (listed is not null && listed != pattern) text.Fail("hybrid_override_pattern", "is not what the list of layers says");
        if (text.Has("num_hidden_layers") && text.Int("num_hidden_layers", 0) != pattern.Length) text.Fail("num_hidden_layers", $"is {text.Int("num_hidden_layers", 0)}, but the pattern has {pattern.Length} layers");
        return pattern;
    }

    private static string? ReadList(ConfigReader text, string key) => text.Texts(key) is not { } names ? null : string.Concat(names.Select(name => name switch
    {
        "mamba" or "linear_attention" => 'M',
        "attention" or "full_attention" => '*',
        "moe" => 'E',
        "mlp" => '-',
        _ => '?',
    }));

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    private IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        (string Key, double Value)[] positive =
        [
            ("vocab_size", VocabSize), ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize), ("num_attention_heads", Attention.Heads), ("num_key_value_heads", Attention.KvHeads),
            ("head_dim", Attention.HeadDim), ("mamba_num_heads", Mamba.Heads), ("mamba_head_dim", Mamba.HeadDim), ("n_groups", Mamba.Groups), ("ssm_state_size", Mamba.State), ("conv_kernel", Mamba.Kernel),
            ("n_routed_experts", Mixture.Experts), ("num_experts_per_tok", Mixture.Choices), ("moe_intermediate_size", Mixture.Intermediate),
            ("moe_shared_expert_intermediate_size", Mixture.SharedIntermediate), ("moe_latent_size", Mixture.Latent ?? 1), ("layer_norm_epsilon", NormEps),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (Pattern.Length > ConfigReader.MaxLayers) yield return (["hybrid_override_pattern"], $"has {Pattern.Length} layers, more than {ConfigReader.MaxLayers}");
        if (Pattern.FirstOrDefault(static kind => kind is not ('M' or '*' or 'E' or '-')) is var other and not '\0') yield return (["hybrid_override_pattern", "layers_block_type"], $"holds \"{other}\": layers are M, *, E or -");
        if (Attention.HeadDim % 2 != 0) yield return (["head_dim"], $"is {Attention.HeadDim}: only an even number is supported");
        if (Attention.KvHeads > 0 && Attention.Heads % Attention.KvHeads != 0) yield return (["num_attention_heads", "num_key_value_heads"], $"is {Attention.Heads}, not a multiple of num_key_value_heads, {Attention.KvHeads}");
        if (Mamba.Groups > 0 && Mamba.Heads % Mamba.Groups != 0) yield return (["mamba_num_heads", "n_groups"], $"is {Mamba.Heads}, not a multiple of n_groups, {Mamba.Groups}");
        if (Mixture.Choices > Mixture.Experts) yield return (["num_experts_per_tok"], $"is {Mixture.Choices}, more than the {Mixture.Experts} experts");
    }
}
