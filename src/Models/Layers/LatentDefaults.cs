namespace Lanyard.Models.Layers;

/// <summary>What a family of latent attention has in transformers where a configuration says nothing.</summary>
/// <param name="QLoraRank">The width of the latent vector of queries.</param>
/// <param name="NGroup">How many groups the experts lie in.</param>
/// <param name="TopkGroup">How many groups a token visits.</param>
/// <param name="RmsNormEps">What norms add.</param>
internal sealed record LatentDefaults(int QLoraRank, int NGroup, int TopkGroup, double RmsNormEps)
{
    /// <summary>Source: transformers, <c>configuration_deepseek_v3.py</c>.</summary>
    public static LatentDefaults DeepseekV3 { get; } = new(1536, 8, 4, 1e-6);

    /// <summary>Source: transformers, <c>configuration_glm_moe_dsa.py</c>.</summary>
    public static LatentDefaults GlmMoeDsa { get; } = new(2048, 1, 1, 1e-5);
}
