using System.Text.RegularExpressions;

namespace Lanyard.Models.Tests.Families;

/// <summary>What classes ignore by declaration in published files: images, sounds, the prediction of several tokens, the scales of inputs, frequencies that are computed, what no layer uses.</summary>
internal static partial class LeftAlone
{
    /// <summary>Whether a tensor of a file is ignored.</summary>
    /// <param name="form">The file, or the list of its tensors.</param>
    /// <param name="name">The tensor.</param>
    public static bool Contains(string form, string name) => Others().IsMatch(name) || form switch
    {
        "gemma4-published" => SharedKeys().Match(name) is { Success: true } match && int.Parse(match.Groups[1].Value) >= 3,
        "gemma-4-e2b-it" => SharedKeys().Match(name) is { Success: true } match && int.Parse(match.Groups[1].Value) >= 15,
        "deepseek-v3" or "deepseek-v3.2" => name.StartsWith("model.layers.61.", StringComparison.Ordinal),
        "glm-moe-dsa" or "deepseek-v3-fp8" => name.StartsWith("model.layers.3.", StringComparison.Ordinal),
        "glm-moe-dsa-shared" => name.StartsWith("model.layers.6.", StringComparison.Ordinal),
        "glm-5.2" or "glm-5.2-fp8" => name.StartsWith("model.layers.78.", StringComparison.Ordinal),
        "kimi-k2.5" => !name.StartsWith("language_model.", StringComparison.Ordinal) || name.EndsWith(".weight_shape", StringComparison.Ordinal),
        _ => false,
    };

    [GeneratedRegex(@"^(mtp\.|model\.(visual|vision_tower|embed_vision|audio_tower|embed_audio)\.)|\.(input|[kv])_scale$|\.rotary_emb\.inv_freq$")]
    private static partial Regex Others();

    [GeneratedRegex(@"^model\.language_model\.layers\.(\d+)\.self_attn\.(k_proj|v_proj|k_norm)\.")]
    private static partial Regex SharedKeys();
}
