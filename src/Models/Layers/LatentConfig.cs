namespace Lanyard.Models.Layers;

/// <summary>
/// The configuration of a text model whose attention keeps one latent vector for keys and values, with mixtures of experts. The names are those of <c>config.json</c>;
/// the meaning is that of transformers, <c>configuration_deepseek_v3.py</c>, <c>DeepseekV3Config</c>.
/// </summary>
public sealed record LatentConfig
{
    /// <summary>What it says of layers and mixtures. The width of a head is that of the part which is turned, <c>qk_rope_head_dim</c>.</summary>
    public required MixtureConfig Mixture { get; init; }

    /// <summary>The width of the latent vector of queries; null where they have none.</summary>
    public int? QLoraRank { get; init; }

    /// <summary>The width of the latent vector of keys and values.</summary>
    public required int KvLoraRank { get; init; }

    /// <summary>The width of the part of a query or key that is not turned.</summary>
    public required int QkNopeHeadDim { get; init; }

    /// <summary>The width of a value.</summary>
    public required int VHeadDim { get; init; }

    /// <summary>How many groups the experts lie in.</summary>
    public int NGroup { get; init; } = 1;

    /// <summary>How many groups a token visits.</summary>
    public int TopkGroup { get; init; } = 1;

    /// <summary>How many experts' width every token visits besides.</summary>
    public int NSharedExperts { get; init; }

    /// <summary>What the weights of a token's experts are multiplied with.</summary>
    public double RoutedScalingFactor { get; init; } = 1;

    /// <summary>How many layers of the files predict further tokens; they are left alone.</summary>
    public int NumNextnPredictLayers { get; init; }

    /// <summary>What chooses the keys that a query sees; null where it sees all of them.</summary>
    public IndexerConfig? Indexer { get; init; }

    /// <summary>The width of the part of a query or key that is turned.</summary>
    public int QkRopeHeadDim => Mixture.Decoder.HeadDim;

    /// <summary>The numbers of the layers that predict further tokens.</summary>
    internal IReadOnlyList<int> Ahead => [.. Enumerable.Range(Mixture.Decoder.NumHiddenLayers, Math.Max(0, NumNextnPredictLayers))];

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate()
    {
        Mixture.Validate();
        ConfigException.ThrowIfAny(nameof(LatentConfig), Constraints());
    }

    /// <summary>The same, checked.</summary>
    internal LatentConfig Checked()
    {
        Validate();
        return this;
    }

    /// <summary>Reads what families of latent attention have in common.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="modelType">The family.</param>
    /// <param name="absent">What the family has in transformers where the file says nothing.</param>
    /// <param name="indexer">Reads what chooses the keys; null in families that see all of them.</param>
    internal static LatentConfig Read(ConfigReader text, string modelType, LatentDefaults absent, Func<ConfigReader, int, IndexerConfig>? indexer = null)
    {
        foreach (var (key, supported) in new[] { ("scoring_func", "sigmoid"), ("topk_method", "noaux_tc") })
        {
            if (text.Text(key, supported) is var said && said != supported) text.Fail(key, $"is \"{said}\": only {supported} is supported");
        }
        if (text.Int("moe_layer_freq", 1) != 1) text.Fail("moe_layer_freq", "is not 1: layers without a mixture between those with one are not supported");
        if (!text.Flag("rope_interleave", true)) text.Fail("rope_interleave", "is false: attention that turns the halves of a head is not supported");
        if (text.Flag("attention_bias", false)) text.Fail("attention_bias", "is true: biases of latent attention are not supported");
        var decoder = DecoderConfig.Read(text, modelType, hasWindows: indexer is not null, eps: absent.RmsNormEps, turned: text.RequiredInt("qk_rope_head_dim"));
        if (text.Texts("layer_types")?.FirstOrDefault(type => type is not ("full_attention" or "deepseek_sparse_attention" or "indexed_attention")) is { } other) text.Fail("layer_types", $"holds \"{other}\": only the attention of the family is supported");
        var nope = text.RequiredInt("qk_nope_head_dim");
        if (text.Int("qk_head_dim", nope + decoder.HeadDim) is var width && width != nope + decoder.HeadDim) text.Fail("qk_head_dim", $"is {width}, not the sum of qk_nope_head_dim and qk_rope_head_dim, {nope + decoder.HeadDim}");
        if (decoder.NumKeyValueHeads != decoder.NumAttentionHeads) text.Fail("num_key_value_heads", $"is {decoder.NumKeyValueHeads}, not num_attention_heads, {decoder.NumAttentionHeads}: each query head has its own keys in latent attention");
        var config = new LatentConfig
        {
            Mixture = new MixtureConfig
            {
                Decoder = decoder,
                NumExperts = text.RequiredInt("n_routed_experts"),
                NumExpertsPerTok = text.Int("num_experts_per_tok", 8),
                MoeIntermediateSize = text.RequiredInt("moe_intermediate_size"),
                NormTopkProb = text.Flag("norm_topk_prob", true),
                DenseLayers = Dense(text, decoder.NumHiddenLayers),
            }.CheckedIn(text),
            QLoraRank = text.IsNull("q_lora_rank") ? null : text.Int("q_lora_rank", absent.QLoraRank),
            KvLoraRank = text.RequiredInt("kv_lora_rank"),
            QkNopeHeadDim = nope,
            VHeadDim = text.RequiredInt("v_head_dim"),
            NGroup = text.Int("n_group", absent.NGroup),
            TopkGroup = text.Int("topk_group", absent.TopkGroup),
            NSharedExperts = text.IsNull("n_shared_experts") ? 0 : text.Int("n_shared_experts", 1),
            RoutedScalingFactor = text.Number("routed_scaling_factor", 2.5),
            NumNextnPredictLayers = text.Int("num_nextn_predict_layers", 0),
            Indexer = indexer?.Invoke(text, decoder.NumHiddenLayers),
        };
        text.FailAny(config.Constraints());
        return config;
    }

