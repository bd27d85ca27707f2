using Lanyard.Models.Layers;
using static TorchSharp.torch;

namespace Lanyard.Models.DeepseekV3;

/// <summary>The text model of Kimi K2.5: DeepSeek-V3 below <c>language_model.</c>; the vision parts of the files are left alone.</summary>
[ParameterModule]
[Ignore("vision_tower.**", Optional = true)]
[Ignore("mm_projector.**", Optional = true)]
[ConformsTo("kimi-k2.5.tensors.json", "tp2", "tp4 ep8")]
public sealed partial class KimiK25ForCausalLM : CausalLM, IModelFamily<KimiK25ForCausalLM>
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="config">The configuration of the text model.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public KimiK25ForCausalLM(LatentConfig config)
        : base(nameof(KimiK25ForCausalLM))
    {
        LanguageModel = new DeepseekV3ForCausalLM(config);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["kimi_k25"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => ["KimiK25ForConditionalGeneration"];

    /// <summary>The text model.</summary>
    public DeepseekV3ForCausalLM LanguageModel { get; }

    /// <inheritdoc/>
    public override int BlockCount => LanguageModel.BlockCount;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static KimiK25ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, static text =>
    {
        if (text.Text("model_type", "kimi_k25") is var type and not "kimi_k25") text.Fail("model_type", $"is \"{type}\", not kimi_k25");
        if (text.Object("text_config") is not { } inner)
        {
            text.Fail("text_config", "is missing: the text model stands there");
            return null;
        }

        // transformers writes the second.
        var config = LatentConfig.Read(inner, inner.Text("model_type", "") == "deepseek_v3" ? "deepseek_v3" : "kimi_k2", LatentDefaults.DeepseekV3);
        var tied = config.Mixture.Decoder.TieWordEmbeddings;
        if (text.Flag("tie_word_embeddings", tied) != tied) text.Fail("tie_word_embeddings", "is not what text_config says: which of them is meant?");
        return config;
    }));

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => LanguageModel.Model.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => LanguageModel.LmHead?.call(hidden) ?? LanguageModel.Model.EmbedTokens.Logits(hidden);
}
