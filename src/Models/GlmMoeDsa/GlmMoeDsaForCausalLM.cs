using Lanyard.Models.Layers;

namespace Lanyard.Models.GlmMoeDsa;

/// <summary>
/// GLM-5: latent attention to the keys that an indexer chooses, in some layers anew, in others as the last one did; mixtures of experts. Layers of the files that predict further
/// tokens are left alone. Source: transformers, <c>modeling_glm_moe_dsa.py</c>, <c>GlmMoeDsaForCausalLM</c>.
/// </summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(LatentAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp), typeof(GroupedMoe))]
[ConformsTo("glm-5.2.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("glm-5.2-fp8.tensors.json", "tp2", "tp4 ep8")]
public sealed class GlmMoeDsaForCausalLM(LatentConfig config)
    : DecoderForCausalLM(nameof(GlmMoeDsaForCausalLM), config.Checked().Mixture.Decoder, LatentLayers.Of(config), config.Ahead), IModelFamily<GlmMoeDsaForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["glm_moe_dsa"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(GlmMoeDsaForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static GlmMoeDsaForCausalLM FromConfig(PretrainedConfig config) =>
        new(ConfigReader.Read(config.Json, config.Source, text => LatentConfig.Read(text, "glm_moe_dsa", LatentDefaults.GlmMoeDsa, static (reader, layers) =>
        {
            if (!reader.Flag("indexer_rope_interleave", true)) reader.Fail("indexer_rope_interleave", "is false: only turned neighbours are supported");

            // Whether GLM-5 corrects its scores by it depends on the version of transformers, and no release has it.
            foreach (var rope in new[] { reader.Object("rope_scaling"), reader.Object("rope_parameters") }.OfType<ConfigReader>())
            {
                if (rope.Number("mscale_all_dim", 0) != 0) rope.Fail("mscale_all_dim", "is not 0: a correction of the scores is not supported");
            }
            return IndexerConfig.Read(reader, layers, turnsNeighbours: true);
        })));
}