    private static int[] Dense(ConfigReader text, int layers)
    {
        layers = Math.Clamp(layers, 0, ConfigReader.MaxLayers);
        if (text.Texts("mlp_layer_types") is not { } types) return [.. Enumerable.Range(0, Math.Clamp(text.Int("first_k_dense_replace", 3), 0, layers))];
        if (types.FirstOrDefault(type => type is not ("dense" or "sparse")) is { } other) text.Fail("mlp_layer_types", $"holds \"{other}\": only dense and sparse are supported");
        if (types.Length != layers) text.Fail("mlp_layer_types", $"has {types.Length} entries for {layers} layers");
        return [.. types.Index().Where(type => type.Item == "dense").Select(type => type.Index)];
    }

    private IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        foreach (var (key, value) in new[] { ("q_lora_rank", QLoraRank ?? 1), ("kv_lora_rank", KvLoraRank), ("qk_nope_head_dim", QkNopeHeadDim), ("v_head_dim", VHeadDim), ("n_group", NGroup), ("topk_group", TopkGroup) })
        {
            if (value <= 0) yield return ([key], $"is {value}, not positive");
        }
        if (NumNextnPredictLayers is < 0 or > ConfigReader.MaxLayers) yield return (["num_nextn_predict_layers"], $"is {NumNextnPredictLayers}, not between 0 and {ConfigReader.MaxLayers}");
        if (NSharedExperts < 0) yield return (["n_shared_experts"], $"is {NSharedExperts}, negative");
        if (NGroup > 0 && (Mixture.NumExperts % NGroup != 0 || Mixture.NumExperts / NGroup < 2)) yield return (["n_group", "n_routed_experts"], $"is {NGroup}: {Mixture.NumExperts} experts do not make so many equal groups of two or more");
        if (TopkGroup > NGroup) yield return (["topk_group", "n_group"], $"is {TopkGroup}, more than the {NGroup} groups");
        if (NGroup > 0 && TopkGroup > 0 && Mixture.NumExpertsPerTok > (long)Mixture.NumExperts / NGroup * TopkGroup) yield return (["num_experts_per_tok", "topk_group", "n_group"], $"is {Mixture.NumExpertsPerTok}, more than the experts of {TopkGroup} groups");
        if (Indexer is not null && QLoraRank is null) yield return (["q_lora_rank"], "is missing: an indexer reads the latent vector of queries");
        foreach (var problem in Indexer?.Constraints(QkRopeHeadDim) ?? []) yield return problem;
    }
}
